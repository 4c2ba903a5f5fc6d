import type { Candidate } from './entity-types.ts';
import { isDay } from './entity-checks.ts';
import { hanNumeralAt } from './numerals.ts';

const months = 'january|february|march|april|may|june|july|august|september|october|november|december';
const short: Record<string, number> = {};
for (const [i, name] of months.split('|').entries()) {
  short[name] = i + 1;
  short[name.slice(0, 3)] = i + 1;
}
short['sept'] = 9;
const month = `(${months}|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\\.?`;

const ordinalWords =
  'first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ]first|twenty[- ]second|twenty[- ]third|twenty[- ]fourth|twenty[- ]fifth|twenty[- ]sixth|twenty[- ]seventh|twenty[- ]eighth|twenty[- ]ninth|thirtieth|thirty[- ]first';
const ordinals = ordinalWords.replaceAll('[- ]', ' ').split('|');
const day = `(?:(\\d{1,2})(?:st|nd|rd|th)?|(${ordinalWords}))`;
const year = '(?:,? (?:of )?((?:19|20|21)\\d{2}))?';

const monthFirst = new RegExp(`\\b${month} (?:the )?${day}\\b${year}(?![\\d:])`, 'g');
const dayFirst = new RegExp(`\\b${day} (?:of )?${month}\\b${year}(?!\\d)`, 'g');
const isoLike = /(?<![\d.-])((?:19|20|21)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d-])/g;
const slashed = /(?<![\d/.-])(\d{1,2})[/-](\d{1,2})[/-]((?:19|20|21)?\d{2})(?![\d/-])/g;
const number = '\\d{1,2}|[一二三四五六七八九十]{1,3}';
const chinese = new RegExp(
  `(?:(\\d{4}|[零〇一二三四五六七八九]{4})年)?(${number})月(?:(${number})[日号])?|(\\d{4}|[零〇一二三四五六七八九]{4})年(?![以之内])`,
  'g',
);
const relative =
  /\b(?:the day after tomorrow|the day before yesterday|tomorrow|yesterday|today|tonight|(?:(?:next|this|last|on|by) )(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:next|last) (?:week|month|year))\b|大后天|后天|明天|今天|昨天|前天|明日|今日|昨日|(?:下|上|这|本)个?(?:周|星期|礼拜)[一二三四五六日天]?|(?:周|星期|礼拜)[一二三四五六日天](?!起)|(?:下|上)个?月/g;

/** Days: in figures, with the month's name, in Chinese, or relative to today (whose value is null). `text` is folded. */
export function dateCandidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  const add = (match: RegExpExecArray, y: string | undefined, m: number, d: number | null) => {
    const start = match.index;
    const end = start + match[0].length;
    const named = dateOf(y, m, d);
    if (named) found.push({ type: 'date', start, end, ...named });
  };
  for (const one of text.matchAll(monthFirst)) add(one, one[4], short[one[1]!]!, dayOf(one[2], one[3]));
  for (const one of text.matchAll(dayFirst)) add(one, one[4], short[one[3]!]!, dayOf(one[1], one[2]));
  for (const one of text.matchAll(isoLike)) add(one, one[1], Number(one[2]), Number(one[3]));
  for (const one of text.matchAll(slashed)) addSlashed(found, one);
  for (const one of text.matchAll(chinese)) {
    if (one[4] !== undefined) add(one, one[4], 0, null);
    else add(one, one[1], valueOf(one[2]!), one[3] === undefined ? null : valueOf(one[3]));
  }
  for (const one of text.matchAll(relative))
    found.push({ type: 'date', start: one.index, end: one.index + one[0].length, value: null });
  return found;
}

function dayOf(figures: string | undefined, words: string | undefined): number {
  return figures === undefined ? ordinals.indexOf(words!.replace('-', ' ')) + 1 : Number(figures);
}

function valueOf(text: string): number {
  return /^\d/.test(text) ? Number(text) : (hanNumeralAt(text, 0)?.value ?? 0);
}

/** 05/30/2026 and 30/05/2026 are told apart where they can be; 03/04/2026 is a date without a certain value. */
function addSlashed(found: Candidate[], match: RegExpExecArray): void {
  const [a, b] = [Number(match[1]), Number(match[2])];
  const y = match[3]!.length === 2 ? `20${match[3]}` : match[3]!;
  const readings = [dateOf(y, a, b), dateOf(y, b, a)].filter((one) => one !== null);
  if (readings.length === 0) return;
  const start = match.index;
  const certain = readings.length === 1 || a === b ? readings[0]! : { value: null, checked: false };
  found.push({ type: 'date', start, end: start + match[0].length, ...certain });
}

/** Month 0: a year alone. Null where there is no such day. */
function dateOf(y: string | undefined, m: number, d: number | null): { value: string; checked: boolean } | null {
  const full = y === undefined ? null : /^\d/.test(y) ? Number(y) : valueOf(y);
  const two = (n: number) => String(n).padStart(2, '0');
  if (full !== null && (full < 1900 || full > 2199)) return null;
  if (m === 0) return { value: String(full), checked: false };
  // Without a year 29 February may be.
  if (m > 12 || !isDay(full ?? 2024, m, d ?? 1)) return null;
  const head = full === null ? '-' : String(full);
  return { value: `${head}-${two(m)}${d === null ? '' : `-${two(d)}`}`, checked: full !== null && d !== null };
}
