import type { Turn } from '../../session/index.ts';
import type { TimeRange } from '../load/units.ts';
import type { SessionView } from '../evaluate/view.ts';
import { both, length, timeRangeWords, zeroWords } from '../wording.ts';
import type { Membership, TimeZero } from './types.ts';

/** A time limit on the session's clock, [fromMs, toMs); null where the session's times cannot carry one. */
export interface TimeBounds {
  time: TimeRange;
  zero: TimeZero;
  zeroMs: number | null;
  fromMs: number;
  toMs: number;
  known: boolean;
}

/** Turns a time limit into bounds. `first` is open towards the start, `last` includes the end. */
export function timeBounds(view: SessionView, time: TimeRange, zero: TimeZero): TimeBounds {
  const zeroMs = view.zero(zero);
  const end = view.end(zero);
  const base = { time, zero, zeroMs };
  if (zeroMs === null || end === null || !view.timesTrusted)
    return { ...base, fromMs: -Infinity, toMs: Infinity, known: false };
  switch (time.kind) {
    case 'first':
      return { ...base, fromMs: -Infinity, toMs: zeroMs + time.ms, known: true };
    case 'last':
      return { ...base, fromMs: end - time.ms, toMs: Infinity, known: true };
    case 'span':
      return { ...base, fromMs: zeroMs + time.fromMs, toMs: zeroMs + time.toMs, known: true };
    case 'percent': {
      const span = end - zeroMs;
      const toMs = time.to === 100 ? Infinity : zeroMs + (span * time.to) / 100;
      return { ...base, fromMs: zeroMs + (span * time.from) / 100, toMs, known: true };
    }
  }
}

/** Whether any part of a turn falls into the bounds; unknown times count as touching. */
export function turnTouches(bounds: TimeBounds, turn: Turn): boolean {
  if (!bounds.known || turn.startMs === null) return true;
  const endMs = turn.endMs ?? turn.startMs;
  return turn.startMs < bounds.toMs && (endMs > bounds.fromMs || turn.startMs >= bounds.fromMs);
}

/** Words belong to a time limit when they start in it. */
export function placeByTime(bounds: TimeBounds, at: { startMs: number | null; endMs: number | null }): Membership {
  if (!bounds.known || at.startMs === null || bounds.zeroMs === null)
    return { in: 'maybe', why: both('the times are not known well enough', '时间不够可靠') };
  if (at.startMs >= bounds.fromMs && at.startMs < bounds.toMs) return { in: 'yes' };
  const late = at.startMs >= bounds.toMs;
  const from = at.startMs - bounds.zeroMs;
  if (bounds.time.kind === 'first') {
    const limit = bounds.time.ms;
    const since =
      bounds.zero === 'first-speech'
        ? both('', '')
        : both(` after ${zeroWords[bounds.zero].en}`, `（自${zeroWords[bounds.zero].zh}起）`);
    return {
      in: 'no',
      measured: from,
      threshold: limit,
      unit: 'ms',
      note: both(
        `said at ${length(from).en}${since.en}, limit ${length(limit).en}`,
        `在第 ${length(from).zh}说出${since.zh}，时限 ${length(limit).zh}`,
      ),
    };
  }
  const threshold = (late ? bounds.toMs : bounds.fromMs) - bounds.zeroMs;
  return {
    in: 'no',
    measured: from,
    threshold,
    unit: 'ms',
    note: both(
      `said at ${length(from).en}, ${late ? 'after' : 'before'} ${timeRangeWords(bounds.time).en}`,
      `在第 ${length(from).zh}说出，不在${timeRangeWords(bounds.time).zh}`,
    ),
  };
}
