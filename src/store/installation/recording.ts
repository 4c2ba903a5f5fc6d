import { and, asc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { BatchCounts, FinishedSession } from '../../session/index.ts';
import { count, countEach, noteFailures } from './batches.ts';
import type { Database, Db } from './database.ts';
import { insertRows, updateRow } from './inserting.ts';
import { clean } from './kit.ts';
import type { NewSession, Sessions } from './store.ts';
import { instantOf, judged, packOrder, type SessionRow, teamsOf, unjudged } from './summary.ts';
import { Tally } from './sums.ts';

/** What changes sessions. Each is one transaction: with the session change its batch's counts, its file's and the sums. */
export function recordingOn(database: Database): Pick<Sessions, 'addWaiting' | 'record' | 'bury' | 'updateLive'> {
  return {
    addWaiting: (list) => database.write((tx) => add(database, tx, list)),
    record: (list, { again = false } = {}) => database.write((tx) => record(database, tx, list, again)),
    bury: (keys, problem) =>
      database.write(async (tx) => {
        const { t } = database;
        const rows = await tx
          .update(t.sessions)
          .set({ state: 'dead' })
          .where(and(database.among(t.sessions.key, keys), inArray(t.sessions.state, ['waiting', 'live'])))
          .returning({ key: t.sessions.key, batchId: t.sessions.batchId, fileId: t.sessions.fileId });
        const counts = new Map<string, { dead: number; failures: number }>();
        for (const { key, batchId, fileId } of rows) {
          const change = counts.get(batchId) ?? { dead: 0, failures: 0 };
          change.dead++;
          change.failures += await noteFailures(database, tx, batchId, [{ fileId, sessionKey: key, problem }]);
          counts.set(batchId, change);
        }
        await countEach(database, tx, counts);
      }),
    updateLive: (session, finished) => database.write((tx) => updateLive(database, tx, session, finished)),
  };
}

async function add(database: Database, tx: Db, list: readonly NewSession[]): Promise<string[]> {
  const { t } = database;
  const unique = new Map(list.map((session) => [session.key, session]));
  const teams = await teamsOfBatches(database, tx, new Set(list.map(({ batchId }) => batchId)));
  const createdAt = new Date().toISOString();
  const rows = [...unique.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, batchId, fileId, state, session, recordingSha256 }) => ({
      ...unjudged,
      ...teamsOf(session.team, teams.get(batchId) ?? null),
      key,
      id: session.id,
      batchId,
      fileId,
      channel: session.channel,
      language: session.language,
      agentId: session.agentId,
      customerId: session.customerId,
      queue: session.queue,
      startedAt: session.startedAt,
      at: instantOf(session.startedAt, createdAt),
      durationMs: session.recording?.durationMs ?? null,
      state,
      createdAt,
      recordingSha256,
      spoken: recordingSha256 !== null,
      stripped: 0,
      held: false,
    }));
  const made = new Set(await insertRows(database, tx, t.sessions, rows, 'nothing', t.sessions.key));
  const fresh = [...unique.values()].filter(({ key }) => made.has(clean(key)));
  const orders = fresh.map((session) => ({ key: session.key, json: packOrder(session) }));
  await insertRows(database, tx, t.orders, orders, 'nothing');
  const files = tallyBy(fresh, ({ fileId }) => fileId);
  for (const [fileId, n] of files) await addToFile(database, tx, fileId, n);
  const batches = tallyBy(fresh, ({ batchId }) => batchId);
  for (const [batchId, n] of batches) await count(database, tx, batchId, { sessions: n });
  return fresh.map(({ key }) => key).sort();
}

async function addToFile({ t }: Database, tx: Db, fileId: string, n: number): Promise<void> {
  const { sessions } = t.batchFiles;
  await tx
    .update(t.batchFiles)
    .set({ sessions: sql`${sessions} + ${n}` })
    .where(eq(t.batchFiles.id, fileId));
}

async function record(
  database: Database,
  tx: Db,
  list: readonly FinishedSession[],
  again: boolean,
): Promise<{ recorded: string[]; repeated: string[] }> {
  const { t } = database;
  const rows = await locked(
    database,
    tx,
    list.map(({ key }) => key),
  );
  const repeated: string[] = [];
  const taken = new Map<string, { row: SessionRow; finished: FinishedSession }>();
  for (const finished of list) {
    const row = rows.get(finished.key);
    // Erased while it was computed: nothing of it may come back.
    if (row === undefined || row.stripped === 2) continue;
    if (taken.has(row.key) || (row.state === 'recorded' && !again)) repeated.push(row.key);
    else taken.set(row.key, { row, finished });
  }
  const teams = await teamsOfBatches(database, tx, new Set([...taken.values()].map(({ row }) => row.batchId)));
  const replaced = await itemsOf(
    database,
    tx,
    [...taken.values()].filter(({ row }) => row.state === 'recorded').map(({ row }) => row.key),
  );
  const recordedAt = new Date().toISOString();
  const tally = new Tally();
  const counts = new Map<string, Partial<Record<keyof BatchCounts, number>>>();
  const revived: string[] = [];
  for (const { row, finished } of taken.values()) {
    const columns = judged(finished.summary, teams.get(row.batchId) ?? null, row.createdAt);
    // What was said is there again when it was stripped and is inspected anew.
    const now = { ...columns, state: 'recorded' as const, recordedAt, stripped: 0 };
    await updateRow(database, tx, t.sessions, t.sessions.key, row.key, now);
    if (row.state === 'recorded') tally.add({ ...row, items: replaced.get(row.key) ?? [] }, -1);
    tally.add({ ...columns, items: finished.items }, 1);
    const change = counts.get(row.batchId) ?? {};
    if (row.state !== 'recorded') change.recorded = (change.recorded ?? 0) + 1;
    if (row.state === 'dead') {
      change.dead = (change.dead ?? 0) - 1;
      revived.push(row.key);
    }
    counts.set(row.batchId, change);
  }
  await keepResults(
    database,
    tx,
    [...taken.values()].map(({ finished }) => finished),
  );
  if (revived.length > 0)
    for (const { batchId } of await tx
      .delete(t.failures)
      .where(database.among(t.failures.sessionKey, revived))
      .returning({ batchId: t.failures.batchId })) {
      const change = counts.get(batchId) ?? {};
      counts.set(batchId, { ...change, failures: (change.failures ?? 0) - 1 });
    }
  await countEach(database, tx, counts);
  await tally.write(database, tx);
  return { recorded: [...taken.keys()].sort(), repeated: [...new Set(repeated)].sort() };
}

async function updateLive(
  database: Database,
  tx: Db,
  session: NewSession,
  finished: FinishedSession | null,
): Promise<void> {
  const { t } = database;
  await add(database, tx, [session]);
  const row = (await locked(database, tx, [session.key])).get(session.key)!;
  // The final inspection, or giving it up, has the last word.
  if ((row.state !== 'live' && row.state !== 'waiting') || row.stripped > 0) return;
  const teams = await teamsOfBatches(database, tx, new Set([row.batchId]));
  const batchTeam = teams.get(row.batchId) ?? null;
  const { channel, language, agentId, customerId, team, queue, startedAt } = session.session;
  const words = {
    ...{ channel, language, agentId, customerId, queue, startedAt },
    ...teamsOf(team, batchTeam),
    at: instantOf(startedAt, row.createdAt),
    recordingSha256: session.recordingSha256,
    spoken: session.recordingSha256 !== null,
    // A contact that has ended does not begin again.
    state: row.state === 'waiting' ? row.state : session.state,
  };
  const verdicts = finished === null ? {} : judged(finished.summary, batchTeam, row.createdAt);
  await tx
    .update(t.sessions)
    .set({ ...words, ...verdicts })
    .where(eq(t.sessions.key, row.key));
  await tx
    .update(t.orders)
    .set({ json: packOrder(session) })
    .where(eq(t.orders.key, row.key));
  if (finished !== null) await keepResults(database, tx, [finished]);
}

async function keepResults(database: Database, tx: Db, list: readonly FinishedSession[]): Promise<void> {
  const { t } = database;
  const rows = list.map(
    ({
      key,
      engine,
      sentimentHash,
      inputHash,
      input,
      verdictsHash,
      verdicts,
      items,
    }): typeof t.results.$inferInsert => ({
      ...{ key, engine, sentimentHash, inputHash, verdictsHash, items },
      input: Buffer.from(input),
      verdicts: Buffer.from(verdicts),
    }),
  );
  const { key: _, ...rest } = getTableColumns(t.results);
  await insertRows(database, tx, t.results, rows, { target: t.results.key, take: Object.keys(rest) });
}

/** These sessions, held against others' changes, by key. Taken in one order, so that two deliveries wait in turn. */
export async function locked(database: Database, tx: Db, keys: readonly string[]): Promise<Map<string, SessionRow>> {
  const { t } = database;
  const query = tx.select().from(t.sessions).where(database.among(t.sessions.key, keys)).orderBy(asc(t.sessions.key));
  const rows = await database.locking(query);
  return new Map(rows.map((row) => [row.key, row]));
}

async function itemsOf(
  database: Database,
  tx: Db,
  keys: readonly string[],
): Promise<Map<string, FinishedSession['items']>> {
  if (keys.length === 0) return new Map();
  const { key, items } = database.t.results;
  const rows = await tx.select({ key, items }).from(database.t.results).where(database.among(key, keys));
  return new Map(rows.map((row) => [row.key, row.items]));
}

async function teamsOfBatches(
  database: Database,
  tx: Db,
  ids: ReadonlySet<string>,
): Promise<Map<string, string | null>> {
  const { id, team } = database.t.batches;
  const rows = await tx
    .select({ id, team })
    .from(database.t.batches)
    .where(database.among(id, [...ids]));
  return new Map(rows.map((row) => [row.id, row.team]));
}

function tallyBy<T>(list: readonly T[], key: (item: T) => string): [string, number][] {
  const tally = new Map<string, number>();
  for (const item of list) tally.set(key(item), (tally.get(key(item)) ?? 0) + 1);
  return [...tally].sort(([a], [b]) => (a < b ? -1 : 1));
}
