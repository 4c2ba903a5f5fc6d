import type { Speaker } from '../../session/index.ts';
import { length, type ModelLanguage, normalise } from './features.ts';
import { type LinearModel, logits, type Probabilities, softmax } from './model.ts';
import { prior } from './prior.ts';

/**
 * How lexicon and linear model are put together; set on the tuning halves, documented in docs/reference/sentiment.md,
 * part of the pinned hash.
 */
export const combination = {
  /** Log-odds that an ordinary service turn is neutral, before anything is read. */
  neutral: 0.7,
  /** Log-odds per unit of lexicon valence. */
  lexicon: 3.5,
  /** Share of the linear model's logits that is believed. Forum and television talk is not service talk. */
  model: { en: { customer: 1.2, agent: 0.6 }, zh: { customer: 0.8, agent: 0.5 } },
  /** Words at which half of the linear model's share is believed: w² / (w² + h²), so that one word says next to nothing. */
  halfLength: 4,
  /** Part of the confidence that the linear model alone, and a lexicon phrase alone, can give. */
  reliability: { en: 0.7, zh: 0.4, lexicon: 0.85 },
} as const;

export interface TextSentiment {
  score: number;
  confidence: number;
  probabilities: Probabilities;
}

/**
 * Sentiment of one turn's text: p(positive) − p(negative) of
 * softmax(neutral prior + lexicon log-odds + damped logits of the linear model).
 * Confidence = how far the largest probability lies above 1/3 (scaled to 0…1) × support, where support grows with the
 * words read and with lexicon phrases found: a turn of "ok" scores about 0 with a confidence of about 0.
 */
export function scoreText(text: string, language: ModelLanguage, speaker: Speaker, model: LinearModel): TextSentiment {
  const found = prior(normalise(text), language, speaker);
  const words = length(found.remaining, language);
  const coverage = words ** 2 / (words ** 2 + combination.halfLength ** 2);
  const share = combination.model[language][speaker === 'agent' ? 'agent' : 'customer'] * coverage;
  const read = logits(model, found.remaining);
  const centre = (read[0] + read[1] + read[2]) / 3;
  const probabilities = softmax([
    share * (read[0] - centre) + combination.lexicon * found.negative,
    share * (read[1] - centre) + combination.neutral,
    share * (read[2] - centre) + combination.lexicon * found.positive,
  ]);
  const byLexicon = found.hits.length > 0 ? combination.reliability.lexicon : 0;
  const support = 1 - (1 - combination.reliability[language] * coverage) * (1 - byLexicon);
  const commitment = (Math.max(...probabilities) - 1 / 3) * 1.5;
  return {
    score: round(probabilities[2] - probabilities[0]),
    confidence: round(Math.max(0, Math.min(1, commitment * support))),
    probabilities,
  };
}

/** Four digits are kept, so that a stored score does not depend on the last bits of a platform's exponential. */
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4 || 0;
}
