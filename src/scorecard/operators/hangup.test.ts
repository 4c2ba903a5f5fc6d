import { describe, expect, it } from 'vitest';
import { cardOf, judge, problemsOf } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const call = (attributes: Record<string, unknown> = {}, last = 'thanks for calling, goodbye') =>
  sessionOf(
    [
      ['customer', 0, 3, 'where is my order?'],
      ['agent', 4, 8, 'on its way'],
      ['customer', 9, 10, 'all right'],
      ['agent', 11, 13, last],
    ],
    { attributes },
  );
const verdict = async (value: string, session = call()) =>
  (await judge(`expect: { hangup: ${value} }`, session)).verdict;

describe('hangup', () => {
  it.each([
    [{ disconnectReason: 'CUSTOMER_DISCONNECT' }, 'customer'],
    [{ disconnectType: 'peer' }, 'customer'],
    [{ 挂机方: '客户挂机' }, 'customer'],
    [{ hangupBy: 'AGENT' }, 'agent'],
    [{ 挂机方: '坐席' }, 'agent'],
  ])('reads %j as ended by the %s', async (attributes, side) => {
    const other = side === 'agent' ? 'customer' : 'agent';
    expect(await verdict(`{ by: ${side} }`, call(attributes))).toBe('pass');
    expect(await verdict(`{ by: ${other} }`, call(attributes))).toBe('fail');
  });

  it('is unknown where no field says who ended it, and false where neither did', async () => {
    expect(await verdict('{ by: agent }')).toBe('unknown');
    expect(await verdict('{ by: agent }', call({ disconnectReason: 'TELECOM_PROBLEM' }))).toBe('fail');
    expect(await verdict('{ by: agent, field: released }', call({ hangupBy: 'agent' }))).toBe('unknown');
    expect(await verdict('{ by: agent, field: released }', call({ released: 'agent' }))).toBe('pass');
  });

  it('knows who had the last words', async () => {
    expect(await verdict('{ lastWords: agent }')).toBe('pass');
    const auto = sessionOf(
      [
        ['customer', 0, 0, '你好'],
        ['agent', 1, 1, '稍后回复您', { auto: true }],
        ['system', 2, 2, '会话已结束'],
      ],
      { channel: 'chat' },
    );
    expect(await verdict('{ lastWords: customer }', auto)).toBe('pass');
  });

  it('looks for a closing near the end, by turns or by time', async () => {
    expect(await verdict('{ without: [goodbye] }')).toBe('fail');
    expect(await verdict('{ without: [goodbye] }', call({}, 'is that so'))).toBe('pass');
    expect(await verdict('{ without: [on its way], within: 2 turns }')).toBe('pass');
    expect(await verdict('{ without: [on its way], within: 4 turns }')).toBe('fail');
    expect(await verdict('{ without: [on its way], within: 3s }')).toBe('pass');
    expect(await verdict('{ without: [on its way], within: 9s }')).toBe('fail');
  });

  it('joins what is given: ended by the agent and without a closing', async () => {
    const rude = call({ hangupBy: 'agent' }, '没办法');
    expect(await judge('forbid: { hangup: { by: agent, without: [再见] } }', rude)).toMatchObject({
      verdict: 'fail',
      reason: {
        en: 'The agent ended it (field “hangupBy”: “agent”). In the last 4 turns the agent said none of “再见”.',
        zh: '由客服结束（字段“hangupBy”：“agent”）。最后 4 轮客服没有说出“再见”。',
      },
      evidence: [
        { kind: 'field', quote: 'agent' },
        { kind: 'words', turn: 4, quote: '没办法' },
      ],
    });
    // Whoever hung up: a closing was said.
    expect(await verdict('{ by: agent, without: [goodbye] }')).toBe('fail');
  });

  it('tells whether the customer was left waiting', async () => {
    const left = sessionOf(
      [
        ['agent', 0, 0, 'hello'],
        ['customer', 5, 5, 'where is my refund?'],
      ],
      { channel: 'chat' },
    );
    expect(await verdict('{ waiting: true }', left)).toBe('pass');
    expect(await verdict('{ waiting: false }', left)).toBe('fail');
    expect(await verdict('{ waiting: true }')).toBe('fail');
    const thanks = sessionOf(
      [
        ['agent', 0, 0, '已经办好了'],
        ['customer', 5, 5, '好的，谢谢'],
      ],
      { channel: 'chat', language: 'zh' },
    );
    expect(await verdict('{ waiting: true }', thanks)).toBe('fail');
    const strange = sessionOf([['unknown', 0, 1, 'hello']]);
    expect(await verdict('{ waiting: true }', strange)).toBe('unknown');
    expect(await verdict('{ lastWords: agent }', strange)).toBe('unknown');
  });

  it('must ask something, and reads its distance', async () => {
    const problems = await problemsOf(cardOf('expect: { hangup: { within: 3 } }'));
    expect(problems.map(({ code }) => code).sort()).toEqual(['wrong-type']);
    expect((await problemsOf(cardOf('expect: { hangup: { within: soon } }'))).map(({ code }) => code).sort()).toEqual([
      'bad-value',
      'missing-key',
    ]);
  });
});
