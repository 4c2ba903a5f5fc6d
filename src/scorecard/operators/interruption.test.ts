import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const session = sessionOf([
  ['customer', 0, 6, 'I wanted to say that my order'],
  ['agent', 4, 7, 'yes but listen to me'],
  ['customer', 8, 14, 'it never arrived and'],
  ['agent', 12.16, 15, 'that cannot be true'],
  ['agent', 13, 14, 'yes'],
]);
const overlap = (turn: number, startMs: number, endMs: number, words: number) => ({
  by: 'agent' as const,
  turn,
  overTurn: turn - 1,
  startMs,
  endMs,
  words,
  characters: 20,
});
const measured = {
  interruptions: [overlap(2, 4000, 6000, 4), overlap(4, 12_160, 14_000, 4), overlap(5, 8000, 12_000, 1)],
};
const ask = (value: string, measures = {}) =>
  judge(
    `forbid: { interruption: ${value} }`,
    session,
    annotationsOf(session, { measures: { ...measured, ...measures } }),
  );

describe('interruption', () => {
  it('counts talk-over of the length asked; back-channels do not count', async () => {
    const item = await ask('{ by: agent, minOverlap: 2s }');
    expect(
      item.evidence.map(({ turn, startMs, endMs, quote, measured }) => [turn, startMs, endMs, quote, measured]),
    ).toEqual([[2, 4000, 6000, 'yes but listen to me', 2000]]);
    expect((await ask('{ by: agent, minOverlap: 1.8s, atLeast: 2 }')).verdict).toBe('fail');
    expect((await ask('{ by: customer }')).verdict).toBe('pass');
  });

  it('shows what nearly counted', async () => {
    const item = await ask('{ by: agent, minOverlap: 2s, atLeast: 2 }');
    expect(item.verdict).toBe('pass');
    expect(item.nearMisses.map((one) => one.note!.en)).toEqual(['2 s talked over', 'overlap 1.84 s < 2 s']);
  });

  it('is unknown where overlap cannot be heard', async () => {
    expect(await ask('{ by: agent }', { overlapTrusted: false })).toMatchObject({ verdict: 'unknown', evidence: [] });
  });
});
