import chardet from 'chardet';
import { EarwitnessError } from '../session/index.ts';
import { notice, placeOf } from './problems.ts';
import type { Problem } from '../session/index.ts';
import type { InputFile } from './types.ts';

/** A text encoding as TextDecoder names it, and whether the file said so or it had to be guessed. */
export interface Encoding {
  name: string;
  guessed: boolean;
}

/**
 * Characters that make up roughly half of everyday Chinese, simplified and traditional, with the words of customer
 * service. Bytes read in the wrong Chinese encoding give rare characters instead, so their share tells right from wrong
 * on texts far too short for letter statistics.
 */
const everyday = new Set(
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔您请谢客服坐席工单订单快递退款换货保修坏损破维修加急配送费时钟到账号码姓名电话邮件回复内容角色会话队列语言开始文件主题状态优先级抱歉感喂吗呢吧啊嗯这會個們來為國說時後過裡種經麼學現當沒動還進樣實軍無與長機將兩間問關點業體見產話給員論處氣題別變總電數報結務場計資統區隊決馬書聽則達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運筆請謝單訂遞換貨壞損維費鐘賬號碼郵復會話隊狀態優級',
);

const boms: [Uint8Array, string][] = [
  [Uint8Array.of(0xef, 0xbb, 0xbf), 'utf-8'],
  [Uint8Array.of(0xff, 0xfe), 'utf-16le'],
  [Uint8Array.of(0xfe, 0xff), 'utf-16be'],
];

/** The encoding that a byte-order mark states, null without one. */
function statedEncoding(head: Uint8Array): string | null {
  return boms.find(([bom]) => bom.every((byte, i) => head[i] === byte))?.[1] ?? null;
}

/** UTF-16 without a mark shows as zero bytes on one side of nearly every pair (ASCII letters, separators). */
function looksUtf16(head: Uint8Array): string | null {
  const pairs = Math.floor(Math.min(head.length, 4096) / 2);
  if (pairs < 2) return null;
  let high = 0;
  let low = 0;
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) high++;
    if (head[2 * i + 1] === 0) low++;
  }
  if (low > pairs * 0.1 && high === 0) return 'utf-16le';
  if (high > pairs * 0.1 && low === 0) return 'utf-16be';
  return null;
}

/**
 * True when the bytes are text in this encoding to the last one. `cut`: they may end within a character.
 */
function decodes(bytes: Uint8Array, encoding: string, cut: boolean): string | null {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: cut });
    // Control characters, private use and non-characters show binary data, or text in another encoding.
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u0080-\u009f\ue000-\uf8ff\ufffe\uffff]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** Share of everyday characters among the Chinese ones, 0 when there are none. */
function everydayShare(text: string): number {
  const han = text.match(/\p{Script=Han}/gu) ?? [];
  const strange = text.match(/[\p{Co}\p{Script=Katakana}\p{Script=Bopomofo}\u2500-\u25ff]/gu)?.length ?? 0;
  if (han.length === 0) return 0;
  return han.filter((character) => everyday.has(character)).length / (han.length + strange);
}

const others = ['Shift_JIS', 'EUC-JP', 'EUC-KR', 'windows-1251', 'KOI8-R', 'windows-1252', 'ISO-8859-1', 'ISO-8859-2'];

/**
 * The encoding of a piece of text without byte-order mark that is not UTF-8; null when it is no text at all.
 * Every candidate must decode without a fault; among those the share of everyday Chinese characters decides between
 * GB18030 and Big5, and chardet's statistics between the rest.
 */
function guessLegacy(sample: Uint8Array, cut: boolean): string | null {
  const ranked = chardet.analyse(sample);
  const confidence = (name: string) => (ranked.find((match) => match.name === name)?.confidence ?? 0) / 100;
  let best: { name: string; score: number } | null = null;
  for (const name of ['gb18030', 'big5']) {
    const text = decodes(sample, name, cut);
    if (text === null) continue;
    const score = everydayShare(text) + 0.5 * confidence(name === 'big5' ? 'Big5' : 'GB18030');
    if (!best || score > best.score) best = { name, score };
  }
  if (best && best.score >= 0.35) return best.name;
  for (const match of ranked)
    if (match.confidence >= 30 && others.includes(match.name) && decodes(sample, match.name, cut) !== null)
      return match.name.toLowerCase();
  return best?.name ?? null;
}

/** The encoding of a short piece of bytes (a file's head, a name in a zip); null when it is no text. */
export function guessEncoding(bytes: Uint8Array, cut: boolean): Encoding | null {
  const stated = statedEncoding(bytes);
  if (stated) return decodes(bytes, stated, cut) === null ? null : { name: stated, guessed: false };
  const wide = looksUtf16(bytes);
  if (wide) return decodes(bytes, wide, cut) === null ? null : { name: wide, guessed: true };
  if (decodes(bytes, 'utf-8', cut) !== null) return { name: 'utf-8', guessed: false };
  if (bytes.includes(0)) return null;
  const legacy = guessLegacy(bytes, cut);
  return legacy === null ? null : { name: legacy, guessed: true };
}

/** Bytes → text in one go, for heads and names; null when they are no text. */
export function decodeHead(bytes: Uint8Array, cut: boolean): string | null {
  const encoding = guessEncoding(bytes, cut);
  return encoding && new TextDecoder(encoding.name).decode(bytes, { stream: cut });
}

/** A plain loop: this looks at every byte of large files. */
function firstNonAscii(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return i;
  return -1;
}

const sampleBytes = 256 * 1024;

/**
 * Finds the encoding by reading the file once: UTF-8 is held to its last byte; otherwise a sample from the first
 * non-ASCII byte on is judged, and the choice again held to the last byte. Memory stays bounded whatever the size.
 */
export async function detectEncoding(file: InputFile): Promise<Encoding> {
  const parts: Uint8Array[] = [];
  let sampled = 0;
  let cut = false;
  let head: Uint8Array | null = null;
  let utf8: InstanceType<typeof TextDecoder> | null = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of file.bytes()) {
    head ??= chunk.subarray(0, 4096);
    const stated = head === null ? null : (statedEncoding(head) ?? looksUtf16(head));
    if (stated && stated !== 'utf-8') return { name: stated, guessed: statedEncoding(head) === null };
    const from = sampled > 0 ? 0 : firstNonAscii(chunk);
    if (from >= 0 && sampled < sampleBytes) {
      const part = Uint8Array.from(chunk.subarray(from, from + sampleBytes - sampled));
      parts.push(part);
      sampled += part.length;
      cut ||= sampled >= sampleBytes;
    }
    try {
      utf8?.decode(chunk, { stream: true });
    } catch {
      utf8 = null;
    }
    if (!utf8 && sampled >= sampleBytes) break;
  }
  try {
    if (utf8) {
      utf8.decode();
      return { name: 'utf-8', guessed: false };
    }
  } catch {
    // Ends within a character: not UTF-8, or cut off. The candidates below have the last word.
  }
  const sample = Buffer.concat(parts);
  const legacy = sample.includes(0) ? null : guessLegacy(sample, cut);
  if (legacy !== null) return { name: legacy, guessed: true };
  throw undecodable(file);
}

function undecodable(file: InputFile): EarwitnessError {
  return new EarwitnessError(
    'file-encoding',
    placeOf(file),
    'The bytes are not text in UTF-8, UTF-16, GB18030/GBK, Big5 or another encoding known here.',
    'Save the file as UTF-8 and run again; if it is damaged, export it anew.',
  );
}

/** A file's text, piece by piece, without byte-order mark. Throws `file-encoding` at bytes that do not belong. */
export async function* decodedChunks(file: InputFile, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding.name, { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw undecodable(file);
    }
  };
  for await (const chunk of file.bytes()) {
    const text = decode(chunk);
    if (text !== '') yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}

/** What every session of a file in a guessed encoding carries. */
export function encodingNotices(file: InputFile, encoding: Encoding): Problem[] {
  if (!encoding.guessed) return [];
  return [
    notice(
      'encoding-guessed',
      placeOf(file),
      `The file does not state its encoding; it was read as ${encoding.name.toUpperCase()}.`,
      'Look at a few names and sentences; if they are garbled, save the file as UTF-8 and run again.',
    ),
  ];
}
