import type { SentimentSummary, TurnSentiment } from '../../session/index.ts';

/** The figures of the session vocabulary over scored turns in scope (see `SentimentSummary` for each). */
export function summarise(scores: readonly TurnSentiment[]): Omit<SentimentSummary, 'turns'> {
  const values = scores.map((one) => one.score);
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const lowest = scores.reduce((a, b) => (b.score < a.score ? b : a));
  const last = values.slice(-3);
  let peak = -Infinity;
  let swing = 0;
  let run = 0;
  let negativeRun = 0;
  let covariance = 0;
  let variance = 0;
  for (const [i, value] of values.entries()) {
    peak = Math.max(peak, value);
    swing = Math.max(swing, peak - value);
    run = value < -0.25 ? run + 1 : 0;
    negativeRun = Math.max(negativeRun, run);
    covariance += (i - (n - 1) / 2) * (value - mean);
    variance += (i - (n - 1) / 2) ** 2;
  }
  return {
    mean,
    min: lowest.score,
    minTurn: lowest.turn,
    end: last.reduce((a, b) => a + b, 0) / last.length,
    trend: variance > 0 ? (covariance / variance) * n : 0,
    swing,
    negativeRun,
  };
}
