import { zoneClock } from '../session/index.ts';

/** A point in time as an export writes it: an instant, or an offset from the session's beginning. Both in ms. */
export type SourceTime = { kind: 'instant'; ms: number } | { kind: 'offset'; ms: number };

const numeric = /^[+-]?\d+(?:\.\d+)?$/;
const wall =
  /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s,]*(上午|下午|AM|PM|am|pm)?\s*(\d{1,2})[:：.时点-](\d{1,2})(?:[:：.分-](\d{1,2})(?:[.,](\d{1,9}))?)?秒?分?\s*(AM|PM|am|pm)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/;
const compact = /^(\d{4})(\d{2})(\d{2})(?:[T_\s-]?(\d{2})(\d{2})(\d{2})?)?(Z)?$/;
const clock = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?$/;

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  zone: string | null;
}

function toInstant(at: Wall, timeZone: string): number | null {
  const utc = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second, at.ms);
  const back = new Date(utc);
  // A date such as 31 February or an hour 25 rolls over; it is a typing error, not a time.
  if (
    back.getUTCMonth() !== at.month - 1 ||
    back.getUTCDate() !== at.day ||
    at.hour > 23 ||
    at.minute > 59 ||
    at.second > 60
  )
    return null;
  if (at.zone === null) return zoneClock(timeZone).instantOf(utc);
  const offset = /([+-])(\d{2}):?(\d{2})/.exec(at.zone);
  if (!offset) return utc;
  const ms = (Number(offset[2]) * 60 + Number(offset[3])) * 60_000;
  return offset[1] === '+' ? utc - ms : utc + ms;
}

function fromNumber(value: number): SourceTime | null {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value < 0 || size >= 1e20) return null;
  if (size >= 1e17) return { kind: 'instant', ms: Math.round(value / 1e6) };
  if (size >= 1e14) return { kind: 'instant', ms: Math.round(value / 1e3) };
  if (size >= 1e11) return { kind: 'instant', ms: Math.round(value) };
  if (size >= 1e8) return { kind: 'instant', ms: Math.round(value * 1000) };
  return { kind: 'offset', ms: Math.round(value * 1000) };
}

/**
 * Reads a time: epoch seconds, milliseconds, micro- or nanoseconds (told by size), ISO 8601, `2026/3/1 10:22:05`,
 * `2026年3月1日 下午3:05`, `20260301-102205`, `2026-03-01T10-22-05`, an RFC 5322 date with a zone, or an offset
 * (`00:01:02.5`, a number of seconds below 1e8). Times without zone are taken in `timeZone`. Null when it is none.
 * `03/04/2026` is refused: nobody can tell its month.
 */
export function parseTime(value: unknown, timeZone: string): SourceTime | null {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string') return null;
  const text = value.normalize('NFKC').trim();
  const packed = compact.exec(text);
  if (packed && Number(packed[1]) >= 1970 && Number(packed[1]) < 2100) {
    const ms = toInstant(
      {
        year: Number(packed[1]),
        month: Number(packed[2]),
        day: Number(packed[3]),
        hour: Number(packed[4] ?? 0),
        minute: Number(packed[5] ?? 0),
        second: Number(packed[6] ?? 0),
        ms: 0,
        zone: packed[7] ?? null,
      },
      timeZone,
    );
    if (ms !== null && (packed[4] !== undefined || text.length === 8)) return { kind: 'instant', ms };
  }
  if (numeric.test(text)) return fromNumber(Number(text));
  const offset = clock.exec(text);
  if (offset) {
    const [, h, m, s, fraction] = offset;
    const ms = Number((fraction ?? '0').padEnd(3, '0'));
    return { kind: 'offset', ms: ((Number(h ?? 0) * 60 + Number(m)) * 60 + Number(s)) * 1000 + ms };
  }
  const match = wall.exec(text);
  if (match) {
    const half = (match[4] ?? match[9] ?? '').toLowerCase();
    let hour = Number(match[5] ?? 0);
    if ((half === 'pm' || half === '下午') && hour < 12) hour += 12;
    if ((half === 'am' || half === '上午') && hour === 12) hour = 0;
    const ms = toInstant(
      {
        year: Number(match[1]),
        month: Number(match[2]),
        day: Number(match[3]),
        hour,
        minute: Number(match[6] ?? 0),
        second: Number(match[7] ?? 0),
        ms: Number((match[8] ?? '0').slice(0, 3).padEnd(3, '0')),
        zone: match[10] ?? null,
      },
      timeZone,
    );
    return ms === null ? null : { kind: 'instant', ms };
  }
  if (/[A-Za-z]{3}.*\d{4}.*(?:[+-]\d{4}|GMT|UTC)/.test(text)) {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? null : { kind: 'instant', ms };
  }
  return null;
}

/** A time as ISO 8601; the source's own spelling is kept when it is ISO with a zone already. Null when it is no instant. */
export function isoTime(value: unknown, timeZone: string): string | null {
  const time = parseTime(value, timeZone);
  if (time?.kind !== 'instant') return null;
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(value))
    return value;
  const date = new Date(time.ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/**
 * Positions of the largest set of times that never run backwards (longest non-decreasing subsequence, O(n log n)):
 * one wrong clock then costs one message its time, not all that follow.
 */
export function orderedPositions(times: readonly number[]): Set<number> {
  const tails: number[] = [];
  const before = new Array<number>(times.length).fill(-1);
  times.forEach((time, i) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[tails[middle]!]! <= time) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[i] = tails[low - 1]!;
    tails[low] = i;
  });
  const kept = new Set<number>();
  for (let i = tails.at(-1) ?? -1; i >= 0; i = before[i]!) kept.add(i);
  return kept;
}
