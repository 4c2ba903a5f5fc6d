import { describe, expect, it } from 'vitest';
import { fixed, instantText, meanText, measureText, percent, plural, rateText, signed, wallClock } from './format.ts';

describe('figures', () => {
  it.each([
    [fixed(61.46), '61.5'],
    [fixed(-0.04), '0.0'],
    [fixed(-7.25), '−7.3'],
    [signed(0.42), '+0.4'],
    [signed(0.04), '0.0'],
    [signed(-0.7), '−0.7'],
    [percent(0.7143), '71 %'],
    [percent(0.001), '<1 %'],
    [percent(0.999), '>99 %'],
    [percent(1), '100 %'],
    [meanText({ mean: 82.41, halfWidth: 3.08, low: 79.3, high: 85.5, n: 144 }), '82.4 ±3.1 (n 144)'],
    [meanText({ mean: 82.41, halfWidth: null, low: null, high: null, n: 1 }), '82.4 (n 1)'],
    [meanText(null), '–'],
    [rateText({ count: 5, n: 7, rate: 5 / 7, low: 0.359, high: 0.918 }), '71 % [36–92] (n 7)'],
    [plural(1, 'session'), '1 session'],
    [plural(3, 'session'), '3 sessions'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });

  it('knows milliseconds', () => {
    expect(measureText(12_400, 'ms')).toEqual({ en: '12.4 s', zh: '12.4 秒' });
    expect(measureText(0.815, null)).toEqual({ en: '0.81', zh: '0.81' });
    expect(measureText(3, 'hits')).toEqual({ en: '3 hits', zh: '3 hits' });
  });
});

describe('instants', () => {
  it('keeps the clock of the source', () => {
    expect(instantText('2025-11-18T10:04:00+01:00')).toEqual({ en: '18 Nov 2025, 10:04', zh: '2025年11月18日 10:04' });
    expect(instantText('2025-11-18T18:30:00Z')).toEqual({
      en: '18 Nov 2025, 18:30 UTC',
      zh: '2025年11月18日 18:30 UTC',
    });
    expect(instantText('2025-11-18')).toEqual({ en: '18 Nov 2025', zh: '2025年11月18日' });
    expect(instantText('yesterday')).toEqual({ en: 'yesterday', zh: 'yesterday' });
  });

  it('adds an offset on the wall clock of the source', () => {
    expect(wallClock('2025-11-18T23:59:50+08:00', 15_000)).toEqual({ date: '11-19', time: '00:00:05' });
    expect(wallClock('2025-11-18T00:10:00-03:30', 0)).toEqual({ date: '11-18', time: '00:10:00' });
    expect(wallClock('2025-11-18T00:10:00', 0)).toBeNull();
    expect(wallClock('nonsense', 0)).toBeNull();
  });
});
