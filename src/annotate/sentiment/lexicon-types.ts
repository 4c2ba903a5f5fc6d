/**
 * What a phrase means for the mood of a service conversation.
 * - `affect`: feeling or judgement, whoever says it ("great", "disappointed").
 * - `trouble`: something went wrong for the customer. Counts only when the customer says it: an agent who repeats
 *   "so your machine is broken" restates, and does not complain.
 * - `tone`: impatience, blame, refusal. Counts only when the agent says it.
 * - `formula`: set phrases of politeness ("I am sorry to hear that", 请问, 满意度). No mood at all; films and
 *   forums use their words differently, so the linear model does not get to read them.
 */
export type EntryKind = 'affect' | 'trouble' | 'tone' | 'formula';

export interface LexiconEntry {
  phrase: string;
  kind: EntryKind;
  /** −1…1; 0 for a formula. */
  valence: number;
}

/** Source form: per kind, lists of phrases by valence. `|` separates the phrases of one list. */
export interface LexiconSource {
  affect: readonly (readonly [number, string])[];
  trouble: readonly (readonly [number, string])[];
  tone: readonly (readonly [number, string])[];
  formula: string;
  /** Turn the valence of what follows. */
  negators: string;
  /** Strengthen or weaken what follows: factor and words. */
  degrees: readonly (readonly [number, string])[];
}
