import { describe, expect, it } from 'vitest';
import { judge, problemsOf, cardOf } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const call = sessionOf([
  ['agent', 10, 20, 'one moment please'],
  ['agent', 40, 45, 'thanks for waiting'],
  ['customer', 47, 50, 'right'],
]);
const held = {
  measures: {
    silences: [
      { startMs: 20_000, endMs: 40_000, previousTurn: 1, nextTurn: 2, hold: true },
      { startMs: 45_000, endMs: 47_000, previousTurn: 2, nextTurn: 3, hold: false },
    ],
  },
};
const verdict = async (value: string, beside = '') =>
  (await judge(`expect: { silenceShare: ${value}${beside} }`, call, annotationsOf(call, held))).verdict;

describe('silenceShare', () => {
  it('counts gaps from time zero to the last word, without ring tone', async () => {
    // 22 s of 40 s.
    expect(await verdict('{ atMost: 55% }')).toBe('pass');
    expect(await verdict('{ below: 55% }')).toBe('fail');
    expect(await verdict('{ atMost: 0.5 }')).toBe('fail');
    expect(await verdict('{ atMost: 44% }', ', zero: recording-start')).toBe('pass');
    expect(await verdict('{ atMost: 43% }', ', zero: recording-start')).toBe('fail');
  });

  it('keeps to part of the call, to a least length and to holds', async () => {
    expect(await verdict('{ atMost: 0% }', ', time: first 10s')).toBe('pass');
    expect(await verdict('{ atLeast: 50% }', ', time: first 20s')).toBe('pass');
    expect(await verdict('{ atMost: 50%, min: 3s }')).toBe('pass');
    expect(await verdict('{ atMost: 5%, holds: exclude }')).toBe('pass');
    expect(await verdict('{ atLeast: 50%, holds: only }')).toBe('pass');
  });

  it('shows the longest gaps and says the figure in both languages', async () => {
    const item = await judge('forbid: { silenceShare: { above: 50% } }', call, annotationsOf(call, held));
    expect(item.reason).toEqual({
      en: 'Nobody spoke for 55 % of the time: 22 s of 40 s (condition > 50 %).',
      zh: '静音占 55%：40 秒中有 22 秒无人说话（条件 > 50%）。',
    });
    expect(item.evidence).toMatchObject([
      { kind: 'gap', turn: 1, quote: 'one moment please', measured: 20_000, unit: 'ms' },
      { kind: 'gap', turn: 2, quote: 'thanks for waiting', measured: 2000 },
    ]);
  });

  it('is unknown without trusted times, n/a in writing and where nothing was said', async () => {
    const untrusted = annotationsOf(call, { measures: { timesTrusted: false } });
    expect((await judge('expect: { silenceShare: { atMost: 10% } }', call, untrusted)).verdict).toBe('unknown');
    const chat = sessionOf([['customer', 0, 0, '在吗']], { channel: 'chat' });
    expect((await judge('expect: { silenceShare: { atMost: 10% } }', chat)).verdict).toBe('na');
    expect((await judge('expect: { silenceShare: { atMost: 10% } }', sessionOf([]))).verdict).toBe('na');
  });

  it('gives points by bands', async () => {
    const item = await judge(
      'type: number\nmeasure: { silenceShare: { atMost: 100% } }\nbands: [{ to: 0.5, points: 2 }, { from: 0.5, to: 0.6, points: 1 }]',
      call,
      annotationsOf(call, held),
    );
    expect([item.verdict, item.earned]).toEqual(['fail', 1]);
  });

  it.each([
    ['{ atMost: 30 }', 'Did you mean "30%"?'],
    ['{ atMost: 130% }', 'from 0 to 1'],
    ['{ min: 2s }', 'needs one of above'],
    ['{ atMost: 30%, min: 500ms }', 'shorter than 1 s'],
  ])('refuses %s', async (value, why) => {
    const problems = await problemsOf(cardOf(`expect: { silenceShare: ${value} }`));
    expect(problems.map(({ message, hint }) => `${message} ${hint}`).join()).toContain(why);
  });
});
