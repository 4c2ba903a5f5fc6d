import { and, between, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { visible } from './scope.ts';
import type { PeriodFigures, PeriodReport, Reports } from './store.ts';

type Raw = Record<string, unknown>;

export function reportsOn(database: Database): Reports {
  const { t, read } = database;
  const total = (columns: Record<string, unknown>): SQL =>
    sql.join(
      Object.entries(columns).map(([name, column]) => sql`sum(${column}) AS ${sql.identifier(name)}`),
      sql`, `,
    );
  return {
    period: async (scope, { from, to, team, channel }) => {
      const [first, last] = [from.slice(0, 10), to.slice(0, 10)];
      const within = (name: 'sums' | 'itemSums' | 'agentItemSums') =>
        and(
          between(t[name].day, first, last),
          visible(database, name, scope),
          team === undefined ? undefined : eq(t[name].team, team),
          channel === undefined ? undefined : eq(t[name].channel, channel),
        );
      const { sessions, scored, passed, autoFailed, provisional, critical, high, medium, low } = t.sums;
      const figures = total({
        ...{ sessions, scored, passed, autoFailed, provisional, critical, high, medium, low },
        scores: t.sums.scoreMillionths,
        squares: t.sums.squareTenThousandths,
      });
      const days = await database.rows(
        read,
        sql`SELECT ${t.sums.day} AS day, ${figures} FROM ${t.sums} WHERE ${within('sums')}
            GROUP BY ${t.sums.day} HAVING sum(${sessions}) > 0 ORDER BY ${t.sums.day}`,
      );
      const agents = await database.rows(
        read,
        sql`SELECT ${t.sums.agentId} AS agent, ${t.sums.team} AS team, ${figures} FROM ${t.sums} WHERE ${within('sums')}
            GROUP BY ${t.sums.agentId}, ${t.sums.team} HAVING sum(${sessions}) > 0 ORDER BY ${t.sums.agentId}, ${t.sums.team}`,
      );
      const name = scope.kind === 'agent' ? 'agentItemSums' : 'itemSums';
      const { scorecardId, item, pass, fail, unknown, na, costMillionths } = t[name];
      const items = await database.rows(
        read,
        sql`SELECT ${scorecardId} AS card, ${item} AS item, ${total({ pass, fail, unknown, na, cost: costMillionths })}
            FROM ${t[name]} WHERE ${within(name)} GROUP BY ${scorecardId}, ${item}
            HAVING sum(${pass} + ${fail} + ${unknown} + ${na}) > 0 ORDER BY ${scorecardId}, ${item}`,
      );
      return {
        from: first,
        to: last,
        ...figuresOf(days.reduce(plus, {})),
        days: days.map((row) => ({ day: String(row['day']), ...figuresOf(row) })),
        agents: agents.map((row) => ({
          agentId: orNull(row['agent']),
          team: orNull(row['team']),
          ...figuresOf(row),
        })),
        items: items.map((row) => ({
          scorecardId: String(row['card']),
          item: String(row['item']),
          pass: Number(row['pass']),
          fail: Number(row['fail']),
          unknown: Number(row['unknown']),
          na: Number(row['na']),
          cost: Number(row['cost']) / 1e6,
        })),
      } satisfies PeriodReport;
    },
  };
}

function plus(total: Raw, row: Raw): Raw {
  const names = Object.keys(row).filter((name) => name !== 'day');
  return Object.fromEntries(names.map((name) => [name, Number(total[name] ?? 0) + Number(row[name])]));
}

function figuresOf(row: Raw): PeriodFigures {
  const of = (name: string) => Number(row[name] ?? 0);
  return {
    sessions: of('sessions'),
    scored: of('scored'),
    passed: of('passed'),
    autoFailed: of('autoFailed'),
    provisional: of('provisional'),
    scoreSum: of('scores') / 1e6,
    scoreSquares: of('squares') / 1e4,
    bands: { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low') },
  };
}

function orNull(value: unknown): string | null {
  return value === '' ? null : String(value);
}
