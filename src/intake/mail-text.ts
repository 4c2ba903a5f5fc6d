/** What was cut from an e-mail, shortened. */
interface Removed {
  kind: 'quote' | 'signature';
  text: string;
}

const keptChars = 300;

/** `On 3 March 2026, Anna wrote:` and its kin, on one line or broken over two. */
const introductions = [
  /^\s*(?:On|Am|Le)\b.{6,200}\b(?:wrote|writes|schrieb|a écrit)\b[^\n]{0,80}:\s*$/i,
  /^\s*(?:在|于)?.{0,120}(?:写道|寫道|来信说)\s*[:：]\s*$/,
  /^\s*\S.{0,80}<[^<>\s]+@[^<>\s]+>\s*(?:于|在)?.{0,60}(?:写道|寫道)?\s*[:：]\s*$/,
];

/** Lines after which everything is the earlier message. */
const cuts = [
  /^\s*-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|原始邮件|原邮件|原始郵件|回复的原邮件)\s*-{2,}/i,
  /^_{20,}\s*$/,
  /^\s*(?:##-\s*)?(?:please type your reply above this line|请在此行以上回复)/i,
];

const headerLine =
  /^\s*>?\s*\*?(?:From|Sent|To|Cc|Date|Subject|发件人|发送时间|发送日期|收件人|抄送|主题|日期|寄件者|收件者|主旨)\*?\s*[:：]/i;
const signatureLine = /^-- ?$/;
const deviceLine =
  /^\s*(?:Sent from my \S.{0,40}|Get Outlook for \S+.{0,40}|发自我的.{0,20}|发自.{0,10}(?:手机|邮箱|iPhone).{0,20}|從我的.{0,20}傳送)\s*$/i;
const forwarded = /^\s*-{2,}\s*(?:Forwarded message|转发邮件|Begin forwarded message)/i;

/**
 * Cuts an e-mail down to what its writer wrote: quoted history, the line that introduces it, and the signature go.
 * Answers between quoted lines stay. A forwarded message is content, not history. When nothing of one's own is left,
 * the text stays as it is.
 */
export function stripMail(text: string): { text: string; removed: Removed[] } {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const own: string[] = [];
  const quoted: string[] = [];
  const signature: string[] = [];
  let at = 0;
  let inSignature = false;
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    if (forwarded.test(line)) {
      own.push(...lines.slice(at));
      break;
    }
    if (cutsHere(lines, at)) {
      quoted.push(...lines.slice(at));
      break;
    }
    const introduction = introductionAt(lines, at);
    if (introduction > 0) {
      const rest = lines.slice(at + introduction);
      // Clients that do not mark quoted lines put the whole history below this line.
      const marked =
        rest
          .find((other) => other.trim() !== '')
          ?.trimStart()
          .startsWith('>') ?? false;
      quoted.push(...lines.slice(at, marked ? at + introduction : undefined));
      if (!marked) break;
      at += introduction - 1;
      inSignature = false;
    } else if (/^\s*>/.test(line)) {
      quoted.push(line);
      inSignature = false;
    } else if (inSignature || signatureLine.test(line)) {
      inSignature = true;
      signature.push(line);
    } else if (deviceLine.test(line)) signature.push(line);
    else own.push(line);
  }
  const kept = own
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  if (kept === '') return { text: text.trim(), removed: [] };
  return { text: kept, removed: [...shorten('quote', quoted), ...shorten('signature', signature)] };
}

function shorten(kind: Removed['kind'], lines: readonly string[]): Removed[] {
  const text = lines.join('\n').trim();
  if (text === '') return [];
  return [{ kind, text: text.length > keptChars ? text.slice(0, keptChars) + '…' : text }];
}

function introductionAt(lines: readonly string[], at: number): number {
  const line = lines[at]!;
  if (introductions.some((pattern) => pattern.test(line))) return 1;
  const next = lines[at + 1];
  const joined = next === undefined ? '' : `${line.trimEnd()} ${next.trim()}`;
  return /^\s*(?:On\b|Am\b|Le\b|在)/.test(line) &&
    joined.length < 300 &&
    introductions.slice(0, 2).some((pattern) => pattern.test(joined))
    ? 2
    : 0;
}

/** A separator, or a block of three mail headers as Outlook writes it. */
function cutsHere(lines: readonly string[], at: number): boolean {
  const line = lines[at]!;
  if (cuts.some((pattern) => pattern.test(line))) return /^_/.test(line) ? headerBlock(lines, at + 1) : true;
  return headerLine.test(line) && headerBlock(lines, at);
}

function headerBlock(lines: readonly string[], at: number): boolean {
  const block = lines.slice(at, at + 6).filter((line) => line.trim() !== '');
  return block.slice(0, 5).filter((line) => headerLine.test(line)).length >= 3;
}
