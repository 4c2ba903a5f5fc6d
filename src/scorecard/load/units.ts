import { parseDuration } from '../../session/index.ts';
import { closestName } from './suggest.ts';

/** A value read from a short text, or why it could not be read. */
export type Read<T> = { ok: true; value: T } | { ok: false; message: string; hint: string };

const wrong = (message: string, hint: string): Read<never> => ({ ok: false, message, hint });

const unitNames: Record<string, string> = {
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  minute: 'min',
  minutes: 'min',
  mins: 'min',
  hour: 'h',
  hours: 'h',
  hr: 'h',
  hrs: 'h',
  day: 'd',
  days: 'd',
  msec: 'ms',
  millis: 'ms',
  秒: 's',
  分钟: 'min',
  分: 'min',
  小时: 'h',
  天: 'd',
  毫秒: 'ms',
};

/** `10s`, `1.5 min`, `4h` → ms. A bare number is refused: its unit could only be guessed. */
export function readDuration(given: unknown): Read<number> {
  if (typeof given === 'number')
    return wrong(`The length of time ${given} has no unit.`, `Write ${given}s, ${given}min or ${given}h.`);
  if (typeof given !== 'string')
    return wrong('A length of time is expected, e.g. 10s.', 'Write a number and one of ms, s, min, h, d.');
  const ms = parseDuration(given);
  if (ms !== null) return { ok: true, value: ms };
  const parts = /^\s*(\d+(?:\.\d+)?)\s*(\S+)\s*$/u.exec(given);
  const unit = parts
    ? (unitNames[parts[2]!.toLowerCase()] ?? closestName(parts[2]!, ['ms', 's', 'min', 'h', 'd']))
    : null;
  return wrong(
    `"${given}" is not a length of time, e.g. 10s.`,
    unit && parts ? `Did you mean "${parts[1]}${unit}"?` : 'Write a number and one of ms, s, min, h, d.',
  );
}

/** Turn range, 1-based and inclusive; negative counts from the end. */
export interface TurnRange {
  from: number;
  to: number;
}

const turnsHint = 'Write first 2, last 1, 2..4, -3..-1 or { from: 2, to: 4 }.';

/** `first 2`, `last 1`, `2..4`, `{from, to}` → a turn range. */
export function readTurns(given: unknown): Read<TurnRange> {
  if (typeof given === 'number') return range(given, given);
  if (typeof given === 'object' && given !== null) {
    const { from = 1, to = -1, ...rest } = given as Record<string, unknown>;
    const extra = Object.keys(rest)[0];
    if (extra !== undefined) return wrong(`A turn range has no key "${extra}".`, turnsHint);
    return typeof from === 'number' && typeof to === 'number'
      ? range(from, to)
      : wrong('from and to are whole numbers.', turnsHint);
  }
  if (typeof given !== 'string') return wrong('A turn range is expected, e.g. first 2.', turnsHint);
  const edge = /^\s*(first|last)\s+(\d+)(?:\s+turns?)?\s*$/.exec(given);
  if (edge) {
    const n = Number(edge[2]);
    if (n === 0) return wrong('A turn range holds at least one turn.', turnsHint);
    return edge[1] === 'first' ? range(1, n) : range(-n, -1);
  }
  const span = /^\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*$/.exec(given);
  return span ? range(Number(span[1]), Number(span[2])) : wrong(`"${given}" is not a turn range.`, turnsHint);
}

function range(from: number, to: number): Read<TurnRange> {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from === 0 || to === 0)
    return wrong('Turns are counted in whole numbers from 1 (or from -1, the last).', turnsHint);
  if (from > 0 === to > 0 && from > to) return wrong(`The range ${from}..${to} ends before it starts.`, turnsHint);
  return { ok: true, value: { from, to } };
}

/** Part of the conversation. `first` and `last` in ms; `span` in ms or in percent of the conversation, [from, to). */
export type TimeRange =
  | { kind: 'first' | 'last'; ms: number }
  | { kind: 'span'; fromMs: number; toMs: number }
  | { kind: 'percent'; from: number; to: number };

const timeHint = 'Write first 10s, last 30s, 10s..60s or 0%..50%.';

/** `first 10s`, `last 30s`, `10s..60s`, `0%..50%` → a part of the conversation. */
export function readTime(given: unknown): Read<TimeRange> {
  if (typeof given !== 'string') return wrong('A part of the conversation is expected, e.g. first 10s.', timeHint);
  const edge = /^\s*(first|last)\s+(.+)$/.exec(given);
  if (edge) {
    const ms = readDuration(edge[2]);
    if (!ms.ok) return ms;
    if (ms.value === 0) return wrong('A part of the conversation is longer than 0.', timeHint);
    return { ok: true, value: { kind: edge[1] === 'first' ? 'first' : 'last', ms: ms.value } };
  }
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*\.\.\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(given);
  if (percent) {
    const [from, to] = [Number(percent[1]), Number(percent[2])];
    if (from >= to || to > 100) return wrong(`"${given}" does not lie between 0% and 100% in rising order.`, timeHint);
    return { ok: true, value: { kind: 'percent', from, to } };
  }
  const span = given.split('..');
  if (span.length !== 2) return wrong(`"${given}" is not a part of the conversation.`, timeHint);
  const from = span[0]!.trim() === '0' ? { ok: true as const, value: 0 } : readDuration(span[0]);
  const to = readDuration(span[1]);
  if (!from.ok) return from;
  if (!to.ok) return to;
  if (from.value >= to.value) return wrong(`"${given}" ends before it starts.`, timeHint);
  return { ok: true, value: { kind: 'span', fromMs: from.value, toMs: to.value } };
}

/** How far from an anchor a rule looks. */
export type Within = { turns: number } | { ms: number };

/** `2 turns`, `30s` → how far from the anchor. */
export function readWithin(given: unknown): Read<Within> {
  const turns = typeof given === 'string' ? /^\s*(\d+)\s*turns?\s*$/.exec(given) : null;
  if (turns) return { ok: true, value: { turns: Number(turns[1]) } };
  const ms = readDuration(given);
  if (ms.ok) return { ok: true, value: { ms: ms.value } };
  if (typeof given === 'number')
    return wrong(`The distance ${given} has no unit.`, `Write ${given} turns or ${given}s.`);
  return wrong(ms.message.replace('a length of time, e.g. 10s', 'a distance, e.g. 2 turns or 30s'), ms.hint);
}

/** How many units (turns) must hold. */
export type Quantifier = { kind: 'any' } | { kind: 'all' } | { kind: 'atLeast'; n: number };

/** `any`, `all`, `atLeast 2` → a quantifier. */
export function readQuantifier(given: unknown): Read<Quantifier> {
  if (given === 'any' || given === 'all') return { ok: true, value: { kind: given } };
  const match = typeof given === 'string' ? /^\s*atLeast\s+([1-9]\d*)\s*$/.exec(given) : null;
  if (match) return { ok: true, value: { kind: 'atLeast', n: Number(match[1]) } };
  return wrong(`"${String(given)}" is not a quantity.`, 'Write any, all or atLeast 2.');
}

/** Which of an anchor's hits count. */
export type HitMode = 'any' | 'each' | 'last' | number;

/** `any`, `each`, `last` or the n-th hit. */
export function readHit(given: unknown): Read<HitMode> {
  if (given === 'any' || given === 'each' || given === 'last') return { ok: true, value: given };
  if (typeof given === 'number' && Number.isInteger(given) && given >= 1) return { ok: true, value: given };
  return wrong(`"${String(given)}" does not name a hit.`, 'Write any, each, last or a number from 1.');
}
