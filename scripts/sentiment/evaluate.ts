import type { ModelLanguage } from '../../src/annotate/sentiment/features.ts';
import { type LinearModel, logits } from '../../src/annotate/sentiment/model.ts';
import { scoreText } from '../../src/annotate/sentiment/score.ts';
import { prior } from '../../src/annotate/sentiment/prior.ts';
import { normalise } from '../../src/annotate/sentiment/features.ts';
import { negativeBelow } from '../../src/session/index.ts';
import type { Label, ServiceSentence } from './corpora.ts';

export interface ClassFigures {
  n: number;
  precision: number;
  recall: number;
  f1: number;
}
export interface Figures {
  n: number;
  accuracy: number;
  macroF1: number;
  classes: { negative: ClassFigures; neutral: ClassFigures; positive: ClassFigures };
}

/** Accuracy, macro-F1 and per-class figures of predictions against labels (0 negative, 1 neutral, 2 positive). */
export function figures(pairs: readonly { label: Label; predicted: Label }[]): Figures {
  const table = [0, 1, 2].map(() => [0, 0, 0]);
  for (const { label, predicted } of pairs) table[label]![predicted]!++;
  const of = (c: number): ClassFigures => {
    const hit = table[c]![c]!;
    const n = table[c]!.reduce((sum, count) => sum + count, 0);
    const said = table.reduce((sum, row) => sum + row[c]!, 0);
    const precision = said > 0 ? hit / said : 0;
    const recall = n > 0 ? hit / n : 0;
    return { n, precision, recall, f1: hit > 0 ? (2 * precision * recall) / (precision + recall) : 0 };
  };
  const [negative, neutral, positive] = [of(0), of(1), of(2)] as [ClassFigures, ClassFigures, ClassFigures];
  return {
    n: pairs.length,
    accuracy: (table[0]![0]! + table[1]![1]! + table[2]![2]!) / pairs.length,
    macroF1: (negative.f1 + neutral.f1 + positive.f1) / 3,
    classes: { negative, neutral, positive },
  };
}

/** The class that the linear model alone finds most probable. */
export function modelClass(model: LinearModel, text: string): Label {
  const values = logits(model, text);
  return values.indexOf(Math.max(...values)) as Label;
}

/** Class of a −1…1 score with the same threshold on both sides. */
export function classOf(score: number): Label {
  return score < negativeBelow ? 0 : score > -negativeBelow ? 2 : 1;
}

/** The lexicon alone: the sign of the sum of the valences found. */
export function lexiconClass(text: string, language: ModelLanguage): Label {
  const { positive, negative } = prior(normalise(text), language, 'customer');
  return positive > negative ? 2 : negative > positive ? 0 : 1;
}

/** The commonest class of the training labels, as a constant answer. */
export function majorityClass(labels: readonly Label[]): Label {
  const counts = [0, 0, 0];
  for (const label of labels) counts[label]!++;
  return counts.indexOf(Math.max(...counts)) as Label;
}

/** Share of texts that the shipped combination calls negative (score < −0.25). */
export function falseAlarms(
  texts: readonly { text: string; speaker: 'agent' | 'customer' }[],
  language: ModelLanguage,
  model: LinearModel,
): { n: number; alarms: number; share: number } {
  const alarms = texts.filter(
    ({ text, speaker }) => scoreText(text, language, speaker, model).score < negativeBelow,
  ).length;
  return { n: texts.length, alarms, share: alarms / texts.length };
}

/** Figures of the shipped combination on the hand-written service sentences. */
export function serviceFigures(sentences: readonly ServiceSentence[], model: LinearModel): Figures {
  return figures(
    sentences.map(({ text, speaker, label }) => ({
      label,
      predicted: classOf(scoreText(text, model.language, speaker, model).score),
    })),
  );
}
