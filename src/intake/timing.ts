import type { Channel, Problem } from '../session/index.ts';
import { count, notice } from './problems.ts';
import { orderedPositions, parseTime } from './times.ts';

/** What a message says about its time, before it is put on the session's clock. */
export interface StatedTime {
  /** Milliseconds on the session's own clock, where the source counts so itself. */
  startMs: number | null;
  endMs: number | null;
  /** A point in time in any spelling that parseTime knows. */
  time: unknown;
}

export interface Clock {
  /** The messages in session order: index into the source, and times in ms since the session's zero. */
  order: { index: number; startMs: number | null; endMs: number | null }[];
  /** Instant of time zero when the messages state instants, else null. */
  startedAt: string | null;
  notices: Problem[];
}

/**
 * Puts messages on one clock: integer ms since the first message (chats, tickets) or the first sample (calls).
 * Times that run backwards: a call is put in order of time (two channels of one clock); a chat or ticket that runs
 * backwards throughout was exported newest first and is turned round; otherwise the order of the file is kept and the
 * fewest messages possible lose their time. A message without time stays where it stands.
 */
export function placeOnClock(stated: readonly StatedTime[], channel: Channel, timeZone: string, place: string): Clock {
  const { times, instants, ends } = readTimes(stated, timeZone);
  const notices: Problem[] = [];
  const missing = times.filter((time) => time === null).length;
  if (missing > 0)
    notices.push(
      notice(
        'times-missing',
        place,
        `${missing === times.length ? 'No message states' : `${missing} of ${count(times.length, 'message')} do not state`} a time that can be read; rules about time answer "unknown" there.`,
        'Export the time of every message, as ISO 8601 if you can.',
      ),
    );
  let order = times.map((_, index) => index);
  const known = order.filter((index) => times[index] !== null);
  const backwards = known.filter((index, i) => i > 0 && times[index]! < times[known[i - 1]!]!);
  if (backwards.length > 0) {
    const what = describeBackwards(backwards);
    if (channel === 'call') {
      order = sortByTime(times);
      notices.push(
        notice('times-backwards', place, `Times run backwards (${what}); the turns were put in order of time.`),
      );
    } else if (newestFirst(known.map((index) => times[index]!)) && known.length === times.length) {
      order.reverse();
      notices.push(
        notice('times-backwards', place, 'The messages run from newest to oldest; their order was turned round.'),
      );
    } else {
      const kept = orderedPositions(known.map((index) => times[index]!));
      const lost = known.filter((_, i) => !kept.has(i));
      for (const index of lost) times[index] = null;
      notices.push(
        notice(
          'times-backwards',
          place,
          `Times run backwards (${what}). The order of the file was kept and ${count(lost.length, 'message')} lost ${lost.length === 1 ? 'its' : 'their'} time.`,
          'Export the messages in order of time, all by one clock.',
        ),
      );
    }
  }
  const first = times[order.find((index) => times[index] !== null) ?? -1] ?? null;
  const zero = instants || (channel !== 'call' && !stated.some((s) => s.startMs !== null)) ? (first ?? 0) : 0;
  return {
    order: order.map((index) => {
      const time = times[index]!;
      if (time === null) return { index, startMs: null, endMs: null };
      const startMs = time - zero;
      const end = ends[index] ?? null;
      if (channel !== 'call') return { index, startMs, endMs: startMs };
      return { index, startMs, endMs: end === null || end < time ? null : end - zero };
    }),
    startedAt: instants && first !== null ? new Date(first).toISOString() : null,
    notices,
  };
}

function readTimes(stated: readonly StatedTime[], timeZone: string) {
  const ends = stated.map((message) => message.endMs);
  if (stated.some((message) => message.startMs !== null))
    return { times: stated.map((message) => message.startMs), instants: false, ends };
  const parsed = stated.map((message) => (message.time == null ? null : parseTime(message.time, timeZone)));
  const instants = parsed.some((time) => time?.kind === 'instant');
  const times = parsed.map((time) => (time && (time.kind === 'instant') === instants ? time.ms : null));
  return { times, instants, ends };
}

function newestFirst(times: readonly number[]): boolean {
  return times.every((time, i) => i === 0 || time <= times[i - 1]!);
}

/** Stable order by time; a turn without time stays behind the one before it. */
function sortByTime(times: readonly (number | null)[]): number[] {
  let last = Number.NEGATIVE_INFINITY;
  const keys = times.map((time) => (last = time ?? last));
  return times.map((_, index) => index).sort((a, b) => (keys[a] === keys[b] ? a - b : keys[a]! - keys[b]!));
}

function describeBackwards(indices: readonly number[]): string {
  const shown = indices.slice(0, 5).map((index) => index + 1);
  return `at message ${shown.join(', ')}${indices.length > 5 ? ', …' : ''}`;
}
