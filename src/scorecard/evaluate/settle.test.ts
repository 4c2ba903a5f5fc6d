import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session, Verdict } from '../../session/index.ts';
import { evaluate } from '../evaluate.ts';
import { conditions, items, loadSound, sessions } from '../testing/arbitrary.ts';
import { cardOf, loadText } from '../testing/card.ts';
import { annotationsOf, sessionOf } from '../testing/session.ts';

/** What a running contact keeps: times in order and for all or none, every speaker named, written or given words. */
function asRunning(session: Session): Session {
  const timed = session.turns.every((turn) => turn.startMs !== null);
  let last = 0;
  const turns = session.turns.map((turn) => {
    const startMs = timed ? (last = Math.max(last, turn.startMs!)) : null;
    const endMs = startMs === null ? null : Math.max(startMs, turn.endMs ?? startMs);
    const speaker = turn.speaker === 'unknown' ? ('agent' as const) : turn.speaker;
    const { confidence: _confidence, ...rest } = turn;
    return { ...rest, speaker, startMs, endMs };
  });
  return { ...session, turns, transcript: { ...session.transcript, origin: 'given' } };
}

const upTo = (session: Session, n: number): Session => ({ ...session, turns: session.turns.slice(0, n) });

function verdicts(
  card: Parameters<typeof evaluate>[0],
  session: Session,
  unfinished: boolean,
): Record<string, Verdict> {
  const result = evaluate(card, session, annotationsOf(session), { unfinished });
  return Object.fromEntries(result.items.map((item) => [item.id, item.verdict]));
}

describe('a contact that is still running', () => {
  it('is given no verdict that a later turn takes back', async () => {
    const rule = fc.oneof(
      items(),
      conditions().map((expect_) => ({ expect: expect_ })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(rule, { minLength: 1, maxLength: 6 }),
        fc.array(sessions(), { minLength: 1, maxLength: 4 }),
        async (given, talks) => {
          const sound = await loadSound(given);
          if (!sound) return;
          for (const talk of talks) {
            const whole = asRunning(talk.session);
            const atEnd = verdicts(sound.card, whole, false);
            for (let n = 1; n <= whole.turns.length; n++) {
              const now = verdicts(sound.card, upTo(whole, n), true);
              for (const [id, verdict] of Object.entries(now))
                if (verdict !== 'unknown')
                  expect({ id, n, rule: sound.kept[Number(id.slice(5))], verdict }).toEqual({
                    id,
                    n,
                    rule: sound.kept[Number(id.slice(5))],
                    verdict: atEnd[id],
                  });
            }
          }
        },
      ),
      { seed: 20261122, numRuns: 80 },
    );
  }, 60_000);

  const late = sessionOf([
    ['agent', 0, 2, 'good morning'],
    ['customer', 3, 6, 'where is my parcel'],
    ['agent', 7, 9, 'one moment you idiot'],
    ['customer', 11, 14, 'excuse me'],
    ['agent', 15, 18, 'may I have your name'],
    ['customer', 30, 31, 'no'],
  ]);
  const after = async (item: string, n: number) => {
    const card = await loadText(cardOf(item));
    return verdicts(card, upTo(late, n), true)['x'] ?? Object.values(verdicts(card, upTo(late, n), true))[0];
  };

  it.each([
    [
      'forbidden words fail with the turn that holds them',
      'forbid: { phrase: idiot, by: agent }',
      ['unknown', 'unknown', 'fail', 'fail', 'fail', 'fail'],
    ],
    [
      'what must be said is open until the end',
      'expect: { phrase: goodbye, by: agent }',
      ['unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
    ],
    [
      'what must be said and was, is done',
      'expect: { phrase: your name, by: agent }',
      ['unknown', 'unknown', 'unknown', 'unknown', 'pass', 'pass'],
    ],
    [
      'a time limit that is over decides',
      'expect: { phrase: your name, by: agent, time: first 10s }',
      ['unknown', 'unknown', 'unknown', 'fail', 'fail', 'fail'],
    ],
    [
      'the first turns decide once they are there',
      'expect: { phrase: your name, by: agent, turns: first 2 }',
      ['unknown', 'unknown', 'fail', 'fail', 'fail', 'fail'],
    ],
    [
      'the last turns are not known before the end',
      'expect: { phrase: good morning, turns: last 1 }',
      ['unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
    ],
    [
      'a gap that was is final',
      'forbid: { silence: { min: 10s } }',
      ['unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'fail'],
    ],
    [
      'a window behind an anchor closes',
      'expect: { phrase: sorry, by: agent, after: { phrase: my parcel }, within: 2 turns, hit: each }',
      ['unknown', 'unknown', 'unknown', 'fail', 'fail', 'fail'],
    ],
    [
      'what calls for a rule may still come',
      'when: { phrase: refund, by: customer }\nexpect: { phrase: sorry, by: agent }',
      ['unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
    ],
    [
      'a length can be too long before the end',
      'expect: { duration: { atMost: 15s } }',
      ['unknown', 'unknown', 'unknown', 'unknown', 'fail', 'fail'],
    ],
  ])('%s', async (_title, item, expected) => {
    const got: unknown[] = [];
    for (let n = 1; n <= late.turns.length; n++) got.push(await after(item, n));
    expect(got).toEqual(expected);
  });
});
