import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const session = sessionOf([
  ['agent', 0, 2, 'Thank you for calling, THANK YOU really'],
  ['customer', 3, 4, 'ｔｈａｎｋ you'],
  ['agent', 5, 6, 'may I ask your complete name'],
]);
const ask = async (condition: string) => judge(`expect: ${condition}`, session);
const verdict = async (condition: string) => (await ask(condition)).verdict;

describe('phrase', () => {
  it('finds words whatever their case and width, and quotes them as they stand', async () => {
    const item = await ask('{ phrase: [thank you], by: customer }');
    expect(item.evidence).toEqual([
      {
        kind: 'words',
        turn: 2,
        startMs: 3000,
        endMs: 4000,
        charStart: 0,
        charEnd: 9,
        quote: 'ｔｈａｎｋ you',
        operator: 'phrase',
        measured: null,
        threshold: null,
        unit: null,
        note: null,
      },
    ]);
    expect(item.reason).toEqual({
      en: 'The customer said “ｔｈａｎｋ you” at 00:03.0.',
      zh: '客户在 00:03.0 说：“ｔｈａｎｋ you”。',
    });
  });

  it('counts hits and alternatives', async () => {
    expect(await verdict('{ phrase: [thank you], minHits: 2 }')).toBe('pass');
    expect(await verdict('{ phrase: [thank you], minHits: 3 }')).toBe('fail');
    // The longer phrase stands for the shorter one inside it.
    expect(await verdict('{ phrase: [thank you, thank you for calling], minHits: 3 }')).toBe('fail');
    expect(await verdict('{ phrase: [thank you, really, calling], match: all }')).toBe('pass');
    expect(await verdict('{ phrase: [thank you, really, goodbye], match: all }')).toBe('fail');
    expect(await verdict('{ phrase: [thank you, really, goodbye], match: atLeast 2 }')).toBe('pass');
    expect(await verdict('{ phrase: [goodbye], match: none }')).toBe('pass');
    expect(await verdict('{ phrase: [thank you], match: none }')).toBe('fail');
  });

  it('tolerates gaps as far as told, and takes exceptions', async () => {
    expect(await verdict('{ phrase: [may ask] }')).toBe('fail');
    expect(await verdict('{ phrase: [may ask], maxGap: 1 }')).toBe('pass');
    expect(await verdict('{ phrase: [thank you], except: [calling], by: agent }')).toBe('fail');
  });

  it('shows the closest words where a must-say phrase is missing', async () => {
    const item = await ask('{ phrase: [may I ask your full name], by: agent }');
    expect(item.verdict).toBe('fail');
    expect(item.nearMisses).toMatchObject([
      { turn: 3, quote: 'may I ask your complete name', unit: 'similarity', threshold: 1 },
    ]);
    expect(item.reason.en).toMatch(
      /^Not found in the agent's turns \(2 searched\): “may I ask your full name”\. Closest: “may I ask your complete name” at 00:05\.0, closest to/,
    );
  });

  it('says who said it where the wrong side did', async () => {
    const item = await judge(
      'expect: { phrase: [hello], by: agent }',
      sessionOf([
        ['customer', 0, 1, 'hello'],
        ['agent', 2, 3, 'yes'],
      ]),
    );
    expect(item.nearMisses[0]!.note).toEqual({
      en: 'said by the customer, not by the agent',
      zh: '由客户说出，而非客服',
    });
  });

  it('quotes forbidden words', async () => {
    const item = await judge(
      'forbid: { phrase: [闭嘴], by: agent }',
      sessionOf([['agent', 0, 1, '請你閉嘴！']], { language: 'zh' }),
    );
    expect(item).toMatchObject({
      verdict: 'fail',
      reason: { zh: '客服在 00:00.0 说：“閉嘴”。' },
      evidence: [{ quote: '閉嘴' }],
    });
  });

  it('finds ten thousand phrases in one walk', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `phrase number ${i} of many`);
    const item = await judge(`expect: { phrase: [${many.join(', ')}, complete name] }`, session);
    expect(item.evidence.map((one) => one.quote)).toEqual(['complete name']);
  });
});
