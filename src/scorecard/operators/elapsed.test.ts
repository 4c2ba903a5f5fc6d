import { describe, expect, it } from 'vitest';
import { cardOf, judge, problemsOf } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const h = 3600;
const ticket = sessionOf(
  [
    ['customer', 0, 0, 'the oven is broken'],
    ['agent', 1, 1, 'we got your message', { auto: true }],
    ['agent', 2 * h, 2 * h, '已为您预约维修'],
    ['agent', 3 * h, 3 * h, 'call the workshop', { visibility: 'internal' }],
    ['customer', 20 * h, 20 * h, 'it works again'],
    ['agent', 26 * h, 26 * h, 'glad to hear'],
  ],
  { channel: 'ticket', startedAt: '2026-03-06T16:00:00+08:00', attributes: { status: 'solved' } },
);
const verdict = async (value: string, session = ticket) =>
  (await judge(`expect: { elapsed: ${value} }`, session)).verdict;
const calendar = 'calendar: { zone: Asia/Shanghai, days: mon-fri, hours: 09:00-18:00 }';

describe('elapsed', () => {
  it.each([
    ['{ to: firstReply, atLeast: 2h, atMost: 2h }'],
    ['{ from: firstReply, to: lastReply, atLeast: 24h, atMost: 24h }'],
    ['{ to: lastMessage, atLeast: 26h, atMost: 26h }'],
    ['{ to: resolved, atLeast: 26h, atMost: 26h }'],
    [`{ to: resolved, atLeast: 2h, atMost: 2h, ${calendar} }`],
  ])('measures %s', async (value) => {
    expect(await verdict(value)).toBe('pass');
  });

  it('reads points in time from fields: with a zone, since 1970, or by the calendar’s wall clock', async () => {
    const fields = {
      a: '2026-03-06T09:00:00Z',
      b: 1772791200,
      c: '1772791200000',
      d: '2026-03-06 18:00',
      e: 'yesterday',
    };
    const given = { ...ticket, attributes: fields };
    expect(await verdict('{ from: { field: a }, to: { field: b }, atLeast: 1h, atMost: 1h }', given)).toBe('pass');
    expect(await verdict('{ from: { field: a }, to: { field: c }, atLeast: 1h, atMost: 1h }', given)).toBe('pass');
    expect(await verdict(`{ from: { field: a }, to: { field: d }, atLeast: 1h, atMost: 1h, ${calendar} }`, given)).toBe(
      'pass',
    );
    expect(await verdict('{ from: { field: d }, to: { field: b }, atMost: 1h }', given)).toBe('unknown');
    expect(await verdict('{ from: { field: e }, to: { field: b }, atMost: 1h }', given)).toBe('unknown');
    expect(await verdict('{ from: { field: b }, to: { field: a }, atMost: 1h }', given)).toBe('unknown');
  });

  it('prefers the field of resolution over the last reply', async () => {
    const given = { ...ticket, attributes: { status: 'closed', solvedAt: '2026-03-06T09:00:00Z' } };
    expect(await verdict('{ to: resolved, atLeast: 1h, atMost: 1h }', given)).toBe('pass');
  });

  it('knows of an open ticket what the time that passed decides', async () => {
    const open = { ...ticket, attributes: { status: 'open' } };
    expect(await verdict('{ to: resolved, atMost: 24h }', open)).toBe('fail');
    expect(await verdict('{ to: resolved, atMost: 3d }', open)).toBe('unknown');
    expect(await verdict('{ to: resolved, above: 24h }', open)).toBe('pass');
    expect(await verdict('{ to: resolved, above: 24h, below: 9d }', open)).toBe('unknown');
  });

  it('takes a reply that never came as too late', async () => {
    const alone = sessionOf([['customer', 0, 0, '你好']], { channel: 'ticket' });
    const item = await judge('expect: { elapsed: { to: firstReply, atMost: 4h } }', alone);
    expect([item.verdict, item.reason]).toEqual([
      'fail',
      {
        en: 'The first reply never came (condition ≤ 4 h 00 min).',
        zh: '始终没有首次回复（条件 ≤ 4 小时 00 分）。',
      },
    ]);
    expect(await verdict('{ from: firstReply, to: resolved, atMost: 4h }', alone)).toBe('na');
  });

  it('shows words or field, and the figure in both languages', async () => {
    expect(await judge('expect: { elapsed: { to: firstReply, atMost: 1h } }', ticket)).toMatchObject({
      verdict: 'fail',
      reason: {
        en: 'From the opening to the first reply it took 2 h 00 min (condition ≤ 1 h 00 min).',
        zh: '从创建到首次回复用时 2 小时 00 分（条件 ≤ 1 小时 00 分）。',
      },
      nearMisses: [{ kind: 'words', turn: 3, measured: 7_200_000, threshold: 3_600_000, unit: 'ms' }],
    });
  });

  it('is unknown without trusted times, speakers, or (by a calendar) a date', async () => {
    const untrusted = annotationsOf(ticket, { measures: { timesTrusted: false } });
    expect((await judge('expect: { elapsed: { to: firstReply, atMost: 1h } }', ticket, untrusted)).verdict).toBe(
      'unknown',
    );
    const strange = sessionOf([['unknown', 0, 0, 'hello']], { channel: 'ticket' });
    expect(await verdict('{ to: firstReply, atMost: 1h }', strange)).toBe('unknown');
    expect(await verdict(`{ to: firstReply, atMost: 1h, ${calendar} }`, { ...ticket, startedAt: null })).toBe(
      'unknown',
    );
  });

  it('gives points by bands of time', async () => {
    const item = await judge(
      'type: number\nmeasure: { elapsed: { to: firstReply, atMost: 1h } }\nbands: [{ to: 1h, points: 2 }, { from: 1h, to: 4h, points: 1 }]',
      ticket,
    );
    expect([item.verdict, item.earned]).toEqual(['fail', 1]);
  });

  it('must be held against something', async () => {
    const problems = await problemsOf(cardOf('expect: { elapsed: { to: soon } }'));
    expect(problems.map(({ code, hint }) => [code, hint?.includes('elapsed')])).toEqual([['wrong-type', true]]);
    expect((await problemsOf(cardOf('expect: { elapsed: { to: resolved } }')))[0]!.code).toBe('missing-key');
  });
});
