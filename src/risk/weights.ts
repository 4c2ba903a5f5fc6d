import type { Band } from '../session/index.ts';

/** Pinned in every result: a change of a weight, a threshold or a word list is a new version. */
export const riskModel = { id: 'earwitness-risk', version: '1', calibrated: false } as const;

/** Probability that a session without any reason still hides something: the share of finds in random checks, assumed. */
export const baseRate = 0.06;

/**
 * Log-odds that a reason adds at full strength. Set by hand, not learned (`calibrated: false`); why each has its size
 * stands in docs/decisions/0011-risk-weights.md. None is negative, so that a further reason never lowers the risk.
 */
export const weights = {
  'critical-customer': 1.7,
  'critical-compliance': 1.6,
  'critical-business': 1.5,
  'auto-fail': 1,
  'wrong-answer': 0.8,
  'failed-items': 0.8,
  'low-score': 0.8,
  'customer-threat': 2.8,
  'customer-complaint': 1.5,
  'sentiment-end': 1.5,
  'sentiment-run': 0.6,
  'sentiment-swing': 0.5,
  'sentiment-trend': 0.4,
  'agent-tone': 1.2,
  'unanswered-end': 1.2,
  'negative-end': 0.5,
  'long-silence': 0.7,
  'long-hold': 0.4,
  'long-wait': 0.6,
  'unknown-items': 0.5,
  'low-confidence': 0.4,
  'not-transcribed': 1.6,
  'low-survey': 1.8,
} as const;

export type ReasonCode = keyof typeof weights;

/** Least probability of each band. */
export const bands = { critical: 0.75, high: 0.5, medium: 0.2 } as const;

/** The band of a probability. */
export function bandOf(probability: number): Band {
  if (probability >= bands.critical) return 'critical';
  if (probability >= bands.high) return 'high';
  return probability >= bands.medium ? 'medium' : 'low';
}

/** 0 at `from` (and before), 1 at `to` (and beyond), straight between; works in both directions. */
export function ramp(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}

/** Log-odds of a probability. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** Probability of log-odds. */
export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
