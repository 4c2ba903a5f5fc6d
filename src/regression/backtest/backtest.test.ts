import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judges, SessionInput } from '../../pipeline/index.ts';
import { type CompiledScorecard, loadScorecard } from '../../scorecard/index.ts';
import { annotationsOf, sessionOf } from '../../scorecard/testing/session.ts';
import { type Backtest, backtestSchema, type Session } from '../../session/index.ts';
import { AgreementTable } from './agreement.ts';
import { Backtester } from './backtest.ts';
import { PairedScores } from './exact.ts';
import { parseReviews } from './reviews.ts';

const annotator: Judges['annotator'] = {
  model: { id: 'test', version: '1', hash: 'h' },
  annotate: (session) => annotationsOf(session),
};

interface CardSpec {
  version?: number;
  thanks?: string;
  limit?: string;
  thanksId?: string;
  extra?: string;
  channels?: string;
}

function card({
  version = 1,
  thanks = '[thank you, 谢谢]',
  limit = '10s',
  thanksId = 'thanks',
  extra = '',
  channels = '[call, chat]',
}: CardSpec): Promise<CompiledScorecard> {
  const text = `id: care
version: ${version}
language: en
channels: ${channels}
lexicons: { thanks: ${thanks} }
sections:
  - id: all
    title: { en: All, zh: 全部 }
    items:
      - { id: ${thanksId}, title: { en: Thanks, zh: 致谢 }, expect: { phrase: $thanks, by: agent } }
      - { id: name, title: { en: Name in time, zh: 及时报名 }, autoFail: form, expect: { phrase: [my name is], by: agent, time: first ${limit} } }
${extra}`;
  return loadScorecard('/cards/care.yaml', { read: () => Promise.resolve(text) });
}

function call(id: string, nameAt: number, thanks: string, more: Partial<Session> = {}): SessionInput {
  const session = sessionOf(
    [
      ['customer', 0, 1, 'hello'],
      ['agent', nameAt, nameAt + 2, 'my name is Anna'],
      ['agent', 60, 61, thanks],
    ],
    { id, agentId: 'anna', team: 'north', ...more },
  );
  return { session, audio: null, source: { path: `${id}.json`, entry: null }, notices: [] };
}

const inputs = [
  call('s1', 2, 'thank you'),
  call('s2', 8, 'thank you', { agentId: 'ben' }),
  call('s3', 14, 'cheers', { agentId: 'ben', team: null }),
  call('s4', 3, '谢谢'),
];

function run(
  candidate: CompiledScorecard,
  current: CompiledScorecard,
  sessions: readonly SessionInput[],
  more: { limit?: number; reviews?: string } = {},
): Backtest {
  const reviews = more.reviews === undefined ? null : parseReviews(more.reviews, 'reviews.csv');
  const tester = new Backtester({ candidate, annotator, limit: more.limit ?? 10, reviews });
  for (const input of sessions) tester.add(input, { card: current, judged: false });
  return backtestSchema.parse(tester.result());
}

const flipsOf = (result: Backtest) =>
  result.items.flatMap(({ id, examples }) =>
    examples.map(({ session, before, after }) => [
      id,
      session.id,
      before.verdict,
      after.verdict,
      before.quote,
      after.quote,
    ]),
  );

describe('a backtest', () => {
  it('shows exactly the sessions that another word list hits, with the words', async () => {
    const result = run(await card({ version: 2, thanks: '[thank you, cheers]' }), await card({}), inputs);
    expect(flipsOf(result)).toEqual([
      ['thanks', 's4', 'pass', 'fail', '谢谢', null],
      ['thanks', 's3', 'fail', 'pass', null, 'cheers'],
    ]);
    expect(result.sessions).toEqual({ judged: 4, newlyCovered: 0, noLongerCovered: 0, leftOut: 0, flipped: 2 });
    expect(result.flips).toEqual({ passToFail: 1, failToPass: 1, toUnknown: 0, fromUnknown: 0, toNa: 0, fromNa: 0 });
  });

  it('shows whom another limit hits: sessions, agents, teams, review work', async () => {
    const result = run(await card({ version: 2, limit: '5s' }), await card({}), inputs);
    expect(flipsOf(result)).toEqual([['name', 's2', 'pass', 'fail', 'my name is', 'my name is']]);
    expect(result.items[1]!.examples[0]!.after.note?.en).toBe('said at 8 s, limit 5 s');
    expect(
      result.newlyAutoFailed.shown.map(({ session, before, after }) => [session.id, before?.score, after?.score]),
    ).toEqual([['s2', 100, 0]]);
    expect(result.agents).toEqual([
      {
        key: 'anna',
        sessions: 2,
        flips: 0,
        newlyFailed: 0,
        newlyPassed: 0,
        newlyAutoFailed: 0,
        score: { n: 2, before: 100, after: 100, change: 0, halfWidth: 0 },
      },
      {
        key: 'ben',
        sessions: 2,
        flips: 1,
        newlyFailed: 1,
        newlyPassed: 0,
        newlyAutoFailed: 1,
        score: { n: 2, before: 50, after: 0, change: -50, halfWidth: expect.closeTo(635.31, 1) as number },
      },
    ]);
    expect(result.teams.map(({ key, flips }) => [key, flips])).toEqual([
      ['north', 1],
      [null, 0],
    ]);
    expect(result.workload.after.sessions - result.workload.before.sessions).toBe(result.workload.joined.total);
  });

  it('names items that are new, gone, renamed or weighed differently', async () => {
    const extra = `      - { id: bye, title: { en: Bye, zh: 再见 }, weight: 3, expect: { phrase: [bye], by: agent } }\n`;
    const result = run(await card({ version: 2, thanksId: 'gratitude' }), await card({ extra }), inputs.slice(0, 1));
    expect(
      result.against.map(({ added, removed, renamed, settings }) => ({ added, removed, renamed, settings })),
    ).toEqual([{ added: [], removed: ['bye'], renamed: [{ from: 'thanks', to: 'gratitude' }], settings: [] }]);
    expect(result.items.map(({ id, before, after }) => [id, before?.pass ?? null, after?.pass ?? null])).toEqual([
      ['gratitude', 1, 1],
      ['name', 1, 1],
      ['bye', 0, null],
    ]);
    const changed = run(await card({ extra }), await card({ extra: extra.replace('weight: 3', 'weight: 1') }), []);
    expect(changed.sessions.judged).toBe(0);
  });

  it('counts sessions that only one of the cards covers, and no flip for them', async () => {
    const chat = call('s9', 2, 'thank you', { channel: 'chat' });
    const narrow = await card({ channels: '[call]' });
    const wide = await card({});
    expect(run(wide, narrow, [chat]).sessions).toMatchObject({ judged: 1, newlyCovered: 1, flipped: 0 });
    expect(run(narrow, wide, [chat]).sessions).toMatchObject({ judged: 1, noLongerCovered: 1, flipped: 0 });
    expect(run(narrow, narrow, [chat]).sessions).toMatchObject({ judged: 0, leftOut: 1 });
  });

  it('holds both cards against people', async () => {
    const reviews =
      'session,item,verdict,reviewer,at\ns1,thanks,pass,jo,\ns3,thanks,pass,jo,\ns4,thanks,fail,jo,2026-01-02\ns4,thanks,pass,jo,2026-01-01\nother,thanks,pass,jo,\n';
    const result = run(await card({ thanks: '[thank you, cheers]' }), await card({}), inputs, { reviews });
    const [{ agreement }] = result.items as [Backtest['items'][number]];
    expect([agreement?.before, agreement?.after].map((one) => [one?.agree, one?.n, one?.kappa])).toEqual([
      [1, 3, expect.closeTo(-0.5, 9)],
      [3, 3, 1],
    ]);
    expect(result.reviews).toEqual({ verdicts: 4, used: 3 });
  });

  const sessions = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 4 }),
      at: fc.integer({ min: 0, max: 20 }),
      thanks: fc.constantFrom('thank you', 'cheers', '谢谢', ''),
      agentId: fc.constantFrom('anna', 'ben', null),
    }),
    { selector: ({ id }) => id, maxLength: 12 },
  );
  const toInputs = (specs: readonly { id: string; at: number; thanks: string; agentId: string | null }[]) =>
    specs.map(({ id, at, thanks, agentId }) => call(id, at, thanks, { agentId }));

  it('of a card against itself has no flip', async () => {
    const same = await card({});
    fc.assert(
      fc.property(sessions, (specs) => {
        const result = run(same, same, toInputs(specs));
        expect([result.sessions.flipped, result.score?.change ?? 0, result.workload.joined.total]).toEqual([0, 0, 0]);
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the order of sessions', async () => {
    const [before, after] = [await card({}), await card({ limit: '5s', thanks: '[cheers]' })];
    fc.assert(
      fc.property(
        sessions.chain((specs) =>
          fc.tuple(fc.constant(specs), fc.shuffledSubarray([...specs], { minLength: specs.length })),
        ),
        ([specs, shuffled]) => {
          const limited = { limit: 2 };
          expect(run(after, before, toInputs(shuffled), limited)).toEqual(run(after, before, toInputs(specs), limited));
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('figures of a backtest', () => {
  it('know the mean difference and its interval', () => {
    const scores = new PairedScores();
    for (const [a, b] of [
      [80, 70],
      [90, 85],
      [60, 60],
    ] as const)
      scores.add(a, b);
    // Differences −10, −5, 0: s = 5, t(2) = 4.3027, 4.3027 · 5 ÷ √3.
    expect(scores.change()).toEqual({
      n: 3,
      before: expect.closeTo(76.6667, 3),
      after: expect.closeTo(71.6667, 3),
      change: -5,
      halfWidth: expect.closeTo(12.4207, 3),
    });
    expect(new PairedScores().change()).toBeNull();
  });

  it('know Cohen’s κ', () => {
    const table = new AgreementTable();
    const add = (n: number, ...pair: Parameters<AgreementTable['add']>) => {
      for (let i = 0; i < n; i++) table.add(...pair);
    };
    add(20, 'pass', 'pass');
    add(5, 'pass', 'fail');
    add(10, 'fail', 'pass');
    add(15, 'fail', 'fail');
    // The textbook's example: p₀ 0.7, pₑ 0.5.
    expect(table.result()).toMatchObject({ n: 50, agree: 35, kappa: expect.closeTo(0.4, 9) as number });
    const agreed = new AgreementTable();
    agreed.add('pass', 'pass');
    expect([agreed.result()?.kappa, new AgreementTable().result()]).toEqual([null, null]);
  });
});

describe('reviews', () => {
  it('are the same from CSV and JSON', () => {
    const csv = parseReviews('session,item,verdict\nA,greeting,N/A\n', 'r.csv');
    const json = parseReviews('{"reviews":[{"session":"A","item":"greeting","verdict":"na"}]}', 'r.json');
    expect([csv.of('A', 'greeting'), json.of('A', 'greeting'), csv.of('A', 'other')]).toEqual(['na', 'na', null]);
  });

  it('name every row that is wrong', () => {
    const text =
      'session,item,verdict,reviewer,at\nA,greeting,perhaps,jo,\n,greeting,pass,jo,\nA,x,pass,jo,yesterday\n';
    expect(() => parseReviews(text, 'r.csv')).toThrowError(/line 2: verdict.*\n.*line 3: session.*\n.*line 4: at/);
    expect(() => parseReviews('[{', 'r.json')).toThrowError(expect.objectContaining({ code: 'reviews-invalid' }));
    expect(() => parseReviews('{}', 'r.json')).toThrowError(/no list of reviews/);
  });
});
