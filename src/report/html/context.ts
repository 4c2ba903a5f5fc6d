import { type Evidence, type SessionResult, formatClock } from '../../session/index.ts';
import { wallClock } from '../format.ts';
import type { Html } from './escape.ts';
import { fragment, html } from './escape.ts';

/** Where a session's recording lies relative to the report, or why there is none to play. */
export type RecordingLink =
  | { kind: 'playable'; href: string }
  | { kind: 'absent'; path: string }
  | { kind: 'left-out' }
  | { kind: 'no-recording' };

/** What every part of a session's markup needs to point into it. */
export interface SessionContext {
  session: SessionResult;
  /** The id as used in `id="…"` and links. */
  fragment: string;
  recording: RecordingLink;
  /** A moment as its reader knows it: `mm:ss.s` in a call, the clock on the wall in a chat or ticket. */
  clock(ms: number): string;
}

export function contextOf(session: SessionResult, recording: RecordingLink): SessionContext {
  return { session, fragment: fragment(session.id), recording, clock: clockOf(session) };
}

function clockOf({ channel, startedAt }: SessionResult): (ms: number) => string {
  if (channel === 'call' || startedAt === null || wallClock(startedAt, 0) === null) return formatClock;
  const firstDay = wallClock(startedAt, 0)!.date;
  return (ms) => {
    const at = wallClock(startedAt, ms);
    if (!at) return formatClock(ms);
    if (channel === 'chat' && at.date === firstDay) return at.time;
    return `${at.date} ${at.time.slice(0, 5)}`;
  };
}

/**
 * A moment that can be gone to: plays the recording there (`#t=` does so without a script too), and shows the turn.
 * Without a time it names the turn; without either there is nothing to link.
 */
export function timeLink(context: SessionContext, at: Pick<Evidence, 'startMs' | 'turn'>, classes = 'p'): Html | null {
  if (at.startMs === null && at.turn === null) return null;
  const label = at.startMs === null ? `#${at.turn}` : context.clock(at.startMs);
  const turn = at.turn === null ? null : html` data-n="${at.turn}"`;
  const session = html`data-s="${context.fragment}"`;
  if (context.recording.kind === 'playable' && at.startMs !== null) {
    const seconds = String(at.startMs / 1000);
    return html`<a
      class="${classes} play"
      href="${context.recording.href}#t=${seconds}"
      data-t="${at.startMs}"
      ${session}${turn}
      >${label}</a
    >`;
  }
  const target = at.turn === null ? `#s=${context.fragment}` : `#${turnId(context, at.turn)}`;
  return html`<a class="${classes}" href="${target}" ${session}${turn}>${label}</a>`;
}

export function turnId(context: SessionContext, turn: number): string {
  return `${context.fragment}.${turn}`;
}
