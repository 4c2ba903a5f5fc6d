import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatClock,
  formatDuration,
  gapsBetween,
  intersectSpans,
  mergeSpans,
  overlapMs,
  parseDuration,
  type Span,
  timeOfChars,
  type Turn,
} from './index.ts';

const span = fc
  .tuple(fc.nat(2000), fc.integer({ min: 1, max: 300 }))
  .map(([startMs, length]): Span => ({ startMs, endMs: startMs + length }));
const covered = (spans: readonly Span[], at: number) => spans.some((one) => one.startMs <= at && at < one.endMs);

describe('span arithmetic', () => {
  it('merging keeps exactly the covered milliseconds, ordered and disjoint', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), fc.nat(2400), (spans, at) => {
        const merged = mergeSpans(spans);
        expect(covered(merged, at)).toBe(covered(spans, at));
        for (let i = 1; i < merged.length; i++) expect(merged[i]!.startMs).toBeGreaterThan(merged[i - 1]!.endMs);
      }),
    );
  });

  it('intersection and gaps split a stretch without rest', () => {
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 8 }),
        fc.array(span, { maxLength: 8 }),
        fc.nat(2400),
        (left, right, at) => {
          const a = mergeSpans(left);
          const b = mergeSpans(right);
          expect(covered(intersectSpans(a, b), at)).toBe(covered(a, at) && covered(b, at));
          if (at < 2400) expect(covered(gapsBetween(a, 0, 2400), at)).toBe(!covered(a, at));
        },
      ),
    );
  });

  it('measures an overlap', () => {
    expect([
      overlapMs({ startMs: 0, endMs: 10 }, { startMs: 4, endMs: 20 }),
      overlapMs({ startMs: 0, endMs: 10 }, { startMs: 10, endMs: 20 }),
    ]).toEqual([6, 0]);
  });
});

describe('times as people read them', () => {
  it('shows clock times and durations', () => {
    expect([formatClock(72_400), formatClock(12_449), formatClock(3_600_000), formatClock(-1500)]).toEqual([
      '01:12.4',
      '00:12.4',
      '1:00:00.0',
      '-00:01.5',
    ]);
    expect([
      formatDuration(64_000, 'en'),
      formatDuration(64_000, 'zh'),
      formatDuration(1840, 'en'),
      formatDuration(7_500_000, 'en'),
      formatDuration(59_990, 'en'),
    ]).toEqual(['1 min 04 s', '1 分 04 秒', '1.8 s', '2 h 05 min', '60 s']);
  });

  it('reads durations and nothing else', () => {
    expect(['10s', '1.5 min', '4h', '250ms', '2d', '10', 'soon', '-1s'].map(parseDuration)).toEqual([
      10_000,
      90_000,
      14_400_000,
      250,
      172_800_000,
      null,
      null,
      null,
    ]);
  });
});

describe('timeOfChars', () => {
  const turn: Turn = {
    n: 1,
    speaker: 'agent',
    startMs: 1000,
    endMs: 4000,
    text: 'May I, may I have',
    visibility: 'public',
    words: ['May', 'I,', 'may', 'I', 'have'].map((text, i) => ({
      text,
      startMs: 1000 + i * 500,
      endMs: 1400 + i * 500,
    })),
  };

  it('finds the time of the words that a stretch of text touches, repeated words included', () => {
    expect([timeOfChars(turn, 7, 10), timeOfChars(turn, 8, 17)]).toEqual([
      { startMs: 2000, endMs: 2400 },
      { startMs: 2000, endMs: 3400 },
    ]);
  });

  it('falls back to the turn where words have no times', () => {
    const { words: _, ...plain } = turn;
    expect(timeOfChars(plain, 7, 10)).toEqual({ startMs: 1000, endMs: 4000 });
  });
});
