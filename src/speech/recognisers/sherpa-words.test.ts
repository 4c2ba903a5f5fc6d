import { describe, expect, it } from 'vitest';
import { recognitionOf } from './sherpa-words.ts';

const words = (result: Parameters<typeof recognitionOf>[0], audioMs = 5_000) =>
  recognitionOf(result, audioMs).words?.map((word) => [word.text, word.startMs, word.endMs, word.confidence]);

describe('recognitionOf', () => {
  it('joins sentence pieces and punctuation into words that end where the next begins', () => {
    const result = {
      text: ' Thank you, Anna.',
      tokens: [' Th', 'ank', ' you', ',', ' Anna', '.'],
      timestamps: [0.4, 0.6, 0.8, 1.2, 3, 3.4],
    };
    expect(recognitionOf(result, 5_000)).toEqual({
      text: 'Thank you, Anna.',
      language: null,
      words: [
        { text: 'Thank', startMs: 400, endMs: 800, confidence: null, spaced: true },
        { text: 'you,', startMs: 800, endMs: 1400, confidence: null, spaced: true },
        { text: 'Anna.', startMs: 3000, endMs: 3600, confidence: null, spaced: true },
      ],
    });
  });

  it('uses stated durations and log probabilities', () => {
    const result = {
      text: 'hello',
      tokens: [' hel', 'lo'],
      timestamps: [1, 1.2],
      durations: [0.2, 0.16],
      ys_log_probs: [Math.log(0.9), Math.log(0.4)],
    };
    expect(words(result)).toEqual([['hello', 1000, 1360, expect.closeTo(0.6, 10)]]);
  });

  it('takes each Chinese character as a word and digits together', () => {
    const result = {
      text: '退货30天，好',
      tokens: ['退', '货', '3', '0', '天', '，', '好'],
      timestamps: [0, 0.2, 0.4, 0.5, 0.7, 0.9, 1.1],
      lang: '<|zh|>',
    };
    expect(recognitionOf(result, 1_300)).toMatchObject({ language: 'zh' });
    expect(words(result, 1_300)?.map(([text]) => text)).toEqual(['退', '货', '30', '天，', '好']);
    expect(words(result, 1_300)?.at(-1)).toEqual(['好', 1100, 1300, null]);
  });

  it('spells characters from byte tokens', () => {
    const result = { text: '爱a', tokens: ['<0xE7>', '<0x88>', '<0xB1>', 'a'], timestamps: [0, 0.1, 0.2, 0.5] };
    expect(words(result)).toEqual([
      ['爱', 0, 500, null],
      ['a', 500, 1100, null],
    ]);
  });

  it('keeps apostrophes inside words', () => {
    const result = { text: " what's", tokens: [' what', "'", 's'], timestamps: [0, 0.2, 0.3] };
    expect(words(result)?.map(([text]) => text)).toEqual(["what's"]);
  });

  it('says that it has no word times where the model gives none, and no words where nothing was said', () => {
    expect(recognitionOf({ text: ' Bonjour.', tokens: [' Bonjour', '.'], timestamps: [] }, 900)).toEqual({
      text: 'Bonjour.',
      words: null,
      language: null,
    });
    expect(recognitionOf({ text: '', tokens: [], timestamps: [] }, 900)).toEqual({
      text: '',
      words: [],
      language: null,
    });
  });
});
