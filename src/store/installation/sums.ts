import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { Channel, FinishedSession } from '../../session/index.ts';
import { type Database, type Db, incoming, insertion } from './database.ts';
import { clean } from './kit.ts';
import type { ItemCounts } from './schema.ts';
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
  month: string;
  team: string;
  otherTeam: string;
  agentId: string;
  channel: Channel;
  scorecardId: string;
}
interface Change {
  group: Record<string, string>;
  figures: Figures;
  items: ItemCounts;
}

/** By what each table of sums is grouped, in the order of its key. */
const grouped = {
  sums: ['day', 'team', 'otherTeam', 'agentId', 'channel', 'scorecardId'],
  teamSums: ['day', 'team', 'otherTeam', 'channel', 'scorecardId'],
  monthSums: ['month', 'team', 'otherTeam', 'agentId', 'channel', 'scorecardId'],
  teamMonthSums: ['month', 'team', 'otherTeam', 'channel', 'scorecardId'],
} as const satisfies Record<string, readonly (keyof Group)[]>;
export type SumsName = keyof typeof grouped;
const levels = Object.keys(grouped) as SumsName[];

/** Adds up changes in memory, so that a group is written once for a whole part of results. */
export class Tally {
  readonly #changes = new Map<string, Change>();

  add(session: Counted, sign: 1 | -1): void {
    const day = dayOf(session.at);
    const group: Group = {
      day,
      month: day.slice(0, 7),
      // As they will be kept, so that no two of them become one row in the database.
      team: clean(session.team ?? ''),
      otherTeam: clean(session.otherTeam ?? ''),
      agentId: clean(session.agentId ?? ''),
      channel: session.channel,
      scorecardId: clean(session.scorecardId ?? ''),
    };
    const items: ItemCounts = {};
    for (const { id, verdict, cost } of session.items) {
      const counts = verdicts.map((one) => (one === verdict ? sign : 0));
      addItems(items, { [clean(id)]: [...counts, sign * Math.round(cost * 1e6)] });
    }
    put(this.#changes, group, figuresOf(session, sign), items);
  }

  /** Writes the sums, always in the same order, so that two transactions cannot wait for each other. */
  async write(database: Database, tx: Db): Promise<void> {
    for (const level of levels) {
      const changes = new Map<string, Change>();
      for (const { group, figures, items } of this.#changes.values())
        put(changes, Object.fromEntries(grouped[level].map((name) => [name, group[name]!])), figures, items);
      const all = sorted(changes);
      for (let from = 0; from < all.length; from += together)
        await writePart(database, tx, level, all.slice(from, from + together));
    }
  }
}

/** So many groups are written by one statement. */
const together = 500;

async function writePart(database: Database, tx: Db, level: SumsName, part: readonly Change[]): Promise<void> {
  const table = database.t[level];
  const columns: Record<string, Column> = getTableColumns(table);
  const keys = grouped[level].map((name) => columns[name]!);
  const key = list(keys.map((column) => sql`${sql.identifier(column.name)}`));
  const rows = part.map(({ group, figures, items }) =>
    'items' in columns ? { ...group, ...figures, items } : { ...group, ...figures },
  );
  const sums = Object.values(columns)
    .filter((column) => column.dataType === 'number')
    .map((column) => sql`${sql.identifier(column.name)} = ${column} + ${incoming(column)}`);
  const insert = sql`${insertion(database, table, rows)} ON CONFLICT (${key}) DO UPDATE SET`;
  const items = columns['items'];
  if (items === undefined) {
    await database.rows(tx, sql`${insert} ${list(sums)} RETURNING 1 AS one`);
    return;
  }
  // A group of no sessions has no items either, and takes those that come; others keep theirs until they are added below.
  const kept = sql`items = CASE WHEN ${columns['sessions']} = 0 THEN ${incoming(items)} ELSE ${items} END`;
  const written = await database.rows(tx, sql`${insert} ${list([...sums, kept])} RETURNING ${key}, sessions, items`);
  const byKey = new Map(written.map((row) => [keyOf(keys.map(({ name }) => String(row[name]))), row]));
  const merged = part.flatMap(({ group, figures, items: change }, n) => {
    const there = byKey.get(keyOf(Object.values(group)))!;
    if (Number(there['sessions']) === figures['sessions'] || Object.keys(change).length === 0) return [];
    const before = JSON.parse(String(there['items'])) as ItemCounts;
    return [{ ...rows[n]!, items: addItems(before, change) }];
  });
  // What was written above is this transaction's until it ends, so nobody has added anything since it was read.
  if (merged.length > 0)
    await database.rows(
      tx,
      sql`${insertion(database, table, merged)} ON CONFLICT (${key}) DO UPDATE SET items = ${incoming(items)} RETURNING 1 AS one`,
    );
}

const list = (parts: SQL[]): SQL => sql.join(parts, sql`, `);

const verdicts = ['pass', 'fail', 'unknown', 'na'] as const;

function figuresOf({ score, passed, provisional, autoFails, band }: Counted, sign: 1 | -1): Figures {
  const figures = {
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
  return Object.fromEntries(Object.entries(figures).map(([name, by]) => [name, sign * by]));
}

function put(into: Map<string, Change>, group: Record<string, string>, figures: Figures, items: ItemCounts): void {
  const key = keyOf(Object.values(group));
  let there = into.get(key);
  if (there === undefined) into.set(key, (there = { group, figures: {}, items: {} }));
  for (const [name, by] of Object.entries(figures)) there.figures[name] = (there.figures[name] ?? 0) + by;
  addItems(there.items, items);
}

/** Adds `change` to `to`, without items of which nothing is left. */
export function addItems(to: ItemCounts, change: ItemCounts): ItemCounts {
  for (const [id, counts] of Object.entries(change)) {
    const before = Object.hasOwn(to, id) ? to[id]! : [];
    const sum = counts.map((by, n) => by + (before[n] ?? 0));
    if (sum.some((by) => by !== 0)) to[id] = sum;
    else delete to[id];
  }
  return to;
}

function sorted(changes: ReadonlyMap<string, Change>): Change[] {
  return [...changes]
    .filter(([, { figures, items }]) => Object.values(figures).some((by) => by !== 0) || Object.keys(items).length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, change]) => change);
}

const keyOf = (values: readonly string[]): string => JSON.stringify(values);
