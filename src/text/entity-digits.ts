import type { Candidate } from './entity-types.ts';
import { isChineseId, isHongKongId, passesLuhn } from './entity-checks.ts';

/** Digits in a row as one number was written or read out: `138 0013 8000`, 一三八零零…, “five five five double one …”. */
interface Run {
  groups: Group[];
}
interface Group {
  start: number;
  end: number;
  digits: string;
  /** Read out digit by digit, in words. */
  spoken: boolean;
  /** What stands between this group and the one before. */
  gap: string;
}

const spokenDigits: Record<string, string> = {
  zero: '0', oh: '0', one: '1', two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9',
}; // prettier-ignore
const hanDigits: Record<string, string> = {
  零: '0', 〇: '0', 一: '1', 幺: '1', 二: '2', 两: '2', 三: '3', 四: '4', 五: '5', 六: '6', 七: '7', 八: '8', 九: '9',
}; // prettier-ignore

const piece =
  /\d+|[零〇一幺二两三四五六七八九]+(?![十百千万亿点])|\b(?:(?:double|triple) )?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b/g;
const writtenGap = /^(?: ?[-–—] ?| |\) ?| ?\(|\.|)$/;
const spokenGap = /^(?:[ ,，、]{0,3}(?:dash |hyphen )?|-)$/;
const maxGroups = 40;

function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let end = -1;
  for (const found of text.matchAll(piece)) {
    const gap = end < 0 ? '' : text.slice(end, found.index);
    const group = readGroup(found[0], found.index, gap);
    const run = runs.at(-1);
    const before = run?.groups.at(-1);
    const allowed = before && (group.spoken && before.spoken ? spokenGap : writtenGap).test(gap);
    if (run && allowed && run.groups.length < maxGroups) run.groups.push(group);
    else runs.push({ groups: [group] });
    end = group.end;
  }
  return runs;
}

function readGroup(text: string, start: number, gap: string): Group {
  const base = { start, end: start + text.length, gap };
  if (/^\d/.test(text)) return { ...base, digits: text, spoken: false };
  if (/^[a-z]/.test(text)) {
    const words = text.split(' ');
    const digit = spokenDigits[words.at(-1)!]!;
    const times = words[0] === 'double' ? 2 : words[0] === 'triple' ? 3 : 1;
    return { ...base, digits: digit.repeat(times), spoken: true };
  }
  return { ...base, digits: [...text].map((character) => hanDigits[character]!).join(''), spoken: true };
}

type Cue = 'order' | 'phone' | 'card' | 'id';
const cues: readonly [Cue, RegExp][] = [
  ['order', /\b(?:order|tracking|reference|ref|case|ticket|booking|confirmation|invoice)\b|订单|单号|运单|快递|工单|物流/g],
  ['phone', /\b(?:phone|telephone|mobile|cell|call|tel|reach|ring|dial)\b|电话|手机|联系方式|致电|拨打|回电/g],
  ['card', /\b(?:credit card|debit card|bank card|card|account) (?:number|no)\b|\b(?:credit|debit|bank) card\b|卡号|银行卡|信用卡/g],
  ['id', /\b(?:id|identity|social security|national insurance|passport)\b|身份证|证件/g],
]; // prettier-ignore
const cueReach = 32;

/** The cue that stands closest before a number, within one sentence. */
function cueBefore(text: string, start: number): Cue | null {
  const ahead = text.slice(Math.max(0, start - cueReach), start).split(/[.!?。！？;；\n]\s?/).at(-1)!; // prettier-ignore
  let best: Cue | null = null;
  let at = -1;
  for (const [cue, pattern] of cues)
    for (const found of ahead.matchAll(pattern))
      if (found.index + found[0].length > at) {
        at = found.index + found[0].length;
        best = cue;
      }
  return best;
}

/** Numbers made of digits alone: telephone, identity, bank card, order numbers. `text` is folded. */
export function digitCandidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  for (const { groups } of runsOf(text)) {
    let from = 0;
    while (from < groups.length) {
      const hit = longest(text, groups, from);
      if (hit) found.push(hit.candidate);
      from = hit ? hit.to : from + 1;
      // Within a number that is read out no part may pass for a number of its own.
      if (!hit && groups[from - 1]!.spoken) break;
    }
  }
  return found;
}

/** The longest number that starts at a group: “138 0013 8000 24 hours” holds a telephone number and an amount. */
function longest(text: string, groups: readonly Group[], from: number): { candidate: Candidate; to: number } | null {
  for (let to = groups.length; to > from; to--) {
    const part = groups.slice(from, to);
    if (part.some((group) => group.spoken) && to < groups.length) return null;
    const candidate = classify(text, part);
    if (candidate) return { candidate, to };
  }
  return null;
}

function classify(text: string, groups: readonly Group[]): Candidate | null {
  const first = groups[0]!;
  const plus = text[first.start - 1] === '+';
  const start = plus || (text[first.start - 1] === '(' && groups.length > 1) ? first.start - 1 : first.start;
  let end = groups.at(-1)!.end;
  let digits = groups.map((group) => group.digits).join('');
  if (digits.length < 4 || digits.length > 24) return null;
  // A letter before or behind makes it part of a code or a word.
  if (/[a-z0-9_@]/.test(text[start - 1] ?? '') && !first.spoken) return null;
  const check = /^ ?x(?![a-z0-9])/.exec(text.slice(end, end + 3));
  if (digits.length === 17 && check) {
    digits += 'x';
    end += check[0].length;
  } else if (/[a-z_@]/.test(text[end] ?? '') && !first.spoken) return null;
  const cue = cueBefore(text, start);
  const shape = groups.some((group) => group.spoken) ? '' : groups.map((group) => group.digits.length).join('-');
  const type = kindOf(digits, shape, cue, plus);
  return type && { ...type, start, end, value: plus ? `+${digits}` : digits };
}

function kindOf(
  digits: string,
  shape: string,
  cue: Cue | null,
  plus: boolean,
): { type: Candidate['type']; checked: boolean } | null {
  if (cue === 'order' && !plus) return { type: 'orderNumber', checked: false };
  if (isChineseId(digits)) return { type: 'idNumber', checked: true };
  if (cue === 'id' && (digits.length === 18 || digits.length === 15)) return { type: 'idNumber', checked: false };
  if (isSocialSecurity(digits) && (shape === '3-2-4' || cue === 'id')) return { type: 'idNumber', checked: false };
  if (isCard(digits)) return { type: 'bankCard', checked: true };
  if (cue === 'card' && /^\d{12,19}$/.test(digits)) return { type: 'bankCard', checked: false };
  return isPhone(digits, shape, cue === 'phone', plus) ? { type: 'phone', checked: false } : null;
}

/** Issuers' first digits and lengths (ISO/IEC 7812), with Luhn's check. */
function isCard(digits: string): boolean {
  return /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6\d{15,18})$/.test(digits) && passesLuhn(digits);
} // prettier-ignore

/** Areas 000, 666 and 900–999, group 00 and serial 0000 are never issued. */
function isSocialSecurity(digits: string): boolean {
  return /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits);
}

/** Mainland mobile and fixed lines, 400/800 numbers; North American and British numbers by their grouping or a cue. */
function isPhone(digits: string, shape: string, cue: boolean, plus: boolean): boolean {
  if (plus) return digits.length >= 7 && digits.length <= 15;
  if (/^(?:86)?1[3-9]\d{9}$/.test(digits)) return true;
  if (/^0\d{9,11}$/.test(digits) && (cue || /^[34]-/.test(shape))) return true;
  if (/^[48]00\d{7}$/.test(digits) && (cue || shape.includes('-'))) return true;
  if (/^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits) && (cue || /^(?:1-)?3-3-4$/.test(shape))) return true;
  if (/^0[1-9]\d{8,9}$/.test(digits) && /^(?:5-6|4-3-4|3-4-4|5-3-3)$/.test(shape)) return true;
  return cue && digits.length >= 7 && digits.length <= 12;
}

const code =
  /\b(?:order|tracking|reference|ref|case|ticket|booking|confirmation|invoice)(?: (?:number|no\.?|id|code))?(?: is| was)?[\s:#]{1,3}([a-z]{1,6}-?\d[a-z0-9-]{2,30})|(?:订单|运单|快递|工单|物流|单)(?:编)?号(?:码)?[是为]?[\s:：#]{0,3}([a-z]{1,6}-?\d[a-z0-9-]{2,30})/g;
const hongKongId = /(?<![a-z0-9])([a-z]{1,2})(\d{6}) ?\(?([0-9a])\)?(?![a-z0-9])/g;
const nino = /(?<![a-z0-9])[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d](?![a-z0-9])/g;
const plate =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z][·.\s]?(?=[a-hj-np-z\d]{0,5}\d)[a-hj-np-z\d]{5,6}(?![a-z0-9])/g;

/** Numbers with letters in them: order codes after a cue, other countries' identity numbers, number plates. */
export function codeCandidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  for (const one of text.matchAll(code)) {
    const value = one[1] ?? one[2]!;
    const end = one.index + one[0].length;
    found.push({ type: 'orderNumber', start: end - value.length, end, value: value.toUpperCase() });
  }
  for (const one of text.matchAll(hongKongId))
    if (isHongKongId(one[1]!, one[2]!, one[3]!))
      found.push({ ...spanOf(one), type: 'idNumber', value: `${one[1]!}${one[2]!}${one[3]!}`.toUpperCase(), checked: true }); // prettier-ignore
  for (const one of text.matchAll(nino))
    found.push({ ...spanOf(one), type: 'idNumber', value: one[0].replaceAll(' ', '').toUpperCase() });
  for (const one of text.matchAll(plate))
    found.push({ ...spanOf(one), type: 'plate', value: one[0].replace(/[·.\s]/g, '').toUpperCase() });
  return found;
}

function spanOf(found: RegExpExecArray): { start: number; end: number } {
  return { start: found.index, end: found.index + found[0].length };
}
