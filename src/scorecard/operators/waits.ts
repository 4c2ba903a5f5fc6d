import type { Turn } from '../../session/index.ts';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import type { SessionView } from '../evaluate/view.ts';
import type { Finder } from '../matching.ts';
import { isCloser } from './closers.ts';
import { timeBetween } from './moments.ts';

/** A customer's message that needed a reply. */
export interface Wait {
  turn: Turn;
  /** The reply; null where none ever came. */
  reply: Turn | null;
  /** ms; null where times (or, by a calendar, the date) are unknown, Infinity where no reply ever came. */
  ms: number | null;
}

/** Every wait of the session, in order. Courtesies that nobody answered are none. */
export function waitsOf(view: SessionView, closers: Finder, calendar: BusinessCalendar | null): Wait[] {
  const { measures } = view.annotations;
  return measures.responses.flatMap(({ customerTurn, agentTurn, waitMs }): Wait[] => {
    const turn = view.turn(customerTurn);
    if (!turn) return [];
    const reply = agentTurn === null ? null : (view.turn(agentTurn) ?? null);
    if (reply === null) return isCloser(closers, turn.text) ? [] : [{ turn, reply, ms: Infinity }];
    if (!measures.timesTrusted || waitMs === null) return [{ turn, reply, ms: null }];
    const from = turn.endMs ?? turn.startMs;
    const counted = calendar && from !== null ? timeBetween(view, calendar, from, from + waitMs) : waitMs;
    return [{ turn, reply, ms: counted }];
  });
}
