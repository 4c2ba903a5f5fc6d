import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PeriodReport, Scope, Store } from '../store.ts';
import { agent, all, batch, finished, none, teams, unique, type Verdicts, waiting } from './build.ts';

interface Made {
  key: string;
  at: string;
  team: string | null;
  agentId: string | null;
  channel: 'chat' | 'call';
  verdicts: Verdicts;
}

const bands = ['critical', 'high', 'medium', 'low'] as const;

/** The report counted out by hand from what was recorded last for each session. */
function expected(list: readonly Made[]): Omit<PeriodReport, 'from' | 'to' | 'days' | 'agents'> {
  const scores = list.flatMap(({ verdicts: { score } }) => (score === null || score === undefined ? [] : [score]));
  const count = (test: (verdicts: Verdicts) => boolean) => list.filter(({ verdicts }) => test(verdicts)).length;
  const items = new Map<string, PeriodReport['items'][number]>();
  for (const { verdicts } of list)
    for (const { id, verdict, cost } of verdicts.items ?? []) {
      const scorecardId = verdicts.scorecardId ?? '';
      const key = `${scorecardId} ${id}`;
      const row = items.get(key) ?? { scorecardId, item: id, pass: 0, fail: 0, unknown: 0, na: 0, cost: 0 };
      row[verdict]++;
      row.cost = (Math.round(row.cost * 1e6) + Math.round(cost * 1e6)) / 1e6;
      items.set(key, row);
    }
  return {
    sessions: list.length,
    scored: scores.length,
    passed: count(({ passed }) => passed === true),
    autoFailed: count(({ autoFails = 0 }) => autoFails > 0),
    provisional: count(({ provisional }) => provisional === true),
    scoreSum: scores.reduce((sum, score) => sum + Math.round(score * 1e6), 0) / 1e6,
    scoreSquares: scores.reduce((sum, score) => sum + Math.round(score ** 2 * 1e4), 0) / 1e4,
    bands: Object.fromEntries(
      bands.map((band) => [band, count((verdicts) => verdicts.band === band)]),
    ) as PeriodReport['bands'],
    items: [...items.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  };
}

const plain = ({ from: _, to: __, days: ___, agents: ____, ...figures }: PeriodReport) => figures;

const verdictsArbitrary = fc.record({
  score: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 10_000_000 }).map((n) => n / 1e5),
  ),
  passed: fc.constantFrom(true, false, null),
  provisional: fc.boolean(),
  autoFails: fc.integer({ min: 0, max: 2 }),
  band: fc.constantFrom(...bands),
  scorecardId: fc.constantFrom('a', 'b', null),
  items: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('i1', 'i2', 'i3'),
      verdict: fc.constantFrom('pass' as const, 'fail' as const, 'unknown' as const, 'na' as const),
      cost: fc.integer({ min: 0, max: 1_000_000 }).map((n) => n / 1e5),
    }),
    { selector: ({ id }) => id, maxLength: 3 },
  ),
});

export function reportSuite(store: () => Store): void {
  it('adds up by day, agent and item what each scope may see', async () => {
    const [north, south, eve] = [unique('north'), unique('south'), unique('eve')];
    const { id } = await batch(store(), south);
    const made: Made[] = [
      {
        key: unique('r'),
        at: '2031-01-01T23:59:59.999Z',
        team: north,
        agentId: eve,
        channel: 'chat',
        verdicts: { score: 80.5, band: 'low', items: [{ id: 'i', verdict: 'fail', cost: 1.5 }], scorecardId: 'x' },
      },
      {
        key: unique('r'),
        at: '2031-01-02T00:00:00.000Z',
        team: null,
        agentId: 'bob',
        channel: 'call',
        verdicts: {
          score: null,
          passed: null,
          provisional: true,
          autoFails: 1,
          band: 'critical',
          items: [],
          scorecardId: 'x',
        },
      },
    ];
    await record(store(), id, made);
    const period = (scope: Scope, more: Partial<Parameters<Store['reports']['period']>[1]> = {}) =>
      store().reports.period(scope, { from: '2031-01-01', to: '2031-01-02', ...more });
    const whole = await period(teams(south));
    expect(whole.days.map(({ day, sessions }) => [day, sessions])).toEqual([
      ['2031-01-01', 1],
      ['2031-01-02', 1],
    ]);
    expect(whole.agents.map(({ agentId, team, sessions }) => [agentId, team, sessions]).sort()).toEqual(
      [
        ['bob', south, 1],
        [eve, north, 1],
      ].sort(),
    );
    expect(plain(whole)).toEqual(
      expected(made.map((one) => ({ ...one, verdicts: { passed: true, ...one.verdicts } }))),
    );
    expect((await period(teams(north))).sessions).toBe(1);
    expect((await period(agent(eve))).items).toEqual([
      { scorecardId: 'x', item: 'i', pass: 0, fail: 1, unknown: 0, na: 0, cost: 1.5 },
    ]);
    expect((await period(agent('bob'), { channel: 'chat' })).sessions).toBe(0);
    expect((await period(teams(south), { channel: 'call' })).sessions).toBe(1);
    expect((await period(teams(south), { team: north })).sessions).toBe(1);
    expect((await period(teams(south), { to: '2031-01-01T12:00:00Z' })).sessions).toBe(1);
    for (const scope of [none, teams(), agent(''), teams('')])
      expect(await period(scope)).toEqual({
        from: '2031-01-01',
        to: '2031-01-02',
        days: [],
        agents: [],
        ...expected([]),
      });
  });

  it('is what counting every session gives, for any period and scope, after any number of recordings and replacements', async () => {
    let year = store().backend === 'sqlite' ? 2040 : 2060;
    const day = fc.integer({ min: 0, max: 120 });
    const dayOf = (n: number) => new Date(Date.UTC(year, 0, 1 + n)).toISOString().slice(0, 10);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(verdictsArbitrary, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.array(day, { minLength: 4, maxLength: 4 }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.tuple(day, day), { minLength: 3, maxLength: 3 }),
        async (rounds, days, periods) => {
          year++;
          const { id } = await batch(store(), 'other');
          const keys = days[0]!.map(() => unique('p'));
          let made: Made[] = [];
          for (const [round, verdicts] of rounds.entries()) {
            made = keys.map((key, n) => ({
              ...{ key, at: `${dayOf(days[round]![n]!)}T10:00:00.000Z`, team: n > 1 ? `t${n % 2}` : null },
              ...{ agentId: n > 0 ? `a${n % 2}` : null, channel: n < 3 ? 'chat' : 'call' },
              verdicts: { probability: 0.1, ...verdicts[n]! },
            }));
            await record(store(), id, made, round > 0);
          }
          const scopes: [Scope, (one: Made) => boolean][] = [
            [all, () => true],
            [teams('t1'), ({ team }) => team === 't1'],
            [teams('other'), () => true],
            [agent('a1'), ({ agentId }) => agentId === 'a1'],
          ];
          for (const [from, to] of [...periods, [0, 364] as const].map((days) => days.map(dayOf)))
            for (const [scope, sees] of scopes) {
              const counted = made.filter(
                (one) => sees(one) && from! <= one.at.slice(0, 10) && one.at.slice(0, 10) <= to!,
              );
              const report = await store().reports.period(scope, { from: from!, to: to! });
              expect(plain(report)).toEqual(expected(counted));
              const sessions = (groups: { sessions: number }[]) => groups.reduce((sum, one) => sum + one.sessions, 0);
              expect([sessions(report.days), sessions(report.agents)]).toEqual([counted.length, counted.length]);
            }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('adds up what many record at once, in the same groups', async () => {
    const { id } = await batch(store());
    const made = Array.from({ length: 24 }, (_, n): Made => ({
      ...{ key: unique('c'), at: '2033-05-05T10:00:00.000Z', team: 'crowd', agentId: `a${n % 2}`, channel: 'chat' },
      verdicts: { score: n, passed: true, band: 'low', items: [{ id: `i${n % 3}`, verdict: 'fail', cost: n / 8 }] },
    }));
    const parts = [0, 1, 2, 3, 4, 5].map((part) => made.filter((_, n) => n % 6 === part));
    await Promise.all(parts.map((part) => record(store(), id, part)));
    await Promise.all(parts.map((part) => record(store(), id, part, true)));
    const verdicts = made.map((one) => ({ ...one, verdicts: { ...one.verdicts, scorecardId: 'card' } }));
    for (const [from, to] of [
      ['2033-05-05', '2033-05-05'],
      ['2033-05-01', '2033-05-31'],
    ])
      expect(plain(await store().reports.period(teams('crowd'), { from: from!, to: to! }))).toEqual(expected(verdicts));
  });
}

async function record(store: Store, batchId: string, made: readonly Made[], again = false): Promise<void> {
  const orders = made.map(({ key, at, team, agentId, channel }) =>
    waiting(batchId, key, { about: { startedAt: at, team, agentId, channel } }),
  );
  await store.sessions.addWaiting(orders);
  await store.sessions.record(
    orders.map((order, n) => finished(order, made[n]!.verdicts)),
    { again },
  );
}
