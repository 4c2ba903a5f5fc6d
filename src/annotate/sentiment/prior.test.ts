import { describe, expect, it } from 'vitest';
import { lexicon } from './lexicon.ts';
import { prior } from './prior.ts';

const read = (text: string, language: 'en' | 'zh' = 'en', speaker: 'agent' | 'customer' = 'customer') => {
  const { hits, remaining } = prior(text, language, speaker);
  return { hits: hits.map(({ phrase, valence }) => [phrase, Math.round(valence * 100) / 100]), remaining };
};

describe('service lexicon in context', () => {
  it('turns what is negated, strengthens and weakens, and asks twice about a question', () => {
    expect(read('i am not very happy').hits).toEqual([['happy', -0.61]]);
    expect(read('i am a bit disappointed').hits).toEqual([['disappointed', -0.42]]);
    expect(read('i am really disappointed').hits).toEqual([['disappointed', -0.94]]);
    expect(read('it was not bad, great').hits).toEqual([
      ['not bad', 0.25],
      ['great', 0.45],
    ]);
    expect(read('no, great').hits).toEqual([['great', 0.45]]);
    expect(read('are you happy?').hits).toEqual([['happy', 0.24]]);
    expect(read('if it is broken, can i return it').hits).toEqual([['broken', -0.2]]);
    expect(read('我不是很满意', 'zh').hits).toEqual([['满意', -0.51]]);
    expect(read('有点失望', 'zh').hits).toEqual([['失望', -0.45]]);
    expect(read('没有不满意', 'zh').hits).toEqual([['不满意', 0.19]]);
  });

  it('takes the longest phrase, and what it matched out of the text', () => {
    expect(read('so sorry to hear that, one moment').remaining).toBe(' , one moment');
    expect(read('不好意思，不好用', 'zh')).toEqual({ hits: [['不好用', -0.55]], remaining: ' ， ' });
  });

  it('is a clean list: every phrase can be matched, is listed once, and has a valence of its kind', () => {
    for (const language of ['en', 'zh'] as const) {
      const all = [...lexicon(language).entries.values()].flat();
      const names = all.map(({ phrase, kind }) => `${kind === 'tone' ? 'agent' : 'all'} ${phrase}`);
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
      for (const { phrase, kind, valence } of all) {
        const found = prior(phrase, language, kind === 'tone' ? 'agent' : 'customer');
        const ok =
          kind === 'formula'
            ? valence === 0 && found.hits.length === 0 && !/[\p{L}\p{N}]/u.test(found.remaining)
            : valence !== 0 && found.hits.length === 1 && found.hits[0]!.phrase === phrase;
        expect([phrase, ok]).toEqual([phrase, true]);
      }
    }
  });
});
