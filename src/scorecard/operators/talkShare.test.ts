import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const call = sessionOf([
  ['agent', 0, 6, 'good morning how can I help'],
  ['customer', 5, 8, 'my kettle leaks'],
  ['agent', 10, 20, 'let me see what we can do about it'],
]);
const verdict = async (condition: string, session = call) => (await judge(`expect: { ${condition} }`, session)).verdict;

describe('talkShare', () => {
  it('is a share of the time, or of the talk', async () => {
    expect(await verdict('talkShare: { atLeast: 80% }, by: agent')).toBe('pass');
    expect(await verdict('talkShare: { above: 80% }, by: agent')).toBe('fail');
    expect(await verdict('talkShare: { atMost: 15% }, by: customer')).toBe('pass');
    // Overlapping speech counts once: somebody speaks for 18 of 20 s.
    expect(await verdict('talkShare: { atMost: 90% }')).toBe('pass');
    expect(await verdict('talkShare: { below: 90% }')).toBe('fail');
    expect(await verdict('talkShare: { of: talk, atLeast: 88% }, by: agent')).toBe('pass');
    expect(await verdict('talkShare: { of: talk, atLeast: 89% }, by: agent')).toBe('fail');
  });

  it('keeps to part of the call', async () => {
    expect(await verdict('talkShare: { atMost: 60% }, by: agent, time: first 10s')).toBe('pass');
    expect(await verdict('talkShare: { atLeast: 100% }, by: agent, time: last 10s')).toBe('pass');
  });

  it('says the figure and where to listen, in both languages', async () => {
    const item = await judge('forbid: { talkShare: { above: 70% }, by: agent }', call);
    expect(item.reason).toEqual({
      en: 'The agent spoke for 80 % of the time: 16 s of 20 s (condition > 70 %).',
      zh: '客服说话占总时长 80%：20 秒中的 16 秒（条件 > 70%）。',
    });
    expect(item.evidence).toMatchObject([{ kind: 'words', turn: 3, startMs: 10_000, measured: 10_000, unit: 'ms' }]);
  });

  it('needs known speakers and trusted times', async () => {
    const mixed = sessionOf([
      ['agent', 0, 6, 'good morning'],
      ['unknown', 7, 9, 'hello'],
    ]);
    expect(await verdict('talkShare: { atMost: 90% }, by: agent', mixed)).toBe('unknown');
    expect(await verdict('talkShare: { atMost: 90% }', mixed)).toBe('pass');
    const untrusted = annotationsOf(call, { measures: { timesTrusted: false } });
    expect((await judge('expect: { talkShare: { atMost: 90% } }', call, untrusted)).verdict).toBe('unknown');
    const chat = sessionOf([['customer', 0, 0, '在吗']], { channel: 'chat' });
    expect(await verdict('talkShare: { atMost: 90% }, by: agent', chat)).toBe('na');
  });
});
