import type { Span } from './annotations.ts';
import type { Speaker } from './primitives.ts';
import type { Session, Turn } from './session.ts';

/** A stretch of speech of one turn without a pause of a second or more. */
export interface Utterance extends Span {
  turn: number;
  speaker: Speaker;
}

/** Shorter gaps are breath, not silence: the least length of a reported silence, and what splits a turn in two. */
export const leastSilenceMs = 1000;

/** Turns that the other side heard or read: internal notes are no part of the conversation. */
export function publicTurns(session: Session): Turn[] {
  return session.turns.filter(({ visibility }) => visibility === 'public');
}

/** Utterances of turns with times, ordered by start. Word times, where there are any, show the pauses inside a turn. */
export function utterances(turns: readonly Turn[]): Utterance[] {
  const found: Utterance[] = [];
  for (const { n, speaker, startMs, endMs, words } of turns) {
    if (startMs === null || endMs === null || endMs <= startMs) continue;
    let current: Utterance | undefined;
    for (const word of [...(words ?? [])].sort((a, b) => a.startMs - b.startMs)) {
      if (word.endMs < word.startMs) continue;
      if (current && word.startMs - current.endMs < leastSilenceMs) {
        current.endMs = Math.max(current.endMs, word.endMs);
        continue;
      }
      if (current) found.push(current);
      current = { turn: n, speaker, startMs: word.startMs, endMs: word.endMs };
    }
    found.push(current ?? { turn: n, speaker, startMs, endMs });
  }
  return found.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.turn - b.turn);
}
