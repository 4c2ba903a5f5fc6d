import type { Localised } from '../session/index.ts';

/**
 * `wrong`: contradicts the entry. `hedged`: on the topic, but weakened (I think, 可能) or vague (a few days).
 * `unsupported`: an answer on the topic that the entry can neither confirm nor contradict. `correct`: agrees with it.
 * `unknown`: would be wrong if it was heard right, said by the agent and meant without condition; for a person.
 */
export type AnswerKind = 'wrong' | 'hedged' | 'unsupported' | 'correct' | 'unknown';

export interface AnswerFinding {
  /** Id of the entry. */
  entry: string;
  title: Localised;
  kind: AnswerKind;
  /** `n` of the turn. */
  turn: number;
  /** `quote` is exactly `text.slice(charStart, charEnd)` of that turn. */
  charStart: number;
  charEnd: number;
  quote: string;
  /** The right answer. */
  expected: Localised;
  /** The amount or the words that were judged. */
  found: string;
  /** 0…1: how sure the tie to the entry and the words are. */
  confidence: number;
  /** Why this kind, for people. */
  reason: Localised;
}

export const reasons = {
  differs: (found: string): Localised => ({
    en: `“${found}” contradicts the knowledge base.`,
    zh: `“${found}”与知识库不符。`,
  }),
  denied: (found: string): Localised => ({
    en: `What is denied here (“${found}”) is true according to the knowledge base.`,
    zh: `被否定的内容（“${found}”）按知识库是成立的。`,
  }),
  hedged: (hedge: string): Localised => ({
    en: `The answer is weakened by “${hedge}”.`,
    zh: `答复用“${hedge}”留了余地，不够明确。`,
  }),
  ignorant: (hedge: string): Localised => ({
    en: `“${hedge}”: no answer is given and none is looked up.`,
    zh: `“${hedge}”：没有给出答案，也没有去核实。`,
  }),
  vague: (found: string): Localised => ({
    en: `“${found}” names no definite amount.`,
    zh: `“${found}”没有给出明确的数字。`,
  }),
  correct: { en: 'Agrees with the knowledge base.', zh: '与知识库一致。' },
  unsupported: (found: string): Localised => ({
    en: `The knowledge base says nothing about “${found}” here.`,
    zh: `知识库里没有“${found}”的依据。`,
  }),
  conditional: {
    en: 'Differs from the knowledge base, but is said of a special case or under a condition.',
    zh: '与知识库不同，但说的是特殊情况或带有条件。',
  },
  unsureWords: {
    en: 'Differs from the knowledge base, but these very words were recognised with low confidence.',
    zh: '与知识库不同，但这几个字的识别置信度偏低。',
  },
  unsureSpeaker: {
    en: 'Differs from the knowledge base, but it is not known who said it.',
    zh: '与知识库不同，但无法确定是谁说的。',
  },
  unsureDate: {
    en: 'Differs from the knowledge base, but the session has no date and the entry is valid for a time only.',
    zh: '与知识库不同，但会话没有日期，而该条目有有效期。',
  },
  corrected: {
    en: 'Differs from the knowledge base, but the agent corrects it afterwards.',
    zh: '与知识库不同，但坐席随后作了更正。',
  },
  contradictory: {
    en: 'Right and differing statements stand side by side in one sentence.',
    zh: '同一句话里既有正确的说法，也有不同的说法。',
  },
} as const;
