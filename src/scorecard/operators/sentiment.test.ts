import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

const session = sessionOf([
  ['customer', 0, 1, 'nice'],
  ['customer', 2, 3, 'well'],
  ['agent', 4, 5, 'no'],
  ['customer', 6, 7, 'awful'],
  ['customer', 8, 9, 'bad'],
]);
const scores: [number, number][] = [
  [1, 0.5],
  [2, 0],
  [3, -0.9],
  [4, -0.8],
  [5, -0.4],
];
const ask = (value: string, rest = 'by: customer') =>
  judge(`expect: { sentiment: ${value}, ${rest} }`, session, annotationsOf(session, { scores }));

describe('sentiment', () => {
  it('looks at single turns by default and can anchor other rules', async () => {
    expect((await ask('{ below: -0.6 }')).evidence).toMatchObject([
      { turn: 4, quote: 'awful', measured: -0.8, threshold: -0.6 },
    ]);
    expect((await ask('{ below: -0.85 }')).verdict).toBe('fail');
    const after = await judge(
      'when: { sentiment: { below: -0.6 }, by: customer }\nexpect: { phrase: [bad], after: when }',
      session,
      annotationsOf(session, { scores }),
    );
    expect(after.verdict).toBe('pass');
  });

  it('judges figures over the turns in scope', async () => {
    const verdicts = await Promise.all(
      [
        '{ of: mean, below: -0.17 }',
        '{ of: min, atMost: -0.8 }',
        '{ of: end, above: -0.41, below: -0.39 }',
        '{ of: swing, above: 1.29 }',
        '{ of: negativeRun, atLeast: 2 }',
        '{ of: trend, below: -1 }',
        '{ of: end, above: 0 }',
      ].map(async (value) => (await ask(value)).verdict),
    );
    expect(verdicts).toEqual(['pass', 'pass', 'pass', 'pass', 'pass', 'pass', 'fail']);
    expect((await ask('{ of: mean, above: 0, minTurns: 2 }', 'by: customer, turns: first 2')).verdict).toBe('pass');
  });

  it('does not judge too few turns', async () => {
    expect(await ask('{ of: end, above: 0 }', 'by: agent')).toMatchObject({
      verdict: 'na',
      reason: { en: 'Too little said to judge: 1 turn of the agent, 3 needed.' },
    });
  });
});
