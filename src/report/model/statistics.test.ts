import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanWithInterval, quantile, rateWithInterval } from './statistics.ts';

const near = (value: number, digits: number) => expect.closeTo(value, digits) as number;

describe('meanWithInterval', () => {
  it('computes mean ± t·s/√n', () => {
    // s² = 200/3, n = 4: half width 3.182446 · √(200/12)
    expect(meanWithInterval([70, 80, 90, 80])).toEqual({
      mean: 80,
      halfWidth: near(12.9923, 4),
      low: near(67.0077, 4),
      high: near(92.9923, 4),
      n: 4,
    });
  });

  it('gives no interval to one value and nothing to none', () => {
    expect(meanWithInterval([61.5])).toEqual({ mean: 61.5, halfWidth: null, low: null, high: null, n: 1 });
    expect(meanWithInterval([])).toBeNull();
  });
});

describe('rateWithInterval', () => {
  it('agrees with worked Wilson intervals', () => {
    expect(rateWithInterval(8, 10)).toEqual({
      count: 8,
      n: 10,
      rate: 0.8,
      low: near(0.490162, 6),
      high: near(0.943318, 6),
    });
    expect(rateWithInterval(0, 5)).toEqual({ count: 0, n: 5, rate: 0, low: 0, high: near(0.434482, 6) });
    expect(rateWithInterval(5, 5)).toEqual({ count: 5, n: 5, rate: 1, low: near(0.565518, 6), high: 1 });
    expect(rateWithInterval(0, 0)).toBeNull();
  });

  it('holds the rate inside the interval and mirrors when counting the opposite', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const count = Math.round(share * n);
        const rate = rateWithInterval(count, n)!;
        const opposite = rateWithInterval(n - count, n)!;
        expect(0 <= rate.low && rate.low <= rate.rate && rate.rate <= rate.high && rate.high <= 1).toBe(true);
        expect(opposite.low).toBeCloseTo(1 - rate.high, 9);
      }),
    );
  });
});

describe('quantile', () => {
  it('interpolates between neighbours', () => {
    expect(quantile([40, 10, 30, 20], 0.5)).toBe(25);
    expect(quantile([10, 20, 30, 40, 50], 0.9)).toBe(46);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeNull();
  });
});
