const hanDigits: Record<string, number> = {
  零: 0,
  〇: 0,
  一: 1,
  壹: 1,
  幺: 1,
  二: 2,
  贰: 2,
  两: 2,
  三: 3,
  叁: 3,
  四: 4,
  肆: 4,
  五: 5,
  伍: 5,
  六: 6,
  陆: 6,
  七: 7,
  柒: 7,
  八: 8,
  捌: 8,
  九: 9,
  玖: 9,
};
const hanUnits: Record<string, number> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 };
const hanMyriads: Record<string, number> = { 万: 1e4, 亿: 1e8 };

const startsHanNumeral = new Set([...Object.keys(hanDigits), '十', '拾'].map((character) => character.charCodeAt(0)));

/** A number found at a place: its end (exclusive), its value, and its digits where leading zeros matter. */
export interface Numeral {
  end: number;
  value: number;
  /** Set for a run of digits that is a code rather than an amount (0042). */
  digits?: string;
}

/**
 * The Chinese numeral that starts at `at` in a folded text, or null. 三十 → 30, 两百五 → 250, 二〇二六 → 2026.
 * Two bare digits side by side (三五天, “three to five days”) are two numerals, so only the first is returned.
 */
export function hanNumeralAt(text: string, at: number): Numeral | null {
  if (!startsHanNumeral.has(text.charCodeAt(at))) return null;
  let end = at;
  while (end < text.length && text[end]! in hanDigits) end++;
  const run = end - at;
  const next = text[end] ?? '';
  const counted = next in hanUnits || (next in hanMyriads && run > 0);
  if (!counted && (run >= 3 || (run === 2 && /[零〇]/.test(text.slice(at, end))))) return digitRun(text, at, end);
  return countedNumeral(text, at);
}

function digitRun(text: string, at: number, end: number): Numeral {
  let digits = '';
  for (let i = at; i < end; i++) digits += String(hanDigits[text[i]!]);
  const value = Number(digits);
  return digits.startsWith('0') || digits.length > 15 ? { end, value, digits } : { end, value };
}

function countedNumeral(text: string, at: number): Numeral {
  let total = 0;
  let section = 0;
  let digit: number | null = null;
  let lastUnit = 0;
  let zero = false;
  let i = at;
  for (; i < text.length; i++) {
    const character = text[i]!;
    const value = hanDigits[character];
    if (value !== undefined) {
      if (digit !== null) break;
      if (value === 0 && lastUnit > 0) {
        zero = true;
        continue;
      }
      digit = value;
      continue;
    }
    const unit = hanUnits[character];
    if (unit !== undefined) {
      if (digit === null && (unit !== 10 || (lastUnit > 0 && lastUnit <= 10))) break;
      if (lastUnit > 0 && lastUnit <= unit) break;
      section += (digit ?? 1) * unit;
      digit = null;
      zero = false;
      lastUnit = unit;
      continue;
    }
    const myriad = hanMyriads[character];
    if (myriad === undefined || section + (digit ?? 0) === 0) break;
    total = (total + section + (digit ?? 0)) * myriad;
    section = 0;
    digit = null;
    zero = false;
    lastUnit = myriad;
  }
  // 两百五 is 250: a bare digit after a unit counts tenths of that unit, unless a zero stands between (两百零五).
  if (digit !== null) section += lastUnit > 10 && !zero ? (digit * lastUnit) / 10 : digit;
  return { end: i, value: total + section };
}

const grouped = /\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?/y;
const plain = /\d+(?:\.\d+)?/y;

/** The number in digits that starts at `at`: 30, 1,000, 2.5, 3万. Leading zeros make it a code. */
export function digitNumeralAt(text: string, at: number): Numeral | null {
  grouped.lastIndex = at;
  plain.lastIndex = at;
  const found = grouped.exec(text) ?? plain.exec(text);
  if (!found) return null;
  const digits = found[0].replaceAll(',', '');
  let end = at + found[0].length;
  if (/^0\d/.test(digits) || digits.length > 15) return { end, value: Number(digits), digits };
  let value = Number(digits);
  const scale = hanMyriads[text[end] ?? ''] ?? (text[end] === '十' ? undefined : hanUnits[text[end] ?? '']);
  if (scale) {
    value *= scale;
    end++;
  }
  return { end, value };
}

const small: Record<string, number> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};
const tens: Record<string, number> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};
const scales: Record<string, number> = { thousand: 1e3, million: 1e6 };

const lookup = (table: Record<string, number>, word: string | undefined): number | undefined =>
  word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;

/** The words that English numerals are made of, without “a” and “and”. */
export const numberWords: readonly string[] = [
  ...Object.keys(small),
  ...Object.keys(tens),
  ...Object.keys(scales),
  'hundred',
];
const numberWordSet = new Set(numberWords);

export function isNumberWord(word: string): boolean {
  return numberWordSet.has(word);
}

/** A number below 100 in words: [value, words used], or null. */
function belowHundred(words: readonly (string | undefined)[], at: number): [number, number] | null {
  const ten = lookup(tens, words[at]);
  if (ten !== undefined) {
    const unit = lookup(small, words[at + 1]);
    return unit !== undefined && unit > 0 && unit < 10 ? [ten + unit, 2] : [ten, 1];
  }
  const value = lookup(small, words[at]);
  return value === undefined ? null : [value, 1];
}

/** A number below 1,000 in words. “a hundred” counts, “a” alone does not. */
function belowThousand(words: readonly (string | undefined)[], at: number): [number, number] | null {
  const article = (words[at] === 'a' || words[at] === 'an') && words[at + 1] === 'hundred';
  const head = article ? ([1, 1] as [number, number]) : belowHundred(words, at);
  if (!head) return words[at] === 'hundred' ? [100, 1] : null;
  if (words[at + head[1]] !== 'hundred' || head[0] === 0) return article ? null : head;
  let used = head[1] + 1;
  const joined = words[at + used] === 'and' ? used + 1 : used;
  const rest = belowHundred(words, at + joined);
  if (!rest || rest[0] === 0) return [head[0] * 100, used];
  used = joined + rest[1];
  return [head[0] * 100 + rest[0], used];
}

/** A whole number in words: [value, words used], or null. */
function wholeNumberAt(words: readonly (string | undefined)[], at: number): [number, number] | null {
  const article = (words[at] === 'a' || words[at] === 'an') && lookup(scales, words[at + 1]) !== undefined;
  const head = article ? ([1, 1] as [number, number]) : belowThousand(words, at);
  if (!head) return null;
  const scale = lookup(scales, words[at + head[1]]);
  if (scale === undefined || head[0] === 0) return head;
  let used = head[1] + 1;
  const joined = words[at + used] === 'and' ? used + 1 : used;
  const rest = belowThousand(words, at + joined);
  if (!rest || rest[0] === 0 || rest[0] >= scale) return [head[0] * scale, used];
  used = joined + rest[1];
  return [head[0] * scale + rest[0], used];
}

/**
 * The English number word(s) at `at` among words that stand directly side by side (`undefined` ends the run):
 * [value, words used], or null. twenty-one → 21, two hundred and fifty → 250,
 * nineteen point nine → 19.9.
 */
export function englishNumeralAt(words: readonly (string | undefined)[], at: number): [number, number] | null {
  const whole = wholeNumberAt(words, at);
  if (!whole || words[at + whole[1]] !== 'point') return whole;
  let used = whole[1] + 1;
  let digits = '';
  for (;;) {
    const digit = lookup(small, words[at + used]);
    if (digit === undefined || digit > 9) break;
    digits += String(digit);
    used++;
  }
  return digits === '' ? whole : [Number(`${whole[0]}.${digits}`), used];
}
