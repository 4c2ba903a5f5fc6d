import { describe, expect, it } from 'vitest';
import { judge, problemsOf, cardOf } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const english = sessionOf([
  ['customer', 0, 4, 'My card is 4111 1111 1111 1111, I paid thirty dollars.'],
  ['agent', 5, 9, 'Your order number is A-10293; call 212-555-0182 or (212) 555-0183 by May 30th.'],
]);
const chinese = sessionOf(
  [
    ['customer', 0, 4, '我手机号一三八零零一三八零零零，付了三十块'],
    ['agent', 5, 9, '您的订单号是DD20260530，三天内到账'],
  ],
  { language: 'zh' },
);
const ask = (session: typeof english, condition: string, key = 'expect') => judge(`${key}: ${condition}`, session);

describe('entity', () => {
  it('finds what is named, with its value beside the quote, in both languages', async () => {
    const item = await ask(english, '{ entity: orderNumber, by: agent }');
    expect(item.verdict).toBe('pass');
    expect(item.evidence).toMatchObject([
      { turn: 2, quote: 'A-10293', note: { en: 'an order number (A-10293)', zh: '订单号（A-10293）' } },
    ]);
    const zh = await ask(chinese, '{ entity: { type: [phone, money] }, by: customer }');
    expect(zh.evidence.map((one) => [one.quote, one.note!.zh])).toEqual([
      ['一三八零零一三八零零零', '电话号码（13800138000）'],
      ['三十块', '金额（CNY 30）'],
    ]);
  });

  it('counts over the whole scope', async () => {
    const verdict = async (value: string, by = '') => (await ask(english, `{ entity: ${value}${by} }`)).verdict;
    expect(await verdict('{ type: phone, min: 2 }')).toBe('pass');
    expect(await verdict('{ type: phone, min: 3 }')).toBe('fail');
    expect(await verdict('{ type: phone, max: 1 }')).toBe('fail');
    expect(await verdict('{ type: phone, min: 0, max: 2 }')).toBe('pass');
    expect(await verdict('{ type: phone, min: 0, max: 2 }', ', by: customer')).toBe('pass');
    expect(await verdict('{ type: [money, orderNumber], min: 2 }')).toBe('pass');
    const many = await ask(english, '{ entity: { type: phone, max: 1 } }');
    expect(many.reason).toEqual({
      en: 'Found 2 in all turns, at most 1 wanted: a telephone number.',
      zh: '在全部各轮检出 2 处，最多 1 处：电话号码。',
    });
    expect(many.evidence.map((one) => one.quote)).toEqual(['212-555-0182', '(212) 555-0183']);
  });

  it('forbids what may not be said and shows who said it instead', async () => {
    const item = await ask(english, '{ entity: bankCard, by: agent }', 'forbid');
    expect([item.verdict, item.nearMisses[0]?.note?.en]).toEqual(['pass', 'said by the customer, not by the agent']);
    expect((await ask(english, '{ entity: bankCard }', 'forbid')).verdict).toBe('fail');
    const none = await ask(chinese, '{ entity: email, by: agent }');
    expect(none.reason.zh).toBe('在客服各轮（共 1 轮）未检出：邮箱。');
    expect(none.reason.en).toBe("Not found in the agent's turns (1 searched): an e-mail address.");
  });

  it('does not know where who spoke is not known', async () => {
    const session = sessionOf([
      ['unknown', 0, 1, 'call 212-555-0182'],
      ['agent', 1, 2, 'yes'],
    ]);
    expect((await ask(session, '{ entity: phone, by: agent }')).verdict).toBe('unknown');
    expect((await ask(session, '{ entity: { type: phone, min: 0, max: 0 }, by: agent }')).verdict).toBe('unknown');
  });

  it('refuses numbers that cannot be and suggests types', async () => {
    const codes = async (value: string) =>
      (await problemsOf(cardOf(`expect: { entity: ${value} }`))).map((p) => p.code);
    expect(await codes('{ type: phone, min: 2, max: 1 }')).toEqual(['bad-value']);
    expect(await codes('{ type: phone, min: 0 }')).toEqual(['bad-value']);
    expect((await codes('telephone')).length).toBe(1);
  });

  it('can be an anchor', async () => {
    const card = 'expect: { phrase: [by], by: agent, after: { entity: phone, by: agent }, hit: last }';
    expect((await judge(card, english)).verdict).toBe('pass');
  });
});
