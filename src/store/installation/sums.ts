import { type Column, getTableColumns, sql } from 'drizzle-orm';
import type { Channel, FinishedSession } from '../../session/index.ts';
import { type Database, type Db, incoming, insertEach } from './database.ts';
import { dayOf, type SessionRow } from './summary.ts';

/** What one recorded session adds to the sums, or takes off when it is replaced. */
export type Counted = Pick<
  SessionRow,
  | 'at'
  | 'team'
  | 'otherTeam'
  | 'agentId'
  | 'channel'
  | 'scorecardId'
  | 'score'
  | 'passed'
  | 'provisional'
  | 'autoFails'
  | 'band'
> & { items: FinishedSession['items'] };

type Figures = Record<string, number>;
interface Group extends Record<string, string> {
  day: string;
  team: string;
  otherTeam: string;
  agentId: string;
  channel: Channel;
  scorecardId: string;
}

/** Adds up changes in memory, so that a group is written once for a whole part of results. */
export class Tally {
  readonly #sessions = new Map<string, { group: Group; figures: Figures }>();
  readonly #items = new Map<string, { group: Group & { item: string }; figures: Figures }>();

  add(session: Counted, sign: 1 | -1): void {
    const group: Group = {
      day: dayOf(session.at),
      team: session.team ?? '',
      otherTeam: session.otherTeam ?? '',
      agentId: session.agentId ?? '',
      channel: session.channel,
      scorecardId: session.scorecardId ?? '',
    };
    put(this.#sessions, group, figuresOf(session), sign);
    for (const { id, verdict, cost } of session.items) {
      const counts = { pass: 0, fail: 0, unknown: 0, na: 0, costMillionths: Math.round(cost * 1e6) };
      put(this.#items, { ...group, item: id }, { ...counts, [verdict]: 1 }, sign);
    }
  }

  /** Writes the sums, always in the same order, so that two transactions cannot wait for each other. */
  async write(database: Database, tx: Db): Promise<void> {
    const { t } = database;
    const sessions = sorted(this.#sessions);
    await insertEach(database, sessions, (part) =>
      tx
        .insert(t.sums)
        .values(part as (typeof t.sums.$inferInsert)[])
        .onConflictDoUpdate({
          target: [t.sums.day, t.sums.team, t.sums.otherTeam, t.sums.agentId, t.sums.channel, t.sums.scorecardId],
          set: added(t.sums),
        }),
    );
    const agents = sorted(this.#items);
    const e = t.agentItemSums;
    await insertEach(database, agents, (part) =>
      tx
        .insert(e)
        .values(part as (typeof e.$inferInsert)[])
        .onConflictDoUpdate({
          target: [e.agentId, e.day, e.team, e.otherTeam, e.channel, e.scorecardId, e.item],
          set: added(e),
        }),
    );
    const together = new Map<string, { group: Record<string, string>; figures: Figures }>();
    for (const { group, figures } of this.#items.values()) {
      const { agentId: _, ...rest } = group;
      put(together, rest, figures, 1);
    }
    const i = t.itemSums;
    await insertEach(database, sorted(together), (part) =>
      tx
        .insert(i)
        .values(part as (typeof i.$inferInsert)[])
        .onConflictDoUpdate({
          target: [i.day, i.team, i.otherTeam, i.channel, i.scorecardId, i.item],
          set: added(i),
        }),
    );
  }
}

function figuresOf({ score, passed, provisional, autoFails, band }: Counted): Figures {
  return {
    sessions: 1,
    scored: score === null ? 0 : 1,
    passed: passed === true ? 1 : 0,
    autoFailed: autoFails > 0 ? 1 : 0,
    provisional: provisional ? 1 : 0,
    scoreMillionths: Math.round((score ?? 0) * 1e6),
    squareTenThousandths: Math.round((score ?? 0) ** 2 * 1e4),
    critical: band === 'critical' ? 1 : 0,
    high: band === 'high' ? 1 : 0,
    medium: band === 'medium' ? 1 : 0,
    low: band === 'low' ? 1 : 0,
  };
}

function put<G extends Record<string, string>>(
  into: Map<string, { group: G; figures: Figures }>,
  group: G,
  figures: Figures,
  sign: 1 | -1,
): void {
  const key = JSON.stringify(Object.values(group));
  const there = into.get(key) ?? { group, figures: {} };
  for (const [name, by] of Object.entries(figures)) there.figures[name] = (there.figures[name] ?? 0) + sign * by;
  into.set(key, there);
}

function sorted(from: ReadonlyMap<string, { group: Record<string, string>; figures: Figures }>) {
  return [...from]
    .filter(([, { figures }]) => Object.values(figures).some((by) => by !== 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { group, figures }]) => ({ ...group, ...figures }));
}

/** For each column of numbers: what is there and what comes. */
function added(table: Database['t']['sums' | 'itemSums' | 'agentItemSums']) {
  const all: Record<string, Column> = getTableColumns(table);
  const columns = Object.entries(all).filter(([, column]) => column.dataType === 'number');
  return Object.fromEntries(columns.map(([name, column]) => [name, sql`${column} + ${incoming(column)}`]));
}
