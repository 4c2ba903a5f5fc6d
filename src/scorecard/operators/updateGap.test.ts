import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const h = 3600;
const ticket = sessionOf(
  [
    ['customer', 0, 0, 'the oven is broken'],
    ['agent', 1, 1, 'we got your message', { auto: true }],
    ['agent', 5 * h, 5 * h, '配件已经订货'],
    ['agent', 20 * h, 20 * h, 'still waiting for the part', { visibility: 'internal' }],
    ['customer', 30 * h, 30 * h, 'any news?'],
    ['agent', 35 * h, 35 * h, 'it arrives tomorrow'],
    ['agent', 90 * h, 90 * h, 'note to self', { visibility: 'internal' }],
  ],
  { channel: 'ticket' },
);
const exactly = async (hours: number, session = ticket, more = '') =>
  (await judge(`expect: { updateGap: { atLeast: ${hours}h, atMost: ${hours}h${more} } }`, session)).verdict;

describe('updateGap', () => {
  it('is the longest time without a public message of a person, to the last thing that happened', async () => {
    expect(await exactly(55)).toBe('pass');
  });

  it('ends with the resolution', async () => {
    const solved = { ...ticket, attributes: { status: 'solved' } };
    expect(await exactly(30, solved)).toBe('pass');
    const early = { ...solved, startedAt: '2026-03-02T00:00:00Z', attributes: { resolvedAt: '2026-03-02T04:00:00Z' } };
    expect(await exactly(4, early)).toBe('pass');
  });

  it('shows the words before the gap, in both languages', async () => {
    const solved = { ...ticket, attributes: { status: '已解决' } };
    expect(await judge('expect: { updateGap: { atMost: 24h } }', solved)).toMatchObject({
      verdict: 'fail',
      reason: {
        en: 'The customer heard nothing for 30 h 00 min after “配件已经订货” (condition ≤ 24 h 00 min).',
        zh: '客户最长 30 小时 00 分没有收到进展，始于“配件已经订货”（条件 ≤ 24 小时 00 分）。',
      },
      nearMisses: [
        { kind: 'gap', turn: 3, measured: 30 * h * 1000 },
        { kind: 'gap', turn: 1, measured: 5 * h * 1000 },
      ],
    });
  });

  it('counts working time, and needs a date for it', async () => {
    const calendar = ', calendar: { zone: Europe/Berlin, days: mon-fri, hours: 08:00-18:00 }';
    const friday = { ...ticket, startedAt: '2026-03-06T08:00:00+01:00', attributes: { status: 'solved' } };
    // Opened Friday 8:00; updates Friday 13:00 and Saturday 19:00: 5 h on Friday before, 5 h after.
    expect(await exactly(5, friday, calendar)).toBe('pass');
    expect(await exactly(5, { ...friday, startedAt: null }, calendar)).toBe('unknown');
  });

  it('is unknown without times or speakers', async () => {
    const untrusted = annotationsOf(ticket, { measures: { timesTrusted: false } });
    expect((await judge('expect: { updateGap: { atMost: 1h } }', ticket, untrusted)).verdict).toBe('unknown');
    expect(await exactly(1, sessionOf([['unknown', 0, 0, 'hello']], { channel: 'ticket' }))).toBe('unknown');
    expect(await exactly(1, sessionOf([], { channel: 'ticket' }))).toBe('na');
    expect(await exactly(1, sessionOf([['customer', 0, 0, '你好']], { channel: 'ticket' }))).toBe('na');
  });
});
