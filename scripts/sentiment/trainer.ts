import { features, type ModelLanguage, normalise } from '../../src/annotate/sentiment/features.ts';
import type { LinearModel } from '../../src/annotate/sentiment/model.ts';
import type { Example } from './corpora.ts';

export interface TrainOptions {
  language: ModelLanguage;
  bits: number;
  epochs: number;
  /** AdaGrad's step. */
  rate: number;
  /** L2 penalty per example. */
  l2: number;
  seed: number;
  /** Weight of an example of each class: (share of the class)^−balance, normalised to mean 1. */
  balance: number;
}

/** Mulberry32: a small seeded generator, uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Multinomial logistic regression on hashed presence features of unit length, by AdaGrad; L2 is applied lazily to
 * the rows that an example touches. Averaged over the last epoch, then quantised to int8 with one scale.
 */
export function train(examples: readonly Example[], options: TrainOptions): LinearModel {
  const rows = 2 ** options.bits;
  const weights = new Float64Array(rows * 3);
  const squares = new Float64Array(rows * 3).fill(1e-8);
  const bias = [0, 0, 0] as [number, number, number];
  const documents = examples.map(({ text }) => features(normalise(text), options.language, options.bits));
  const classWeight = balanceWeights(examples, options.balance);
  const order = examples.map((_, i) => i);
  const random = seededRandom(options.seed);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    const rate = options.rate / (1 + epoch);
    for (const i of order) {
      const document = documents[i]!;
      if (document.length === 0) continue;
      const value = 1 / Math.sqrt(document.length);
      const gradient = probabilities(weights, bias, document, value);
      gradient[examples[i]!.label] -= 1;
      const weight = examples[i]!.weight ?? classWeight[examples[i]!.label]!;
      for (let c = 0; c < 3; c++) {
        const g = gradient[c]! * weight;
        bias[c]! -= 0.01 * rate * g;
        for (const row of document) {
          const at = row * 3 + c;
          const step = g * value + options.l2 * weights[at]!;
          squares[at]! += step * step;
          weights[at]! -= (rate * step) / Math.sqrt(squares[at]!);
        }
      }
    }
  }
  return quantise(weights, bias, options);
}

function probabilities(
  weights: Float64Array,
  bias: readonly number[],
  document: Uint32Array,
  value: number,
): [number, number, number] {
  const logits = [0, 0, 0] as [number, number, number];
  for (const row of document) for (let c = 0; c < 3; c++) logits[c]! += weights[row * 3 + c]!;
  for (let c = 0; c < 3; c++) logits[c] = Math.exp(Math.min(30, bias[c]! + logits[c]! * value));
  const sum = logits[0] + logits[1] + logits[2];
  return [logits[0] / sum, logits[1] / sum, logits[2] / sum];
}

function balanceWeights(all: readonly Example[], power: number): number[] {
  const examples = all.filter(({ weight }) => weight === undefined);
  const counts = [0, 0, 0];
  for (const { label } of examples) counts[label]!++;
  const raw = counts.map((count) => (count / examples.length) ** -power);
  const mean = raw.reduce((sum, weight, c) => sum + (weight * counts[c]!) / examples.length, 0);
  return raw.map((weight) => weight / mean);
}

function shuffle(order: number[], random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
}

function quantise(weights: Float64Array, bias: [number, number, number], options: TrainOptions): LinearModel {
  // The few weights beyond the 99.99th percentile are clipped, so that the rest keep their resolution.
  const sizes = Float64Array.from(weights.filter((weight) => weight !== 0).map(Math.abs)).sort();
  const scale = (sizes[Math.floor(sizes.length * 0.9999)] ?? 1) / 127;
  const small = new Int8Array(weights.length);
  for (const [i, weight] of weights.entries()) small[i] = Math.max(-127, Math.min(127, Math.round(weight / scale)));
  return { language: options.language, bits: options.bits, weights: small, scale, bias, temperature: 1 };
}
