import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Speaker } from '../../session/index.ts';
import { SessionView } from '../evaluate/view.ts';
import { defaultScope } from '../load/items.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';
import { judge } from '../testing/card.ts';
import { resolveScope } from './resolve.ts';
import type { ScopeSpec } from './types.ts';

const talk = sessionOf([
  ['agent', 5, 8, 'hello there'],
  ['customer', 9, 12, 'it broke, my blender'],
  ['agent', 13, 15, 'one'],
  ['agent', 16, 18, 'two'],
  ['customer', 20, 22, 'hello again'],
  ['agent', 30, 40, 'sorry, and hello'],
]);

async function verdicts(conditions: readonly string[], session = talk, annotations = annotationsOf(session)) {
  return Promise.all(conditions.map(async (one) => (await judge(`expect: ${one}`, session, annotations)).verdict));
}

describe('scope keys', () => {
  it('narrow by speaker and turns, counted among the speaker’s own turns', async () => {
    expect(
      await verdicts([
        '{ phrase: [broke], by: customer }',
        '{ phrase: [broke], by: agent }',
        '{ phrase: [two], by: agent, turns: 3 }',
        '{ phrase: [two], turns: 3 }',
        '{ phrase: [hello], by: agent, turns: last 1 }',
        '{ phrase: [sorry], by: [agent, customer], turns: -2..-1 }',
        '{ phrase: [one], by: agent, turns: first 99 }',
      ]),
    ).toEqual(['pass', 'fail', 'pass', 'fail', 'pass', 'pass', 'pass']);
  });

  it('count time from the first speech unless told otherwise', async () => {
    expect(
      await verdicts([
        '{ phrase: [broke], time: first 5s }',
        '{ phrase: [broke], time: first 4s }',
        '{ phrase: [broke], time: first 9s, zero: recording-start }',
        '{ phrase: [broke], time: first 10s, zero: recording-start }',
        '{ phrase: [broke], time: first 1s, zero: first-customer-word }',
        '{ phrase: [sorry], time: last 10s }',
        '{ phrase: [sorry], time: last 9s }',
        '{ phrase: [two], time: 11s..15s }',
        '{ phrase: [two], time: 5s..11s }',
        '{ phrase: [sorry], time: 70%..100% }',
        '{ phrase: [sorry], time: 0%..70% }',
      ]),
    ).toEqual(['pass', 'fail', 'fail', 'pass', 'pass', 'pass', 'fail', 'pass', 'fail', 'pass', 'fail']);
  });

  it('take the time of the matched words, not of the turn', async () => {
    const words = ['now', 'your', 'full', 'name'].map((text, i) => ({
      text,
      startMs: i * 4000,
      endMs: i * 4000 + 500,
    }));
    const session = sessionOf([['agent', 0, 14, 'now your full name', { words }]]);
    expect(
      await verdicts(['{ phrase: [full name], time: first 9s }', '{ phrase: [full name], time: first 8s }'], session),
    ).toEqual(['pass', 'fail']);
  });

  it('ask for every unit, some units, or all turns as one text', async () => {
    const session = sessionOf([
      ['agent', 0, 1, 'my account'],
      ['agent', 2, 3, 'number is yes'],
      ['agent', 4, 5, 'yes'],
    ]);
    expect(
      await verdicts(
        [
          '{ phrase: ["yes"], quantifier: all }',
          '{ phrase: ["yes"], quantifier: all, turns: last 2 }',
          '{ phrase: ["yes"], quantifier: atLeast 2 }',
          '{ phrase: ["yes"], quantifier: atLeast 3 }',
          '{ phrase: [account number] }',
          '{ phrase: [account number], unit: joined }',
          '{ phrase: [account, "yes"], match: all }',
          '{ phrase: [account, "yes"], match: all, unit: joined }',
        ],
        session,
      ),
    ).toEqual(['fail', 'pass', 'pass', 'fail', 'fail', 'pass', 'fail', 'pass']);
    const joined = await judge('expect: { phrase: [account number], unit: joined }', session);
    expect(joined.evidence.map(({ turn, quote }) => [turn, quote])).toEqual([
      [1, 'account'],
      [2, 'number'],
    ]);
  });

  it('see public turns only, and automatic messages as nobody’s words', async () => {
    const session = sessionOf(
      [
        ['agent', 0, 0, 'we received it', { auto: true }],
        ['agent', 1, 1, 'rude customer', { visibility: 'internal' }],
        ['agent', 2, 2, 'on its way'],
      ],
      { channel: 'ticket' },
    );
    expect(
      await verdicts(
        [
          '{ phrase: [received], by: agent }',
          '{ phrase: [received], by: system }',
          '{ phrase: [rude], by: agent }',
          '{ phrase: [rude], by: agent, visibility: internal }',
          '{ phrase: [way], by: agent, turns: first 1 }',
        ],
        session,
      ),
    ).toEqual(['fail', 'pass', 'fail', 'pass', 'pass']);
  });

  it('clamp any turn range to the turns there are, in order', () => {
    const speakers = fc.array(fc.constantFrom<Speaker>('agent', 'customer', 'bot'), { maxLength: 8 });
    const edge = fc.integer({ min: -12, max: 12 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(speakers, edge, edge, (who, from, to) => {
        const session = sessionOf(who.map((one, i) => [one, i, i, 'x']));
        const spec: ScopeSpec = { ...defaultScope('first-speech'), by: ['agent'], turns: { from, to } };
        const found = resolveScope(new SessionView(session, annotationsOf(session)), spec, null).turns.map(
          (turn) => turn.n,
        );
        const own = session.turns.filter((turn) => turn.speaker === 'agent').map((turn) => turn.n);
        const at = (edge: number) => (edge > 0 ? edge : own.length + edge + 1);
        expect(found).toEqual(own.filter((_, i) => i + 1 >= at(from) && i + 1 <= at(to)));
      }),
    );
  });
});

describe('anchors', () => {
  const item = (rest: string, when = '{ phrase: [broke, hello again], by: customer }') =>
    `when: ${when}\nexpect: { phrase: [one, hello, blender], ${rest} }`;
  const ask = async (rest: string, when?: string) => (await judge(item(rest, when), talk)).verdict;

  it('open windows after, before, around and in the same turn', async () => {
    expect(await ask('by: agent, after: when, within: 1 turn')).toBe('pass');
    expect(await ask('by: agent, before: when, within: 1 turn')).toBe('pass');
    expect(await ask('by: customer, same: when')).toBe('pass');
    expect(await ask('by: customer, after: when, within: 0 turns')).toBe('pass');
    expect(await ask('by: agent, around: when, within: 500ms')).toBe('fail');
    expect(await ask('by: agent, around: when, within: 1s')).toBe('pass');
  });

  it('hold at any hit by default, at each, the last or the n-th when asked', async () => {
    expect(await ask('by: agent, after: when, within: 2s')).toBe('pass');
    expect(await ask('by: agent, after: when, within: 2s, hit: each')).toBe('fail');
    expect(await ask('by: agent, after: when, within: 2s, hit: last')).toBe('fail');
    expect(await ask('by: agent, after: when, within: 2s, hit: 1')).toBe('pass');
    expect(await ask('by: agent, after: when, within: 2s, hit: 3')).toBe('na');
  });

  it('do not apply where there is no anchor, and say what was too far away', async () => {
    expect(await ask('by: agent, after: when', '{ phrase: [refund], by: customer }')).toBe('na');
    expect((await judge('expect: { phrase: [x], after: { phrase: [refund] } }', talk)).verdict).toBe('na');
    const far = await judge(
      'when: { phrase: [broke], by: customer }\nexpect: { phrase: [sorry], by: agent, after: when, within: 2 turns }',
      talk,
    );
    expect(far).toMatchObject({
      verdict: 'fail',
      nearMisses: [
        {
          turn: 6,
          quote: 'sorry',
          measured: 4,
          threshold: 2,
          unit: 'turn',
          note: { en: 'said 4 turns away, limit 2' },
        },
      ],
    });
    expect(far.evidence).toMatchObject([{ turn: 2, quote: 'broke' }]);
  });

  it('ask a group as a whole at each hit', async () => {
    const item = (hit: string) =>
      `when: { phrase: [broke, hello again], by: customer }\nexpect: { any: [{ phrase: [one] }, { phrase: [sorry] }], by: agent, after: when, within: 1 turn, hit: ${hit} }`;
    expect((await judge(item('each'), talk)).verdict).toBe('pass');
  });
});
