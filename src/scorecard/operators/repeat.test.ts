import { describe, expect, it } from 'vitest';
import type { Speaker } from '../../session/index.ts';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const talk = (...lines: [Speaker, string][]) =>
  sessionOf(lines.map(([speaker, text], i) => [speaker, i * 2, i * 2 + 1, text]));
const english = talk(
  ['customer', 'I want my money back.'],
  ['agent', 'I cannot do that, sorry.'],
  ['customer', 'Listen! I want my money back, now.'],
  ['agent', 'I can not do that.'],
  ['customer', 'I want my money back!'],
);
const ask = (session: typeof english, condition: string, key = 'expect') => judge(`${key}: ${condition}`, session);
const verdict = async (session: typeof english, condition: string) => (await ask(session, condition)).verdict;

describe('repeat', () => {
  it('finds what somebody says again and shows both places', async () => {
    const item = await ask(english, '{ repeat: {}, by: customer }', 'forbid');
    expect(item.verdict).toBe('fail');
    expect(item.evidence.map((one) => [one.turn, one.quote, one.note!.en])).toEqual([
      [1, 'I want my money back.', 'said before'],
      [3, 'I want my money back, now.', expect.stringMatching(/^\d+ % like turn 1$/)],
      [5, 'I want my money back!', expect.stringMatching(/^\d+ % like turn [13]$/)],
    ]);
    expect(item.reason).toEqual({
      en: 'The customer said “I want my money back, now.” again at 00:04.0, after turn 1 (2 repetitions in all).',
      zh: '客户在 00:04.0 重复了第 1 轮的话：“I want my money back, now.”（共 2 处重复）。',
    });
  });

  it('counts repetitions, each speaker for themselves', async () => {
    expect(await verdict(english, '{ repeat: { nth: 2 }, by: customer }')).toBe('pass');
    expect(await verdict(english, '{ repeat: { nth: 3 }, by: customer }')).toBe('fail');
    const item = await ask(english, '{ repeat: { nth: 3 }, by: customer }');
    expect(item.nearMisses).toMatchObject([
      { turn: 5, measured: 2, threshold: 3, note: { en: 'repeated 2 times, wanted 3', zh: '重复 2 次，要求 3 次' } },
    ]);
    expect(await verdict(talk(['customer', 'please help me now'], ['agent', 'please help me now']), '{ repeat: {} }')).toBe('fail'); // prettier-ignore
  });

  it('works in Chinese, by sentences', async () => {
    const session = sessionOf(
      [
        ['agent', 0, 1, '这个我们没有办法处理。'],
        ['customer', 2, 3, '为什么？'],
        ['agent', 4, 5, '是这样的。这个我们没办法处理！请您理解。'],
      ],
      { language: 'zh' },
    );
    const item = await ask(session, '{ repeat: {}, by: agent }', 'forbid');
    expect([item.verdict, item.evidence.map((one) => one.turn)]).toEqual(['fail', [1, 3]]);
    expect(await verdict(session, '{ repeat: { excludes: [没有办法] }, by: agent }')).toBe('fail');
  });

  it('looks back so many turns of the same speaker', async () => {
    const far = talk(
      ['agent', 'the parcel is on its way'],
      ['agent', 'anything else?'],
      ['agent', 'very well then'],
      ['agent', 'the parcel is on its way'],
    );
    expect(await verdict(far, '{ repeat: { lookback: 2 } }')).toBe('fail');
    expect(await verdict(far, '{ repeat: { lookback: 3 } }')).toBe('pass');
    expect(await verdict(far, '{ repeat: { lookback: 0 } }')).toBe('pass');
    expect(await verdict(far, '{ repeat: { minChars: 30 } }')).toBe('fail');
  });

  it('takes another number or a negation for another statement', async () => {
    const lines = (a: string, b: string) => talk(['agent', a], ['agent', b]);
    expect(await verdict(lines('the whole price is 30 dollars', 'the whole price is 50 dollars'), '{ repeat: {} }')).toBe('fail'); // prettier-ignore
    expect(await verdict(lines('the whole price is 30 dollars', 'the whole price is thirty dollars'), '{ repeat: {} }')).toBe('pass'); // prettier-ignore
    expect(await verdict(lines('这个订单可以退款的', '这个订单不可以退款的'), '{ repeat: { similarity: 0.6 } }')).toBe(
      'fail',
    );
    expect(await verdict(lines('well well well, yes yes', 'ok'), '{ repeat: {} }')).toBe('fail');
  });

  it('can be an anchor and keeps to its scope', async () => {
    const after = '{ phrase: [can not], by: agent, after: { repeat: {}, by: customer }, within: 1 turn }';
    expect(await verdict(english, after)).toBe('pass');
    expect(await verdict(english, '{ repeat: {}, by: customer, turns: first 1 }')).toBe('fail');
    const who = talk(['unknown', 'please help me now'], ['unknown', 'please help me now'], ['agent', 'yes']);
    expect(await verdict(who, '{ repeat: {}, by: agent }')).toBe('unknown');
  });
});
