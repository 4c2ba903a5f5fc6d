import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TurnSentiment } from './index.ts';
import { summariseSentiment } from './sentiment-summary.ts';

const scored = (scores: number[]): TurnSentiment[] =>
  scores.map((score, i) => ({ turn: i * 2 + 1, speaker: 'customer', score, confidence: 1 }));

describe('sentiment summary', () => {
  it('is null without a scored turn', () => {
    expect(summariseSentiment([])).toBeNull();
  });

  it('gives the figures of a curve', () => {
    const { mean, end, trend, ...exact } = summariseSentiment(scored([0.2, -0.3, -0.9, -0.5, 0.1]))!;
    expect(exact).toEqual({ turns: 5, min: -0.9, minTurn: 5, swing: 1.1, negativeRun: 3 });
    expect([mean, end, trend].map((value) => Number(value.toFixed(6)))).toEqual([-0.28, -0.433333, -0.2]);
  });

  it('of one turn is that turn', () => {
    expect(summariseSentiment(scored([-0.4]))).toEqual({
      turns: 1,
      mean: -0.4,
      min: -0.4,
      minTurn: 1,
      end: -0.4,
      trend: 0,
      swing: 0,
      negativeRun: 1,
    });
  });

  it('turns its trend around with the conversation, and keeps its swing within what the scores span', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (scores) => {
        const there = summariseSentiment(scored(scores))!;
        const back = summariseSentiment(scored([...scores].reverse()))!;
        expect(back.trend).toBeCloseTo(-there.trend, 9);
        expect(there.swing).toBeLessThanOrEqual(Math.max(...scores) - Math.min(...scores));
        expect(there.swing).toBeGreaterThanOrEqual(0);
        expect(there.min).toBe(Math.min(...scores));
      }),
    );
  });
});
