import { describe, expect, it } from 'vitest';
import { cardOf, judge, problemsOf } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const chat = sessionOf(
  [
    ['customer', 0, 0, 'where is it?'],
    ['agent', 300, 300, 'on its way'],
    ['customer', 400, 400, '什么时候到？'],
    ['bot', 401, 401, 'see our help pages'],
    ['agent', 402, 402, '请稍候', { auto: true }],
  ],
  { channel: 'chat' },
);
const verdict = async (value: string, session = chat) =>
  (await judge(`forbid: { unanswered: ${value} }`, session)).verdict;

describe('unanswered', () => {
  it('counts messages without a reply of a person by the end, or in time', async () => {
    expect(await verdict('{}')).toBe('fail');
    expect(await verdict('{ atLeast: 2 }')).toBe('pass');
    expect(await verdict('{ atLeast: 2, within: 4min }')).toBe('fail');
    expect(await verdict('{ atLeast: 2, within: 5min }')).toBe('pass');
  });

  it('points at the message, in both languages', async () => {
    expect(await judge('forbid: { unanswered: {} }', chat)).toMatchObject({
      reason: { en: '“什么时候到？” was not answered by a person.', zh: '“什么时候到？”没有人工回复。' },
      evidence: [{ kind: 'words', turn: 3, quote: '什么时候到？' }],
    });
  });

  it('can be an anchor', async () => {
    const item = await judge('expect: { phrase: [请稍候], after: { unanswered: {} }, within: 2 turns }', chat);
    expect(item.verdict).toBe('pass');
  });

  it('leaves out courtesies, the built-in ones or those given', async () => {
    const thanked = sessionOf(
      [
        ['agent', 0, 0, 'done'],
        ['customer', 1, 1, 'ok, thank you!'],
      ],
      { channel: 'chat' },
    );
    expect(await verdict('{}', thanked)).toBe('na');
    expect(await verdict('{ closers: [cheers] }', thanked)).toBe('fail');
  });

  it('is unknown where times or speakers decide and are not known', async () => {
    const measures = { timesTrusted: false };
    const answered = sessionOf(
      [
        ['customer', 0, 0, 'where is it?'],
        ['agent', 300, 300, 'on its way'],
      ],
      { channel: 'chat' },
    );
    const untrusted = annotationsOf(answered, { measures });
    expect((await judge('forbid: { unanswered: { within: 5min } }', answered, untrusted)).verdict).toBe('unknown');
    expect((await judge('forbid: { unanswered: {} }', answered, untrusted)).verdict).toBe('pass');
    expect(await verdict('{}', sessionOf([['unknown', 0, 0, 'hello?']], { channel: 'chat' }))).toBe('unknown');
  });

  it('counts working time where a calendar is given, and needs a date for it', async () => {
    const calendar = 'calendar: { zone: Asia/Shanghai, hours: 09:00-18:00 }';
    const night = { ...chat, turns: chat.turns.slice(0, 2), startedAt: '2026-03-02T17:58:00+08:00' };
    expect(await verdict(`{ within: 2min, ${calendar} }`, night)).toBe('pass');
    expect(await verdict(`{ within: 119s, ${calendar} }`, night)).toBe('fail');
    expect(await verdict(`{ within: 119s, ${calendar} }`, { ...night, startedAt: null })).toBe('unknown');
    expect(await verdict(`{ within: 119s, ${calendar} }`, { ...night, startedAt: '2026-03-02 17:58' })).toBe('unknown');
    expect((await problemsOf(cardOf(`expect: { unanswered: { ${calendar} } }`)))[0]!.code).toBe('misplaced-key');
  });
});
