import { setImmediate as turn } from 'node:timers/promises';
import { and, between, eq, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import type { ItemCounts } from './schema.ts';
import { visible } from './scope.ts';
import type { PeriodFigures, PeriodReport, Reports } from './store.ts';
import { addItems, type SumsName } from './sums.ts';

type Raw = Record<string, unknown>;

export function reportsOn(database: Database): Reports {
  const { t, read } = database;
  const columns = Object.entries<(typeof figures)[keyof typeof figures]>(figures).map(
    ([name, column]) => [name, t.sums[column].name] as const,
  );
  const total = sql.join(
    columns.map(([name, column]) => sql`sum(${sql.identifier(column)}) AS ${sql.identifier(name)}`),
    sql`, `,
  );
  const plain = sql.join(
    columns.map(([, column]) => sql.identifier(column)),
    sql`, `,
  );
  return {
    period: async (scope, { from, to, team, channel }) => {
      const period = { first: from.slice(0, 10), last: to.slice(0, 10) };
      const within = (name: SumsName, { first, last }: Span) => {
        const column = name === 'monthSums' || name === 'teamMonthSums' ? t[name].month : t[name].day;
        return and(
          between(column, first, last),
          visible(database, name, scope),
          team === undefined ? undefined : eq(t[name].team, team),
          channel === undefined ? undefined : eq(t[name].channel, channel),
        );
      };
      // One agent's sums are few, and indexed; everybody's are taken from tables without agents, and by month where months are whole.
      const ofAgent = scope.kind === 'agent';
      const { months, days: rest } = ofAgent ? { months: [], days: [period] } : split(period);
      const byDay = ofAgent ? 'sums' : 'teamSums';
      const days = await database.rows(
        read,
        sql`SELECT day, ${total} FROM ${t[byDay]} WHERE ${within(byDay, period)}
            GROUP BY day HAVING sum(sessions) > 0 ORDER BY day`,
      );
      const ofAgents = (name: 'sums' | 'monthSums') => (span: Span) =>
        sql`SELECT agent_id, team, ${plain} FROM ${t[name]} WHERE ${within(name, span)}`;
      const parts = [...months.map(ofAgents('monthSums')), ...rest.map(ofAgents('sums'))];
      // Each span by itself: SQLite looks up every row of an OR of ranges once more.
      const agents =
        parts.length === 0
          ? []
          : await database.rows(
              read,
              sql`SELECT agent_id AS agent, team, ${total} FROM (${sql.join(parts, sql` UNION ALL `)}) AS parts
                  GROUP BY agent_id, team HAVING sum(sessions) > 0 ORDER BY agent_id, team`,
            );
      const cards = new Map<string, ItemCounts>();
      const spans = [
        ...months.map((span) => ['teamMonthSums', span] as const),
        ...rest.map((span) => [byDay, span] as const),
      ];
      for (const [name, span] of spans) {
        const { scorecardId: card, items } = t[name];
        const rows = await read.select({ card, items }).from(t[name]).where(within(name, span));
        for (const [n, row] of rows.entries()) {
          if (n % rowsInTurn === rowsInTurn - 1) await turn();
          const there = cards.get(row.card) ?? {};
          cards.set(row.card, addItems(there, row.items));
        }
      }
      return {
        from: period.first,
        to: period.last,
        ...figuresOf(days.reduce(plus, {})),
        days: days.map((row) => ({ day: String(row['day']), ...figuresOf(row) })),
        agents: agents.map((row) => ({
          agentId: orNull(row['agent']),
          team: orNull(row['team']),
          ...figuresOf(row),
        })),
        items: [...cards].sort(byName).flatMap(([scorecardId, items]) =>
          Object.entries(items)
            .sort(byName)
            .filter(([, [pass, fail, unknown, na]]) => pass! + fail! + unknown! + na! > 0)
            .map(([item, [pass, fail, unknown, na, cost]]) => ({
              ...{ scorecardId, item, pass: pass!, fail: fail!, unknown: unknown!, na: na! },
              cost: cost! / 1e6,
            })),
        ),
      } satisfies PeriodReport;
    },
  };
}

/** What the figures of a report are summed from. */
const figures = {
  ...{ sessions: 'sessions', scored: 'scored', passed: 'passed', autoFailed: 'autoFailed', provisional: 'provisional' },
  ...{ critical: 'critical', high: 'high', medium: 'medium', low: 'low' },
  ...{ scores: 'scoreMillionths', squares: 'squareTenThousandths' },
} as const satisfies Record<string, keyof Database['t']['sums']['$inferSelect']>;

/** So many groups' items are added up before other work has its turn. */
const rowsInTurn = 1_000;

/** From the first to the last, both included. */
interface Span {
  first: string;
  last: string;
}

/** The whole months of a period, and the days before and after them. */
function split({ first, last }: Span): { months: Span[]; days: Span[] } {
  const from = first.slice(8) === '01' ? first.slice(0, 7) : monthAfter(first, 1);
  const to = last >= dayBefore(`${monthAfter(last, 1)}-01`) ? last.slice(0, 7) : monthAfter(last, -1);
  if (from > to) return { months: [], days: first > last ? [] : [{ first, last }] };
  const days = [
    { first, last: dayBefore(`${from}-01`) },
    { first: `${monthAfter(to, 1)}-01`, last },
  ];
  return { months: [{ first: from, last: to }], days: days.filter((span) => span.first <= span.last) };
}

function monthAfter(day: string, months: number): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months)).toISOString().slice(0, 7);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
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
