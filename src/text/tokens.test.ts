import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenise } from './tokens.ts';

const keys = (text: string) => tokenise(text).map((token) => token.key);

describe('tokenise', () => {
  it('gives numbers one key however they are written', () => {
    expect(keys('30 thirty 三十 ３０ 叁拾')).toEqual(['#30', '#30', '#30', '#30', '#30']);
    expect(keys('twenty-one, two hundred and fifty, a thousand')).toEqual(['#21', '#250', '#1000'].flatMap((k) => [k]));
    expect(keys('nineteen point nine, three point one four; one point')).toEqual(['#19.9', '#3.14', '#1', 'point']);
    expect(keys('两百五 一百零五 十二 一万二 三千万 二〇二六 1,000 3万 2.50')).toEqual([
      '#250',
      '#105',
      '#12',
      '#12000',
      '#30000000',
      '#2026',
      '#1000',
      '#30000',
      '#2.5',
    ]);
    expect(keys('三五天')).toEqual(['#3', '#5', '天']);
    expect(keys('order 0042')).toEqual(['order', '#0042']);
    expect(keys('twenty, one')).toEqual(['#20', '#1']);
  });

  it('keeps ordinary words that begin like numerals apart', () => {
    expect(keys('千万不要')).toEqual(['千', '万', '不', '要']);
    expect(keys('a hello hundred')).toEqual(['a', 'hello', '#100']);
  });

  it('opens contractions, with or without the apostrophe', () => {
    expect(keys("I'm don’t cant won't it's customer's e-mail per cent 5%")).toEqual([
      ...['i', 'am', 'do', 'not', 'can', 'not', 'will', 'not', 'it', 'is', "customer's", 'email', 'percent', '#5'],
      'percent',
    ]);
    expect(tokenise("I'm").map(({ start, end }) => [start, end])).toEqual([
      [0, 3],
      [0, 3],
    ]);
  });

  it('cuts Chinese by character and mixed text at the border', () => {
    expect(keys('我是VIP客户，请說')).toEqual(['我', '是', 'vip', '客', '户', '请', '说']);
    expect(keys('8am 30天')).toEqual(['#8', 'am', '#30', '天']);
  });

  it('has ordered spans within the text, for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        let start = 0;
        for (const token of tokenise(text)) {
          expect(token.start >= start && token.end > token.start && token.end <= text.length).toBe(true);
          start = token.start;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
