import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, characterErrorRate, editDistance, wordErrorRate, wordsOf } from './error-rate.ts';

describe('wordErrorRate', () => {
  it('counts each kind of error and shows the alignment', () => {
    expect(wordErrorRate('my order arrived broken', 'my older arrived very')).toEqual({
      rate: 0.5,
      substitutions: 2,
      deletions: 0,
      insertions: 0,
      total: 4,
      steps: [
        { kind: 'match', reference: 0, hypothesis: 0 },
        { kind: 'substitution', reference: 1, hypothesis: 1 },
        { kind: 'match', reference: 2, hypothesis: 2 },
        { kind: 'substitution', reference: 3, hypothesis: 3 },
      ],
    });
    expect(wordErrorRate('a b c', 'a c')).toMatchObject({ rate: 1 / 3, deletions: 1, insertions: 0, substitutions: 0 });
    expect(wordErrorRate('a c', 'a b c')).toMatchObject({ rate: 1 / 2, deletions: 0, insertions: 1, substitutions: 0 });
  });

  it('folds case, width, punctuation and apostrophes before it counts', () => {
    expect(wordErrorRate("What's the weather, like?", 'what’s THE weather like').rate).toBe(0);
    expect(wordErrorRate('３０ 天', '30天').rate).toBe(0);
  });

  it('keeps an empty reference defined', () => {
    expect([wordErrorRate('', '').rate, wordErrorRate('', 'noise words').rate]).toEqual([0, 1]);
  });
});

describe('characterErrorRate', () => {
  it('counts Chinese characters, not spaces or punctuation', () => {
    const { rate, substitutions, total } = characterErrorRate(
      '广州市房地产中介协会分析',
      '广州市 房地产，中介协会风析。',
    );
    expect({ rate, substitutions, total }).toEqual({ rate: 1 / 12, substitutions: 1, total: 12 });
  });
});

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'dd'), { maxLength: 12 });

describe('alignment laws', () => {
  it('is a metric: zero for the same, symmetric, triangle inequality', () => {
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
        if (a.join() !== b.join()) expect(editDistance(a, b)).toBeGreaterThan(0);
      }),
    );
  });

  it('walks through both sequences once, in order, and marks exactly the equal pairs as matches', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const steps = align(a, b);
        const at = (key: 'reference' | 'hypothesis') => steps.map((step) => step[key]).filter((i) => i !== null);
        expect(at('reference')).toEqual(a.map((_, i) => i));
        expect(at('hypothesis')).toEqual(b.map((_, i) => i));
        for (const step of steps)
          if (step.reference !== null && step.hypothesis !== null)
            expect(step.kind === 'match').toBe(a[step.reference] === b[step.hypothesis]);
      }),
    );
  });

  it('finds the distance of the textbook example', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('话术', '花束')).toBe(2);
  });
});

describe('wordsOf', () => {
  it('splits mixed text into words and characters', () => {
    expect(wordsOf("Acme's 保修 is 2 years — “two”.")).toEqual(["acme's", '保', '修', 'is', '2', 'years', 'two']);
  });
});
