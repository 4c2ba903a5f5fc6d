import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const session = sessionOf([
  ['agent', 0, 2, 'one moment please'],
  ['agent', 14, 15, 'thanks for waiting'],
  ['customer', 21, 22, 'hello?'],
  ['agent', 31, 32, 'yes'],
]);
const ask = (value: string, measured = annotationsOf(session)) =>
  judge(`forbid: { silence: ${value} }`, session, measured);

describe('silence', () => {
  it('is a gap of at least so long, shown with the words before it', async () => {
    const item = await ask('{ min: 9s }');
    expect(
      item.evidence.map(({ turn, startMs, endMs, quote, measured, threshold }) => ({
        turn,
        startMs,
        endMs,
        quote,
        measured,
        threshold,
      })),
    ).toEqual([
      { turn: 1, startMs: 2000, endMs: 14_000, quote: 'one moment please', measured: 12_000, threshold: 9000 },
      { turn: 3, startMs: 22_000, endMs: 31_000, quote: 'hello?', measured: 9000, threshold: 9000 },
    ]);
    expect(item.reason.en).toBe('2 gaps of at least 9 s; the longest lasts 12 s from 00:02.0.');
  });

  it('is forgiven where it was announced, and nearly long enough ones are shown', async () => {
    const item = await ask('{ min: 10s, unlessAfter: [one moment] }');
    expect(item.verdict).toBe('pass');
    expect(item.nearMisses.map((one) => one.note!.en)).toEqual(
      ['12 s, announced before', '9 s < 10 s', '6 s < 10 s'].slice(0, 2),
    );
  });

  it('looks at who spoke before and after, at holds, and at the count', async () => {
    const failed = async (value: string) => (await ask(value)).verdict === 'fail';
    expect(
      await Promise.all(
        [
          '{ min: 5s, speakers: same }',
          '{ min: 13s, speakers: same }',
          '{ min: 10s, speakers: different }',
          '{ min: 9s, afterTurnOf: customer }',
          '{ min: 10s, afterTurnOf: customer }',
          '{ min: 6s, beforeTurnOf: customer }',
          '{ min: 5s, atLeast: 3 }',
          '{ min: 5s, atLeast: 4 }',
          '{ min: 5s, holds: only }',
        ].map(failed),
      ),
    ).toEqual([true, false, false, true, false, true, true, false, false]);
  });

  it('keeps to a time limit', async () => {
    expect(
      (await judge('forbid: { silence: { min: 9s }, time: last 15s }', session)).evidence.map((one) => one.turn),
    ).toEqual([3]);
  });

  it('is unknown without trusted times', async () => {
    expect((await ask('{ min: 9s }', annotationsOf(session, { measures: { timesTrusted: false } }))).verdict).toBe(
      'unknown',
    );
  });
});
