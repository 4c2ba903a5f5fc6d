import type { Turn } from '../../session/index.ts';
import type { SessionView } from './view.ts';

/** Below which recognition confidence (0…1) a rule no longer trusts the words. 0 turns a check off. */
export interface Confidence {
  /** Mean over the matched words: a hit below it is doubtful. */
  words: number;
  /** Mean over all words in scope: an absence below it proves nothing. */
  scope: number;
}

/**
 * Means, not single words: recognisers such as pocketsphinx give single words wildly different posteriors, while
 * the mean over a phrase or over a scope separates readable from unreadable sound.
 */
export const defaultConfidence: Confidence = { words: 0.15, scope: 0.3 };

/** Mean confidence of the words that touch `[charStart, charEnd)`; null where the recogniser gives none. */
function confidenceOf(turn: Turn, charStart: number, charEnd: number): number | null {
  const values: number[] = [];
  let at = 0;
  for (const word of turn.words ?? []) {
    const found = turn.text.indexOf(word.text, at);
    if (found < 0) continue;
    at = found + word.text.length;
    if (found < charEnd && at > charStart && word.confidence !== undefined) values.push(word.confidence);
  }
  if (values.length === 0) return turn.confidence ?? null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether words that were found may have been misheard. Written text never is. */
export function doubtfulWords(
  view: SessionView,
  limits: Confidence,
  turn: Turn,
  charStart: number,
  charEnd: number,
): boolean {
  if (view.session.transcript.origin !== 'recognised') return false;
  const value = confidenceOf(turn, charStart, charEnd);
  return value !== null && value < limits.words;
}

/** Mean confidence over the turns, by length of text, where it is too low to prove an absence; else null. */
export function doubtfulAbsence(view: SessionView, limits: Confidence, turns: readonly Turn[]): number | null {
  if (view.session.transcript.origin !== 'recognised') return null;
  let weight = 0;
  let sum = 0;
  for (const turn of turns) {
    const value = view.memo(`confidence:${turn.n}`, () => confidenceOf(turn, 0, turn.text.length));
    if (value === null) continue;
    weight += turn.text.length;
    sum += value * turn.text.length;
  }
  if (weight === 0) return null;
  return sum / weight < limits.scope ? sum / weight : null;
}
