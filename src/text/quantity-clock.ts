import { type Amount, type Reader, unitAt } from './quantity-reader.ts';
import { dayParts } from './quantity-words.ts';

/** Times of day: 8 am, 8:30 p.m., 20:00, 8 o'clock, noon, 8点, 晚上八点半. */
export function clockAt(reader: Reader, at: number): Amount | null {
  if (reader.key(at) === 'noon') return { from: at, to: at + 1, low: 720, high: 720, unit: 'clock' };
  if (reader.key(at) === 'midnight') return { from: at, to: at + 1, low: 1440, high: 1440, unit: 'clock' };
  const part = dayParts[reader.key(at) + reader.key(at + 1)];
  const from = part === undefined ? at : at + 2;
  const hour = reader.tokens[from];
  if (hour?.kind !== 'number' || hour.value === undefined || hour.value > 24 || !Number.isInteger(hour.value))
    return null;
  let to = from + 1;
  let minutes = 0;
  let sure = false;
  const minute = reader.tokens[to];
  if (minute?.kind === 'number' && /^[:：]$/.test(reader.between(to)) && minute.value! < 60) {
    minutes = minute.value!;
    to++;
    sure = true;
  }
  const english = meridiemAt(reader, to);
  if (english) {
    const base = (hour.value % 12) + english.add;
    return { from, to: english.to, low: base * 60 + minutes, high: base * 60 + minutes, unit: 'clock' };
  }
  if (!sure && (reader.key(to) === '点' || reader.key(to) === '时')) {
    const tail = chineseMinutes(reader, to + 1);
    if (!tail) return null;
    minutes = tail.minutes;
    to = tail.to;
    sure = true;
  } else if (!sure && reader.has(["o'clock"], to)) {
    to++;
    sure = true;
  }
  if (!sure) return null;
  const shifted = part === 12 && hour.value < 12 ? hour.value + 12 : hour.value;
  const value = shifted * 60 + minutes;
  return { from: at, to, low: value, high: value, unit: 'clock', halfDay: part === undefined && hour.value <= 12 };
}

function meridiemAt(reader: Reader, at: number): { to: number; add: number } | null {
  if (reader.key(at) === 'am' || reader.key(at) === 'pm') return { to: at + 1, add: reader.key(at) === 'pm' ? 12 : 0 };
  if (reader.key(at + 1) === 'm' && /^\.?$/.test(reader.between(at + 1)) && /^[ap]$/.test(reader.key(at)))
    return { to: at + 2, add: reader.key(at) === 'p' ? 12 : 0 };
  return null;
}

/** What follows 8点: 半, 一刻, 三十分, 钟, or nothing. Null for 三点五天, which is a decimal. */
function chineseMinutes(reader: Reader, at: number): { to: number; minutes: number } | null {
  if (reader.key(at) === '半') return { to: at + 1, minutes: 30 };
  if (reader.key(at) === '钟') return { to: at + 1, minutes: 0 };
  const token = reader.tokens[at];
  if (token?.kind !== 'number' || token.value === undefined) return { to: at, minutes: 0 };
  if (reader.key(at + 1) === '刻') return { to: at + 2, minutes: token.value * 15 };
  if (reader.key(at + 1) === '分') return { to: at + 2, minutes: token.value };
  if (unitAt(reader, at + 1)) return null;
  return { to: at, minutes: 0 };
}
