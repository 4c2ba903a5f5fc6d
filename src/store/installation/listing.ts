import { setImmediate as turn } from 'node:timers/promises';
import { and, asc, type Column, eq, getTableColumns, gt, lt, ne, type SQL, sql } from 'drizzle-orm';
import { EarwitnessError, unpackResult } from '../../session/index.ts';
import { cursorOf, limitOf, readCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { alternatives, anyOf, type Seen, visible } from './scope.ts';
import type { Page, Scope, SessionFilter, SessionOrder, Sessions, WaitingSession } from './store.ts';
import { summaryOf, unpackOrder } from './summary.ts';

/** What asks for sessions and changes nothing. */
export function listingOn(
  database: Database,
): Pick<Sessions, 'waiting' | 'list' | 'summary' | 'result' | 'results' | 'stranded'> {
  const { t, read } = database;
  return {
    waiting: async (keys) => {
      const rows = await read
        .select({
          key: t.sessions.key,
          batchId: t.sessions.batchId,
          fileId: t.sessions.fileId,
          state: t.sessions.state,
          team: t.sessions.team,
          recordingSha256: t.sessions.recordingSha256,
          json: t.orders.json,
        })
        .from(t.sessions)
        .innerJoin(t.orders, eq(t.orders.key, t.sessions.key))
        .where(database.among(t.sessions.key, keys));
      const found = new Map(
        rows.map(({ json, ...row }): [string, WaitingSession] => [row.key, { ...row, ...unpackOrder(json) }]),
      );
      return keys.flatMap((key) => found.get(key) ?? []);
    },
    list: (scope, filter, page) => list(database, scope, filter, page),
    summary: async (key, scope) => {
      const [row] = await read
        .select()
        .from(t.sessions)
        .where(and(eq(t.sessions.key, key), visible(database, 'sessions', scope)));
      return row ? summaryOf(row) : null;
    },
    result: async (key, scope) => {
      const [row] = await read
        .select(getTableColumns(t.results))
        .from(t.results)
        .innerJoin(t.sessions, eq(t.sessions.key, t.results.key))
        .where(and(eq(t.results.key, key), visible(database, 'sessions', scope)));
      return row ? unpackResult(row) : null;
    },
    results: (scope, filter) => results(database, scope, filter),
    stranded: async ({ olderThan, limit, after = '' }) => {
      const { key, batchId, createdAt } = t.sessions;
      return read
        .select({ key, batchId })
        .from(t.sessions)
        .innerJoin(t.batches, eq(t.batches.id, batchId))
        .where(
          and(
            sql`${t.sessions.state} = 'waiting'`,
            gt(key, after),
            lt(createdAt, olderThan),
            ne(t.batches.state, 'cancelled'),
          ),
        )
        .orderBy(asc(key))
        .limit(limitOf(limit));
    },
  };
}

type SessionColumn = keyof Database['t']['sessions']['_']['columns'];

/**
 * Filters in the order in which an index on them is worth more than one on the next, and the orders in which an index on
 * them also sorts (schema.ts). Each but `passed` has one by time.
 */
const leads: readonly { column: SessionColumn; sorts: readonly SessionOrder[] }[] = [
  { column: 'id', sorts: [] },
  { column: 'customerId', sorts: ['newest'] },
  { column: 'agentId', sorts: ['newest', 'risk', 'score'] },
  { column: 'batchId', sorts: ['newest', 'risk', 'score'] },
  { column: 'team', sorts: ['newest', 'risk', 'score'] },
  { column: 'otherTeam', sorts: ['newest', 'risk', 'score'] },
  { column: 'band', sorts: ['newest', 'risk', 'score'] },
  { column: 'passed', sorts: ['risk', 'score'] },
  { column: 'queue', sorts: ['newest'] },
  { column: 'scorecardId', sorts: ['newest'] },
  { column: 'state', sorts: ['newest'] },
];

interface Asked {
  column: SessionColumn;
  value: string | boolean;
}

function equalities(filter: SessionFilter): Asked[] {
  const { id, customerId, agentId, batchId, team, band, passed, queue, scorecardId, state, channel } = filter;
  return Object.entries({ id, customerId, agentId, batchId, team, band, passed, queue, scorecardId, state, channel })
    .filter((entry): entry is [SessionColumn, string | boolean] => entry[1] !== undefined)
    .map(([column, value]) => ({ column, value }));
}

/** How the index that sorts is to be read, and how the time range is to be looked at. */
const orders = {
  newest: { column: 'at', descending: true },
  risk: { column: 'riskOrder', descending: true },
  score: { column: 'scoreOrder', descending: false },
} as const satisfies Record<SessionOrder, { column: SessionColumn; descending: boolean }>;

const covered: ReadonlySet<SessionColumn> = new Set(['channel', 'band', 'passed', 'state']);

/** So many rows are read and sorted rather than looked for one by one among rows that come in order. */
const fewRows = 10_000;

async function list(
  database: Database,
  scope: Scope,
  filter: SessionFilter,
  { limit: asked, cursor, order }: { limit: number; cursor?: string | undefined; order: SessionOrder },
): Promise<Page<ReturnType<typeof summaryOf>>> {
  const { t, read } = database;
  const limit = limitOf(asked);
  const { column, descending } = orders[order];
  const after = cursor === undefined ? null : readCursor(cursor, `sessions:${order}`, 'number', 'number');
  const seen: (Seen | null)[] = alternatives(scope) ?? [null];
  if (seen.length === 0 || isEmpty(rangeOf(filter))) return { items: [], next: null };
  const direction = sql.raw(descending ? 'DESC' : 'ASC');
  // One question for each way in which the scope lets a session be seen, each answered from an index in the right order and
  // cut at a page's length; together they hold the page, and UNION drops what was seen twice.
  const branches: SQL[] = [];
  for (const [n, alternative] of seen.entries()) {
    const { where, inOrder } = await plan(database, order, filter, alternative);
    const sorted = inOrder ? sql`${t.sessions[column]}` : unindexed(database, t.sessions[column]);
    const beyond =
      after === null
        ? undefined
        : sql`(${sorted}, ${t.sessions.seq}) ${sql.raw(descending ? '<' : '>')} (${after[0]}, ${after[1]})`;
    branches.push(
      sql`SELECT * FROM (SELECT ${t.sessions.seq} AS seq, ${t.sessions[column]} AS value FROM ${t.sessions} WHERE ${and(
        sql`1 = 1`,
        where,
        beyond,
      )} ORDER BY ${sorted} ${direction}, ${t.sessions.seq} ${direction} LIMIT ${limit + 1}) AS ${sql.identifier(`way${n}`)}`,
    );
  }
  const union = sql.join(branches, sql` UNION `);
  const found = await database.rows(
    read,
    sql`${union} ORDER BY value ${direction}, seq ${direction} LIMIT ${limit + 1}`,
  );
  const places = found.map(({ seq, value }) => ({ seq: Number(seq), value: Number(value) }));
  const shown = places.slice(0, limit);
  const rows = await read
    .select()
    .from(t.sessions)
    .where(
      database.amongNumbers(
        t.sessions.seq,
        shown.map(({ seq }) => seq),
      ),
    );
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const last = shown.at(-1);
  return {
    items: shown.flatMap(({ seq }) => {
      const row = bySeq.get(seq);
      return row ? [summaryOf(row)] : [];
    }),
    next: places.length > limit && last ? cursorOf(`sessions:${order}`, [last.value, last.seq]) : null,
  };
}

/**
 * The conditions of a question, with one of them left to an index. PostgreSQL chooses by its statistics. SQLite has none
 * worth the name, so the choice is made here: each condition that an index answers is counted, up to `fewRows`. The one with
 * few rows is taken, and those are sorted; where all have many, rows are read in order until a page is full. Columns of the
 * other conditions are written in a way that no index answers.
 */
async function plan(
  database: Database,
  order: SessionOrder,
  filter: SessionFilter,
  alternative: Seen | null,
): Promise<{ where: SQL | undefined; inOrder: boolean }> {
  const asked: Asked[] = [...(alternative === null ? [] : [alternative]), ...equalities(filter)];
  const range = rangeOf(filter);
  const sorting = leads.find(
    ({ column, sorts }) => sorts.includes(order) && asked.some((one) => one.column === column),
  );
  const simple = asked.length + (range === null ? 0 : 1) <= 1 && (sorting !== undefined || order === 'newest');
  if (database.backend === 'postgres' || asked.length + (range === null ? 0 : 1) === 0 || simple)
    return { where: conditions(database, asked, range, sorting?.column ?? null, order === 'newest'), inOrder: true };
  const candidates = leads.filter(({ column }) => column !== 'passed' && asked.some((one) => one.column === column));
  let few: { column: SessionColumn | null; rows: number } | null = null;
  for (const column of [...candidates.map(({ column }) => column), ...(range === null ? [] : [null])]) {
    const counted = asked.filter((one) => one.column === column);
    const where = and(sql`1 = 1`, conditions(database, counted, column === 'id' ? null : range, column, true));
    const [row] = await database.rows(
      database.read,
      sql`SELECT count(*) AS n FROM (SELECT 1 FROM ${database.t.sessions} WHERE ${where} LIMIT ${few?.rows ?? fewRows}) AS few`,
    );
    const rows = Number(row?.['n']);
    if (rows < (few?.rows ?? fewRows)) few = { column, rows };
  }
  // The indexes that sort everything hold these too: better to pass over many entries than to read many rows.
  const sortable = range === null || order === 'newest';
  if (few === null && sortable && asked.length > 1 && asked.every(({ column }) => covered.has(column)))
    return { where: conditions(database, asked, range, null, order === 'newest'), inOrder: true };
  if (few !== null)
    return { where: conditions(database, asked, range, few.column, few.column !== 'id'), inOrder: false };
  return { where: conditions(database, asked, range, sorting?.column ?? null, order === 'newest'), inOrder: true };
}

interface Range {
  from: number | null;
  to: number | null;
}

function rangeOf({ from, to }: SessionFilter): Range | null {
  if (from === undefined && to === undefined) return null;
  return { from: from === undefined ? null : instant(from), to: to === undefined ? null : instant(to) };
}

/** No instant lies in it: every row would be passed over to find none. */
function isEmpty(range: Range | null): boolean {
  return range !== null && range.from !== null && range.to !== null && range.from >= range.to;
}

/** All conditions together; an index may answer those on `lead`, and the range of time if `byTime`. */
function conditions(
  database: Database,
  asked: readonly Asked[],
  range: Range | null,
  lead: SessionColumn | null,
  byTime: boolean,
): SQL | undefined {
  const columns = database.t.sessions;
  const at = byTime ? sql`${columns.at}` : unindexed(database, columns.at);
  return and(
    ...asked.map(({ column, value }) => {
      const bound = sql.param(value, columns[column]);
      const side = column === lead ? sql`${columns[column]}` : unindexed(database, columns[column]);
      return sql`${side} = ${bound}`;
    }),
    range?.from === null || range === null ? undefined : sql`${at} >= ${range.from}`,
    range?.to === null || range === null ? undefined : sql`${at} < ${range.to}`,
  );
}

/** The column's value by an expression that SQLite answers from no index. PostgreSQL has statistics and needs none. */
function unindexed({ backend }: Database, column: Column): SQL {
  return backend === 'sqlite' ? sql`+${column}` : sql`${column}`;
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new EarwitnessError(
      'usage',
      'from',
      `Not an instant: ${text.slice(0, 60)}.`,
      'Write it as 2026-03-01T00:00:00Z.',
    );
  return at;
}

/** What is worth an index although its rows come in another order than that of their keys. */
const narrow: ReadonlySet<SessionColumn> = new Set(['id', 'customerId', 'agentId', 'batchId']);
const keysTogether = 1_000;
const resultsTogether = 32;

/** Pages and not one long query: nothing stays open while the caller works on a result, and few are in memory. */
async function* results(database: Database, scope: Scope, filter: SessionFilter): ReturnType<Sessions['results']> {
  const { t, read } = database;
  const seen = anyOf(database, 'sessions', alternatives(scope));
  const asked = equalities(filter);
  const lead = leads.find(({ column }) => narrow.has(column) && asked.some((one) => one.column === column));
  const where = conditions(database, asked, rangeOf(filter), lead?.column ?? null, false);
  for (let after = ''; ;) {
    const page = await read
      .select({ key: t.sessions.key })
      .from(t.sessions)
      .where(and(where, seen, eq(t.sessions.state, 'recorded'), gt(t.sessions.key, after)))
      .orderBy(asc(t.sessions.key))
      .limit(keysTogether);
    for (let n = 0; n < page.length; n += resultsTogether) {
      const keys = page.slice(n, n + resultsTogether).map(({ key }) => key);
      const rows = await read
        .select(getTableColumns(t.results))
        .from(t.results)
        .where(database.among(t.results.key, keys))
        .orderBy(asc(t.results.key));
      await turn();
      for (const { key, ...packed } of rows) yield { key, result: unpackResult(packed).result };
    }
    if (page.length < keysTogether) return;
    after = page.at(-1)!.key;
  }
}
