import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tQuantile95, wilsonInterval } from './statistics.ts';

describe('Wilson interval', () => {
  it('gives the textbook figures', () => {
    const round = ({ low, high }: { low: number; high: number }) => [low.toFixed(4), high.toFixed(4)];
    expect(round(wilsonInterval(81, 263))).toEqual(['0.2553', '0.3662']);
    expect(round(wilsonInterval(0, 20))).toEqual(['0.0000', '0.1611']);
    expect(round(wilsonInterval(20, 20))).toEqual(['0.8389', '1.0000']);
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
  });

  it('holds the proportion, mirrors with it, and narrows with more trials', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (trials, seed) => {
        const successes = seed % (trials + 1);
        const { low, high } = wilsonInterval(successes, trials);
        const mirror = wilsonInterval(trials - successes, trials);
        const wider = wilsonInterval(successes * 2, trials * 2);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        expect(mirror.low).toBeCloseTo(1 - high, 9);
        expect(wider.high - wider.low).toBeLessThan(high - low);
      }),
    );
  });
});

describe('tQuantile95', () => {
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [4, 2.7764],
    [9, 2.2622],
    [10, 2.2281],
    [30, 2.0423],
    [143, 1.9767],
    [1999, 1.9612],
  ])('agrees with the printed table at df %i', (df, expected) => {
    expect(tQuantile95(df)).toBeCloseTo(expected, 4);
  });
});
