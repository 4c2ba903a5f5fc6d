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

  it('is what counting every session gives, after any number of recordings and replacements', async () => {
    let year = store().backend === 'sqlite' ? 2040 : 2060;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(verdictsArbitrary, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.constantFrom('2', '3'), { minLength: 3, maxLength: 3 }),
        async (rounds, days) => {
          year++;
          const { id } = await batch(store());
          const made = days.map((day, n): Made => ({
            ...{
              key: unique('p'),
              at: `${year}-03-0${day}T10:00:00.000Z`,
              team: `t${n % 2}`,
              agentId: n ? `a${n}` : null,
            },
            ...{ channel: 'chat', verdicts: {} },
          }));
          for (const [round, verdicts] of rounds.entries()) {
            for (const [n, one] of made.entries()) one.verdicts = { probability: 0.1, ...verdicts[n]! };
            await record(store(), id, made, round > 0);
          }
          const report = await store().reports.period(all, { from: `${year}-01-01`, to: `${year}-12-31` });
          expect(plain(report)).toEqual(expected(made));
          expect(report.days.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(3);
          const own = await store().reports.period(agent('a1'), { from: `${year}-01-01`, to: `${year}-12-31` });
          expect(plain(own)).toEqual(expected(made.slice(1, 2)));
        },
      ),
      { numRuns: 12 },
    );
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
