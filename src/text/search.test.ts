import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarwitnessError } from '../session/index.ts';
import type { PhraseSpec } from './types.ts';
import { type ClosestOptions, ClosestIndex } from './closest.ts';
import { syllables } from './pinyin.ts';
import { requiredLiterals } from './regex-literals.ts';
import { compileRegex } from './regex.ts';
import { splitSentences } from './sentences.ts';
import { similarity } from './similarity.ts';
import { editDistance, soundsNear } from './sound.ts';

const closest = (phrases: readonly PhraseSpec[], text: string, options?: ClosestOptions) => {
  const index = new ClosestIndex();
  const find = index.finder(phrases, options);
  return find(index.read(text));
};

describe('closest', () => {
  it('finds the nearest thing that was said', () => {
    const found = closest(
      [{ text: 'verify your identity' }, { text: 'may I have your full name' }],
      'Well, could I have your name please?',
    )!;
    expect({ ...found, similarity: Number(found.similarity.toFixed(2)) }).toEqual({
      phrase: 1,
      start: 12,
      end: 28,
      quote: 'I have your name',
      similarity: 0.57,
    });
    expect(closest([{ text: 'thank you for calling' }], 'thanks for the call')?.quote).toBe('thanks for the call');
    expect(closest([{ text: '核对您的身份' }], '我核对一下您的信息')).toMatchObject({
      quote: '核对一下您的',
    });
  });

  it('gives 1 for the phrase itself and nothing for strangers', () => {
    expect(closest([{ text: 'full name' }], 'your full, um, name?')).toMatchObject({
      similarity: 1,
      quote: 'full, um, name',
    });
    expect(closest([{ text: 'full name' }], 'the weather is fine')).toBeNull();
    expect(closest([{ text: '*' }], 'anything')).toBeNull();
    expect(closest([], 'anything')).toBeNull();
  });

  it('knows of every phrase what it could reach at most', () => {
    const word = fc.constantFrom(
      'full',
      'fall',
      'name',
      'names',
      'named',
      'your',
      'a',
      '30',
      '退',
      '货',
      'um',
      'identity',
      'identify',
    );
    const texts = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(texts, { minLength: 2, maxLength: 5 }), texts, (phrases, text) => {
        // Phrases asked one by one are aligned whatever the others reach.
        const alone = phrases.map((phrase) => closest([{ text: phrase }], text, { minSimilarity: 0 })?.similarity ?? 0);
        const together = closest(
          phrases.map((phrase) => ({ text: phrase })),
          text,
          { minSimilarity: 0.35 },
        );
        const best = Math.max(...alone);
        if (best >= 0.35) expect(together?.similarity).toBeCloseTo(best, 6);
        else expect(together).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('stops at its budget', () => {
    expect(closest([{ text: 'full name' }], `${'x y '.repeat(25)} full name`, { maxCells: 60 })).toBeNull();
  });
});

describe('similarity', () => {
  it('ranks paraphrases above strangers, in both languages', () => {
    expect(similarity('I understand how worrying that is', 'I can understand this is worrying')).toBeGreaterThan(0.7);
    expect(similarity('I understand how worrying that is', 'the parcel is on the truck')).toBeLessThan(0.1);
    expect(similarity('我理解您的心情', '非常理解您此刻的心情')).toBeGreaterThan(0.5);
    expect(similarity('我理解您的心情', '您的订单号是多少')).toBeLessThan(0.1);
    expect(similarity('', 'a')).toBe(0);
  });

  it('is symmetric, 1 with itself, within 0…1', () => {
    const words = fc.array(fc.constantFrom('order', 'the', '退', '货', '30', 'refund', '您'), { minLength: 1 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        const x = similarity(a.join(' '), b.join(' '));
        expect(x).toBeCloseTo(similarity(b.join(' '), a.join(' ')), 10);
        expect(x >= 0 && x <= 1).toBe(true);
        expect(similarity(a.join(' '), a.join(' '))).toBeCloseTo(1, 10);
      }),
    );
  });
});

describe('compileRegex', () => {
  it('searches folded text with offsets into the original', () => {
    expect(compileRegex(String.raw`\b(my name is|this is) \w+`).find('Hi, THIS is Anna; my　name is Bo')).toEqual([
      { start: 4, end: 16, quote: 'THIS is Anna' },
      { start: 18, end: 31, quote: 'my　name is Bo' },
    ]);
    expect(compileRegex('我是.{1,3}？').find('您 好，我 是 小王?')).toEqual([
      { start: 4, end: 11, quote: '我 是 小王?' },
    ]);
    expect(compileRegex('運費').find('运费多少')).toEqual([{ start: 0, end: 2, quote: '运费' }]);
  });

  it('searches the original as it stands when told to', () => {
    expect(compileRegex('[A-Z]{2}\\d+', { on: 'original' }).find('ab12 AB34 ＡＢ56')).toEqual([
      { start: 5, end: 9, quote: 'AB34' },
    ]);
    expect(compileRegex('anna', { on: 'original', flags: 'i' }).find('ANNA')).toHaveLength(1);
  });

  it('answers a pattern that would hang a backtracking engine', () => {
    expect(compileRegex('(a+)+$').find(`${'a'.repeat(20_000)}b`)).toEqual([]);
  });

  it.each([
    ['(?=a)b', /Look-ahead/],
    ['(a)\\1', /Back references/],
    ['(a', /RE2 syntax/],
  ])('refuses %s and says what to do', (pattern, hint) => {
    const attempt = () => compileRegex(pattern, { path: 'card.yaml:3:5' });
    expect(attempt).toThrow(EarwitnessError);
    try {
      attempt();
    } catch (error) {
      const { problem } = error as EarwitnessError;
      expect(problem).toMatchObject({ code: 'scorecard-invalid', path: 'card.yaml:3:5' });
      expect(problem.hint).toMatch(hint);
    }
  });

  it('refuses unknown flags and endless patterns', () => {
    expect(() => compileRegex('a', { flags: 'x' })).toThrow(/Unknown flag/);
    expect(() => compileRegex('a'.repeat(3000))).toThrow(/at most 2000/);
  });

  it('knows literals that every match must hold', () => {
    expect(requiredLiterals('(my name is|this is) \\w+')).toEqual(['my name is', 'this is']);
    expect(requiredLiterals('refunds? within')).toEqual([' within']);
    expect(requiredLiterals('a|b*')).toBeNull();
    expect(requiredLiterals('[abc]+x{0,2}')).toBeNull();
    expect(requiredLiterals('(?:ab)+\\.com')).toEqual(['.com']);
    expect(requiredLiterals('(?i)ab')).toBeNull();
    expect(requiredLiterals('(ab|cd)?e')).toEqual(['e']);
  });

  it('never lets the literals hide a match', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      'ab',
      '(a|b)',
      '(ab|c)?',
      'c*',
      'b+',
      '[ab]',
      '.',
      'a{2}',
      'c{0,1}',
      '退',
      '|',
      '\\w',
      '(?:ba)+',
    );
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'A', '退', ' ', 'é'), { maxLength: 10 })
      .map((p) => p.join(''));
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 5 }).map((p) => p.join('')),
        text,
        (pattern, target) => {
          // Folding drops the space between two Chinese characters.
          const folded = target.toLowerCase().replace(/(?<=退) +(?=退)/g, '');
          const expected = [...folded.matchAll(new RegExp(pattern, 'gi'))].some((m) => m[0] !== '');
          expect(compileRegex(pattern).find(target).length > 0).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('splitSentences', () => {
  it('knows numbers, initials and both scripts', () => {
    const text = 'We open 8 a.m. to 8 p.m. daily. It costs 1.5 dollars! “OK?” 好的。您请说；谢谢\nMr. Li is in.';
    expect(splitSentences(text).map((sentence) => sentence.text)).toEqual([
      'We open 8 a.m. to 8 p.m. daily.',
      'It costs 1.5 dollars!',
      '“OK?”',
      '好的。',
      '您请说；',
      '谢谢',
      'Mr. Li is in.',
    ]);
    for (const { start, end, text: words } of splitSentences(text)) expect(text.slice(start, end)).toBe(words);
  });
});

describe('sound', () => {
  it('reads syllables in context', () => {
    expect(syllables('重新a银行')).toEqual(['chong2', 'xin1', null, 'yin2', 'hang2']);
  });

  it('counts edits, a swap of neighbours as one', () => {
    expect(editDistance('adress', 'address', 2)).toBe(1);
    expect(editDistance('recieve', 'receive', 2)).toBe(1);
    expect(editDistance('kitten', 'sitting', 5)).toBe(3);
    expect(editDistance('abc', 'xyz', 1)).toBe(2);
  });

  it('takes near words and refuses short or different ones', () => {
    const near = [
      ['acount', 'account'],
      ['conform', 'confirm'],
      ['identidy', 'identity'],
      ['calling', 'falling'],
    ] as const;
    expect(near.map(([a, b]) => soundsNear(a, b))).toEqual([true, true, true, true]);
    const far = [
      ['car', 'can'],
      ['could', 'called'],
      ['name', 'game'],
      ['amount', 'account'],
      ['order', 'older brother'],
    ] as const;
    expect(far.map(([a, b]) => soundsNear(a, b))).toEqual([false, false, false, false, false]);
  });
});
