import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Column, getTableColumns, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { createAnnotator } from '../../src/annotate/index.ts';
import { readInputs } from '../../src/intake/index.ts';
import { inspectSession } from '../../src/pipeline/index.ts';
import { loadScorecard } from '../../src/scorecard/index.ts';
import type { FinishedSession, OrderedSession } from '../../src/session/index.ts';
import { openStore } from '../../src/store/index.ts';
import { type Database, type Db, insertion } from '../../src/store/installation/database.ts';
import { openDatabase, placeOf } from '../../src/store/installation/open.ts';
import { judged } from '../../src/store/installation/summary.ts';
import { Tally } from '../../src/store/installation/sums.ts';
import { finish } from '../../src/worker/index.ts';

const rules = fileURLToPath(new URL('../../rules', import.meta.url));
const chats = fileURLToPath(new URL('../../fixtures/batches/demo/chats', import.meta.url));

const yearMs = 365 * 86_400_000;
const begins = Date.UTC(2026, 0, 1);
const teams = 20;
const agents = 500;
const batches = 40;
const customers = 200_000;
const channels = ['call', 'chat', 'ticket'] as const;
const bands = [
  { band: 'critical', from: 0.9 },
  { band: 'high', from: 0.7 },
  { band: 'medium', from: 0.4 },
  { band: 'low', from: 0 },
] as const;
/**
 * Stores the demo's chats, inspected once, under ever new keys in the order of a year. Their words are those of the demo; who
 * served whom when, score and risk are drawn anew, so that lists and sums have as many different rows as a year's have. They
 * are put there as recording leaves them, a day at a time and with the indexes made afterwards: recorded one job after the
 * other a million would take hours.
 */
export async function fillStored(url: string, count: number): Promise<void> {
  const patterns = await inspected();
  const database = await openDatabase(placeOf(url));
  try {
    const { t } = database;
    const ids = await makeStore(url, patterns);
    const makeIndexes = await withoutIndexes(database);
    const random = randomOf(1);
    const upTo = (n: number) => Math.floor(random() * n);
    const perDay = Math.ceil(count / 365);
    for (let from = 0; from < count; from += perDay) {
      const tally = new Tally();
      const rows = Array.from({ length: Math.min(perDay, count - from) }, (_, n) => {
        const at = from + n;
        const pattern = upTo(patterns.length);
        const { finished } = patterns[pattern]!;
        const key = `stored-${String(at).padStart(8, '0')}`;
        const agent = upTo(agents);
        const probability = random() ** 3;
        const score = Math.round(random() ** 0.5 * 10_000) / 100;
        const about = {
          channel: channels[upTo(channels.length)]!,
          agentId: `agent${agent}`,
          customerId: `customer${upTo(customers)}`,
          team: `team${agent % teams}`,
          queue: `queue${upTo(8)}`,
          startedAt: new Date(begins + Math.floor((at / count) * yearMs)).toISOString(),
        };
        const band = bands.find((one) => probability >= one.from)!.band;
        const summary = { ...finished.summary, ...about, score, probability, passed: score >= 60, band };
        const batch = Math.floor((at / count) * batches);
        const columns = judged(summary, teamOf(batch), about.startedAt);
        tally.add({ ...columns, items: finished.items }, 1);
        const session = {
          ...{ ...columns, key, id: key, batchId: ids[batch]!, fileId: '', state: 'recorded' as const },
          ...{ createdAt: about.startedAt, recordedAt: about.startedAt, recordingSha256: null, spoken: false },
          ...{ stripped: 0, held: false },
        };
        return { session, pattern };
      });
      await database.write(async (tx) => {
        const insert = (table: Parameters<typeof insertion>[1], list: Record<string, unknown>[]) =>
          database.rows(tx, sql`${insertion(database, table, list)} RETURNING 1 AS one`);
        await insert(
          t.sessions,
          rows.map(({ session }) => session),
        );
        await copies(
          database,
          tx,
          rows.map(({ session: { key }, pattern }) => [key, `pattern-${pattern}`]),
        );
        await tally.write(database, tx);
      });
    }
    await makeIndexes();
  } finally {
    await database.close();
  }
}

const teamOf = (batch: number): string | null => (batch % 4 === 0 ? null : `team${batch % teams}`);

/** Orders and results of sessions as those of the patterns that are stored already. CROSS: SQLite reads the pairs first. */
async function copies(database: Database, tx: Db, pairs: [string, string][]): Promise<void> {
  const json = JSON.stringify(pairs);
  const source = database.backend === 'sqlite' ? sql`json_each(${json})` : sql`json_array_elements(${json}::json)`;
  for (const table of [database.t.orders, database.t.results]) {
    const columns = Object.values<Column>(getTableColumns(table)).filter(({ name }) => name !== 'key');
    const names = (kept: boolean) => sql.raw(columns.map(({ name }) => `${kept ? 'kept.' : ''}${name}`).join(', '));
    await database.rows(
      tx,
      sql`INSERT INTO ${table} (key, ${names(false)}) SELECT value ->> 0, ${names(true)} FROM ${source} AS pairs CROSS JOIN ${table} AS kept
          WHERE kept.key = value ->> 1 RETURNING 1 AS one`,
    );
  }
}

async function makeStore(url: string, patterns: Awaited<ReturnType<typeof inspected>>): Promise<string[]> {
  const store = await openStore(url);
  try {
    const ids: string[] = [];
    for (let n = 0; n < batches; n++) {
      const made = await store.batches.create({
        ...{ title: `Batch ${n}`, team: teamOf(n), createdBy: 'bench' },
        settings: { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: 'auto' },
      });
      ids.push(made.id);
    }
    // Their own days are not in the year that is asked for.
    const begun = { startedAt: '2025-12-01T00:00:00.000Z' };
    await store.sessions.addWaiting(
      patterns.map(({ ordered }, n) => ({
        ...{ ...ordered, key: `pattern-${n}`, session: { ...ordered.session, ...begun } },
        ...{ batchId: ids[0]!, fileId: '', state: 'waiting' as const },
      })),
    );
    await store.sessions.record(
      patterns.map(({ finished }, n) => ({
        ...{ ...finished, key: `pattern-${n}`, summary: { ...finished.summary, ...begun } },
      })),
    );
    return ids;
  } finally {
    await store.close();
  }
}

/** Takes the indexes of sessions away and returns the way to have them again. */
async function withoutIndexes(database: Database): Promise<() => Promise<void>> {
  const sqlite = database.backend === 'sqlite';
  const found = await database.rows(
    database.read,
    sqlite
      ? sql`SELECT name, sql AS made FROM sqlite_master WHERE type = 'index' AND tbl_name = 'sessions' AND sql IS NOT NULL
            AND name <> 'sessions_key'`
      : sql`SELECT 'earwitness.' || indexname AS name, indexdef AS made FROM pg_indexes
            WHERE schemaname = 'earwitness' AND tablename = 'sessions' AND indexname NOT IN ('sessions_pkey', 'sessions_key')`,
  );
  const run = async (statements: string[]) => {
    for (const one of statements) await database.write(async (tx) => void (await statement(database, tx, one)));
  };
  await run(found.map(({ name }) => `DROP INDEX ${String(name)}`));
  return async () => {
    await run(found.map(({ made }) => String(made)));
    // PostgreSQL's own autovacuum would come to it within minutes.
    if (!sqlite) await run(['ANALYZE']);
  };
}

/** `rows` asks SQLite for rows, and a statement that gives none must be run. */
async function statement(database: Database, tx: Db, text: string): Promise<void> {
  if (database.backend === 'postgres') await database.rows(tx, sql.raw(text));
  else (tx as unknown as BetterSQLite3Database).run(sql.raw(text));
}

async function inspected(): Promise<{ ordered: OrderedSession; finished: FinishedSession }[]> {
  const cards = ['service.en.yaml', 'service.zh.yaml'].map((name) => loadScorecard(join(rules, name)));
  const judges = { scorecards: await Promise.all(cards), annotator: createAnnotator() };
  const found: { ordered: OrderedSession; finished: FinishedSession }[] = [];
  for await (const item of readInputs([chats], { defaultLanguage: 'en', tempDir: tmpdir() })) {
    if (item.kind === 'failure') continue;
    const { session, source, notices } = item;
    const ordered = { key: session.id, session, source, notices, recordingSha256: null, channelRoles: null };
    const result = inspectSession({ session, audio: null, source, notices }, judges);
    found.push({ ordered, finished: finish(session.id, result) });
  }
  return found;
}

/** mulberry32: the same numbers on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
