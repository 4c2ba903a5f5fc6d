import { describe, expect, it } from 'vitest';
import { readDuration, readHit, readQuantifier, readTime, readTurns, readWithin } from './units.ts';

const ok = (value: unknown) => ({ ok: true, value });

describe('short texts of the language', () => {
  it('reads turn ranges', () => {
    expect(['first 2', 'last 1', '2..4', '-3..-1', 3, { from: 2, to: 4 }, { from: -2 }].map(readTurns)).toEqual(
      [
        [1, 2],
        [-1, -1],
        [2, 4],
        [-3, -1],
        [3, 3],
        [2, 4],
        [-2, -1],
      ].map(([from, to]) => ok({ from, to })),
    );
    for (const bad of ['first', 'first 0', '4..2', 'frist 2', 0, { form: 2 }, null])
      expect(readTurns(bad)).toMatchObject({ ok: false });
  });

  it('reads parts of the conversation', () => {
    expect(['first 10s', 'last 30s', '10s..1min', '0..5s', '0%..50%'].map(readTime)).toEqual([
      ok({ kind: 'first', ms: 10_000 }),
      ok({ kind: 'last', ms: 30_000 }),
      ok({ kind: 'span', fromMs: 10_000, toMs: 60_000 }),
      ok({ kind: 'span', fromMs: 0, toMs: 5000 }),
      ok({ kind: 'percent', from: 0, to: 50 }),
    ]);
    for (const bad of ['10s', 'first 10', '60s..10s', '50%..20%', '0%..120%', 10])
      expect(readTime(bad)).toMatchObject({ ok: false });
  });

  it('suggests the unit that was meant', () => {
    expect(readDuration('10 seconds')).toMatchObject({ hint: 'Did you mean "10s"?' });
    expect(readDuration('5 分钟')).toMatchObject({ hint: 'Did you mean "5min"?' });
    expect(readDuration(10)).toMatchObject({
      message: 'The length of time 10 has no unit.',
      hint: 'Write 10s, 10min or 10h.',
    });
    expect(readWithin(2)).toMatchObject({ hint: 'Write 2 turns or 2s.' });
  });

  it('reads distances, quantities and hits', () => {
    expect([readWithin('2 turns'), readWithin('1 turn'), readWithin('30s')]).toEqual([
      ok({ turns: 2 }),
      ok({ turns: 1 }),
      ok({ ms: 30_000 }),
    ]);
    expect([readQuantifier('all'), readQuantifier('atLeast 2')]).toEqual([
      ok({ kind: 'all' }),
      ok({ kind: 'atLeast', n: 2 }),
    ]);
    expect([readHit('each'), readHit(2), readHit(0), readHit('none')].map((read) => read.ok)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
