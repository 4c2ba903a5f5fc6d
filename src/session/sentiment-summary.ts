import type { SentimentSummary, TurnSentiment } from './annotations.ts';

/** A turn below this counts as negative (−1…1). */
export const negativeBelow = -0.25;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Curve of one speaker's scored turns in a few figures; null without a scored turn. The trend is the least-squares
 * slope over the turn's position among the scored turns (1, 2, …) times their number: the change over the session.
 */
export function summariseSentiment(turns: readonly TurnSentiment[]): SentimentSummary | null {
  if (turns.length === 0) return null;
  const scores = turns.map(({ score }) => score);
  const min = Math.min(...scores);
  let highest = -Infinity;
  let swing = 0;
  let run = 0;
  let negativeRun = 0;
  for (const score of scores) {
    swing = Math.max(swing, highest - score);
    highest = Math.max(highest, score);
    run = score < negativeBelow ? run + 1 : 0;
    negativeRun = Math.max(negativeRun, run);
  }
  return {
    turns: turns.length,
    mean: mean(scores),
    min,
    minTurn: turns[scores.indexOf(min)]!.turn,
    end: mean(scores.slice(-3)),
    trend: slope(scores) * scores.length,
    swing,
    negativeRun,
  };
}

/** Least-squares slope of values over 0, 1, 2, …; 0 for a single value. */
function slope(values: readonly number[]): number {
  const centre = (values.length - 1) / 2;
  const average = mean(values);
  let covariance = 0;
  let variance = 0;
  for (const [i, value] of values.entries()) {
    covariance += (i - centre) * (value - average);
    variance += (i - centre) ** 2;
  }
  return variance > 0 ? covariance / variance : 0;
}
