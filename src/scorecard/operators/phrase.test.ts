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

  it.each([
    ['en', 'match: atLeast 2', '[name, order number]', 'Your order number?', 'order number'],
    ['zh', 'match: all', '[姓名, 订单号]', '请提供您的订单号。', '订单号'],
    ['en', 'minHits: 2', '[order number]', 'Your order number?', 'order number'],
  ])(
    'shows what is there but not enough as evidence, and nothing that resembles it (%s, %s)',
    async (language, how, phrases, text, quote) => {
      const item = await judge(
        `expect: { phrase: ${phrases}, ${how} }`,
        sessionOf([['agent', 0, 1, text]], { language }),
      );
      expect([item.verdict, item.evidence.map((one) => one.quote), item.nearMisses]).toEqual(['fail', [quote], []]);
      expect(item.reason.en).not.toContain('Closest');
    },
  );

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

  it('shows what was taken for what, in both languages', async () => {
    const heard = sessionOf([['agent', 0, 1, '您好，我的公号是八零二']], { language: 'zh' });
    const zh = await judge('expect: { phrase: [工号], sound: homophone, by: agent }', heard);
    expect(zh.evidence).toMatchObject([{ quote: '公号', note: { en: '“公” taken for “工”', zh: '“公”视为“工”' } }]);
    expect((await judge('expect: { phrase: [工号], by: agent }', heard)).verdict).toBe('fail');
    const misheard = sessionOf([['agent', 0, 1, 'may I have your acount number']]);
    const en = await judge('expect: { phrase: [account number], sound: near, by: agent }', misheard);
    expect(en.evidence).toMatchObject([
      { quote: 'acount number', note: { en: '“acount” taken for “account”', zh: '“acount”视为“account”' } },
    ]);
  });

  it('takes numbers for equal however they are written', async () => {
    const english = sessionOf([['agent', 0, 1, 'within thirty days, 30 days that is']]);
    const both = await judge('expect: { phrase: [30 days], minHits: 2 }', english);
    expect(both.evidence.map((one) => one.quote)).toEqual(['thirty days', '30 days']);
    const chinese = sessionOf([['agent', 0, 1, '三十天內，也就是３０天']], { language: 'zh' });
    for (const written of ['30天', '三十天'])
      expect((await judge(`expect: { phrase: [${written}], minHits: 2 }`, chinese)).verdict).toBe('pass');
  });

  it('finds ten thousand phrases in one walk', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `phrase number ${i} of many`);
    const item = await judge(`expect: { phrase: [${many.join(', ')}, complete name] }`, session);
    expect(item.evidence.map((one) => one.quote)).toEqual(['complete name']);
  });
});
