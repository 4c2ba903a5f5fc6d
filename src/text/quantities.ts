import { clockAt } from './quantity-clock.ts';
import { type Amount, Reader, unitAt } from './quantity-reader.ts';
import { boundsAfter, boundsBefore, currencySigns, type QuantityBound, type QuantityUnit } from './quantity-words.ts';
import type { TextSpan } from './types.ts';

/** An amount said in a text, whatever way it was written. `start`/`end` span number and unit. */
export interface Quantity extends TextSpan {
  /** The number when there is just one; null for a range and for “a few”. */
  value: number | null;
  /** Ends of a range, both equal to `value` for a single number; null for “a few days”, 几天. */
  low: number | null;
  high: number | null;
  /** Null for a bare number. `clock`: minutes since midnight. */
  unit: QuantityUnit | null;
  /** ISO 4217, for money whose currency is said. */
  currency: string | null;
  bound: QuantityBound;
  /** A clock time without a.m. or p.m. that may mean either. */
  halfDay: boolean;
  /** With the words that bound it: “within 48 hours”, 不超过30天, 7天以内. */
  outer: TextSpan;
  /** Exactly the original words from `start` to `end`. */
  quote: string;
}

/**
 * Finds amounts in English and Chinese text, mixed or not: “30 days”, thirty days, 三十天, “5 to 7 business days”,
 * 三至五天, 两三天, “half an hour”, 一个半小时, “$15”, 15块, 百分之五, “8 am”, 晚上8点半, 20:00. Dates (5月30日, 2026年) are no
 * amounts. Ordered, not overlapping.
 */
export function parseQuantities(text: string): Quantity[] {
  const reader = new Reader(text);
  const found: Quantity[] = [];
  for (let at = 0; at < reader.tokens.length;) {
    const amount = rangeAt(reader, at);
    if (!amount) {
      at++;
      continue;
    }
    found.push(finish(reader, amount));
    at = amount.to;
  }
  return found;
}

function finish(reader: Reader, amount: Amount): Quantity {
  const { from, to } = amount;
  let start = reader.tokens[from]!.start;
  if (amount.unit === 'money' && reader.before(from) in currencySigns) start -= 1;
  const end = reader.tokens[to - 1]!.end;
  const ahead = boundsBefore.find(({ keys }) => reader.has(keys, from - keys.length));
  const behind = boundsAfter.find(({ keys }) => reader.has(keys, to));
  const bound = ahead?.bound ?? behind?.bound ?? 'exact';
  return {
    value: amount.low === amount.high ? amount.low : null,
    low: amount.low,
    high: amount.high,
    unit: amount.unit ?? null,
    currency: amount.currency ?? null,
    bound,
    halfDay: amount.halfDay ?? false,
    start,
    end,
    outer: {
      start: ahead ? reader.tokens[from - ahead.keys.length]!.start : start,
      end: behind ? reader.tokens[to + behind.keys.length - 1]!.end : end,
    },
    quote: reader.folded.original.slice(start, end),
  };
}

const joiners: readonly (readonly string[])[] = [
  ['to'],
  ['or'],
  ['till'],
  ['until'],
  ['到'],
  ['至'],
  ['或'],
  ['或', '者'],
];

/** An amount or a range of two: “5 to 7 days”, “5-7 days”, “8 am to 8 pm”, 三五天, “between 5 and 7 days”. */
function rangeAt(reader: Reader, at: number): Amount | null {
  const first = amountAt(reader, at);
  if (!first) return null;
  let second = first.to;
  const joiner = joiners.find((keys) => reader.has(keys, first.to));
  if (joiner) second += joiner.length;
  else if (reader.key(first.from - 1) === 'between' && reader.key(first.to) === 'and') second += 1;
  else if (!touches(reader, first)) return first;
  const last = amountAt(reader, second);
  if (!last || last.low === null || last.high !== last.low || first.low === null || first.high !== first.low)
    return first;
  const unit = last.unit ?? first.unit;
  // “8 to 8 pm”, “2 hours to 3 days” and “100 to 5 days” are not one range; a clock may run past midnight.
  if (first.unit && first.unit !== last.unit) return first;
  const meridiem = /^[ap]?m$/.test(reader.key(last.to - 1));
  if (unit === 'clock' && !first.unit && (meridiem || first.low * 60 >= last.low)) return first;
  if (unit !== 'clock' && first.low >= last.low) return first;
  let low = unit === 'clock' && !first.unit ? first.low * 60 : first.low;
  // 两三百 is 200 to 300: the first digit borrows the unit of the second.
  if (second === first.to && first.to === last.from && reader.between(first.to) === '' && low < 10 && last.low >= 20)
    low *= 10 ** Math.floor(Math.log10(last.low));
  return {
    from: first.from,
    to: last.to,
    low,
    high: last.high,
    ...(unit ? { unit } : {}),
    currency: last.currency ?? first.currency ?? null,
    halfDay: (first.halfDay ?? false) || (last.halfDay ?? false),
  };
}

/** Two bare numbers with a dash, a tilde or 、 between them, or side by side as in 三五天 and 两三百. */
function touches(reader: Reader, first: Amount): boolean {
  const next = reader.tokens[first.to];
  if (next?.kind !== 'number') return false;
  const gap = reader.between(first.to).trim();
  if (/^[-–—−~～〜]$/.test(gap)) return true;
  if (first.unit) return false;
  if (gap === '、') return true;
  const chinese = /^[一二两三四五六七八九]$/.test(reader.folded.original.slice(next.start - 1, next.start));
  return gap === '' && chinese && next.start === reader.tokens[first.to - 1]!.end;
}

function amountAt(reader: Reader, at: number): Amount | null {
  return (
    clockAt(reader, at) ?? percentAt(reader, at) ?? vagueAt(reader, at) ?? halfAt(reader, at) ?? plainAt(reader, at)
  );
}

/** A number and its unit, with a half after either: 30 days, $15, 2 and a half years, 两天半, 一个半小时. */
function plainAt(reader: Reader, at: number): Amount | null {
  const token = reader.tokens[at];
  if (token?.kind !== 'number' || token.value === undefined) return null;
  let value = token.value;
  let to = at + 1;
  if (reader.key(to) === '点' && reader.tokens[to + 1]?.kind === 'number') {
    const decimal = reader.tokens[to + 1]!.value!;
    if (Number.isInteger(decimal) && unitAt(reader, to + 2)) {
      value = Number(`${value}.${decimal}`);
      to += 2;
    }
  }
  if (reader.has(['and', 'a', 'half'], to)) {
    value += 0.5;
    to += 3;
  } else if (reader.has(['个', '半'], to)) {
    value += 0.5;
    to += reader.key(to + 2) === '月' ? 1 : 2;
    if (reader.has(['半', '月'], to)) return { from: at, to: to + 2, low: value, high: value, unit: 'month' };
  }
  const sign = currencySigns[reader.before(at)];
  const more = reader.key(to) === '多' || reader.key(to) === '几' ? 1 : 0;
  const unit = unitAt(reader, to + more);
  if (!unit) {
    if (sign) return { from: at, to, low: value, high: value, unit: 'money', currency: sign };
    return { from: at, to, low: value, high: value };
  }
  if (isDate(reader, at, to, unit)) return { from: at, to, low: value, high: value };
  if (more) return { from: at, to: unit.to, low: null, high: null, unit: unit.unit, currency: unit.currency };
  return withTrailingHalf(reader, { from: at, to: unit.to, low: value, high: value }, unit);
}

function withTrailingHalf(
  reader: Reader,
  amount: Amount,
  unit: { unit: QuantityUnit; currency: string | null; times: number },
): Amount {
  let value = amount.low! * unit.times;
  let to = amount.to;
  if (reader.has(['and', 'a', 'half'], to)) {
    value += 0.5;
    to += 3;
  } else if (reader.key(to) === '半' && unit.unit !== 'money') {
    value += 0.5;
    to += 1;
  }
  return { from: amount.from, to, low: value, high: value, unit: unit.unit, currency: unit.currency };
}

/** 5月30日 and 2026年 name a day or a year. */
function isDate(reader: Reader, at: number, to: number, unit: { to: number; unit: QuantityUnit }): boolean {
  const value = reader.tokens[at]!.value!;
  if (unit.unit === 'year' && value >= 1900 && value <= 2200) return true;
  if (reader.key(to) === '日') return reader.key(at - 1) === '月' || /\d|月/.test(reader.before(at));
  return false;
}

/** “half an hour”, “half a day”, 半天, 半个月; “an hour and a half”; “within a week”. */
function halfAt(reader: Reader, at: number): Amount | null {
  const key = reader.key(at);
  if (key === 'half' || key === '半') {
    let to = at + 1;
    if (reader.key(to) === 'a' || reader.key(to) === 'an') to++;
    const unit = unitAt(reader, to);
    if (!unit || unit.unit === 'money' || unit.unit === 'percent') return null;
    const half = 0.5 * unit.times;
    return { from: at, to: unit.to, low: half, high: half, unit: unit.unit };
  }
  if (key !== 'a' && key !== 'an') return null;
  const unit = unitAt(reader, at + 1);
  if (!unit || unit.unit === 'money') return null;
  if (reader.has(['and', 'a', 'half'], unit.to))
    return { from: at, to: unit.to + 3, low: 1.5, high: 1.5, unit: unit.unit };
  // “8 hours a day” names a rate; “within a week” an amount.
  const ahead = ['takes', 'take', 'for', 'in', 'than'].includes(reader.key(at - 1));
  const bounded = boundsBefore.some(({ keys }) => reader.has(keys, at - keys.length));
  return ahead || bounded ? { from: at, to: unit.to, low: unit.times, high: unit.times, unit: unit.unit } : null;
}

/** Amounts that name no number: a few days, several weeks, 几天, 数小时. “A couple” is two. */
function vagueAt(reader: Reader, at: number): Amount | null {
  for (const [keys, value] of [
    [['a', 'couple', 'of'], 2],
    [['couple', 'of'], 2],
    [['a', 'few'], null],
    [['few'], null],
    [['several'], null],
    [['几'], null],
    [['好', '几'], null],
    [['数'], null],
  ] as const) {
    if (!reader.has(keys, at)) continue;
    const unit = unitAt(reader, at + keys.length) ?? null;
    if (!unit || unit.unit === 'percent') continue;
    return { from: at, to: unit.to, low: value, high: value, unit: unit.unit, currency: unit.currency };
  }
  return null;
}

/** 百分之五; “5%” and “5 percent” are plain amounts. */
function percentAt(reader: Reader, at: number): Amount | null {
  if (!reader.has(['百', '分', '之'], at)) return null;
  const token = reader.tokens[at + 3];
  if (token?.value !== undefined) return { from: at, to: at + 4, low: token.value, high: token.value, unit: 'percent' };
  return reader.key(at + 3) === '百' ? { from: at, to: at + 4, low: 100, high: 100, unit: 'percent' } : null;
}
