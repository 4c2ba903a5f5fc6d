import { setImmediate as turn } from 'node:timers/promises';
import {
  and,
  asc,
  eq,
  exists,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  notExists,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { EarwitnessError } from '../../session/index.ts';
import { countEach } from './batches.ts';
import { limitOf } from './cursor.ts';
import type { Database, Db } from './database.ts';
import { repacked, withoutRecording, withoutWords } from './forget.ts';
import { locked } from './recording.ts';
import type { Upkeep } from './store.ts';
import { type SessionRow, unjudged } from './summary.ts';

type Artefact = Parameters<Upkeep['strip']>[1];

/** So many sessions are stripped in one transaction; each may be megabytes of words. */
const together = 50;
const pageLength = 500;

export function upkeepOn(database: Database): Upkeep {
  const { t, read } = database;
  const named = {
    key: t.sessions.key,
    recordingSha256: t.sessions.recordingSha256,
    fileSha256: sql<string>`coalesce(${t.batchFiles.sha256}, '')`,
  };
  return {
    hold: (select, on) =>
      database.write(async (tx) => {
        const whose =
          'keys' in select ? database.among(t.sessions.key, select.keys) : eq(t.sessions.customerId, select.customerId);
        const held = await tx.update(t.sessions).set({ held: on }).where(whose).returning({ key: t.sessions.key });
        return held.length;
      }),
    expired: async (artefact, before, limit) => {
      return read
        .select(named)
        .from(t.sessions)
        .innerJoin(t.batches, eq(t.batches.id, t.sessions.batchId))
        .leftJoin(t.batchFiles, eq(t.batchFiles.id, t.sessions.fileId))
        .where(and(old(database, artefact, before), eq(t.sessions.held, false)))
        .orderBy(asc(t.sessions.at))
        .limit(limitOf(limit));
    },
    due: async (artefact, before) => {
      const rows = await read
        .select({ held: t.sessions.held, n: sql<number>`count(*)` })
        .from(t.sessions)
        .innerJoin(t.batches, eq(t.batches.id, t.sessions.batchId))
        .where(old(database, artefact, before))
        .groupBy(t.sessions.held);
      const count = (held: boolean) => Number(rows.find((row) => row.held === held)?.n ?? 0);
      return { due: count(false), held: count(true) };
    },
    ofCustomer: async (customerId) =>
      read
        .select({ ...named, held: t.sessions.held })
        .from(t.sessions)
        .leftJoin(t.batchFiles, eq(t.batchFiles.id, t.sessions.fileId))
        .where(eq(t.sessions.customerId, customerId))
        .orderBy(asc(t.sessions.key)),
    strip: async (keys, artefact) => {
      let stripped = 0;
      for (let from = 0; from < keys.length; from += together) {
        const part = keys.slice(from, from + together);
        stripped += await database.write((tx) => strip(database, tx, part, artefact));
      }
      return stripped;
    },
    unreferenced: async (objects) => {
      const kept = new Set<string>();
      const recordings = await read
        .selectDistinct({ sha256: t.sessions.recordingSha256 })
        .from(t.sessions)
        .where(and(isNotNull(t.sessions.recordingSha256), database.among(t.sessions.recordingSha256, objects)));
      const files = await read
        .selectDistinct({ sha256: t.batchFiles.sha256 })
        .from(t.batchFiles)
        .innerJoin(t.batches, eq(t.batches.id, t.batchFiles.batchId))
        .where(and(database.among(t.batchFiles.sha256, objects), needed(database)));
      for (const { sha256 } of [...recordings, ...files]) if (sha256 !== null) kept.add(sha256);
      return objects.filter((sha256) => !kept.has(sha256));
    },
    references: () => references(database),
    forgetFiles: (sha256s, reason) =>
      database.write(async (tx) => {
        const files = await tx
          .update(t.batchFiles)
          .set({ name: reason, sidecar: null, forgotten: reason })
          .where(and(database.among(t.batchFiles.sha256, sha256s), isNull(t.batchFiles.forgotten)))
          .returning({ id: t.batchFiles.id });
        await blankFailures(
          database,
          tx,
          database.among(
            t.failures.fileId,
            files.map(({ id }) => id),
          ),
        );
        return files.length;
      }),
    heldIn: async (fileSha256s) =>
      read
        .select({ key: t.sessions.key, fileSha256: t.batchFiles.sha256 })
        .from(t.batchFiles)
        .innerJoin(t.sessions, eq(t.sessions.fileId, t.batchFiles.id))
        .where(and(database.among(t.batchFiles.sha256, fileSha256s), eq(t.sessions.held, true)))
        .orderBy(asc(t.sessions.key)),
    scrub: () => database.scrub(),
    backup: (path) => database.backup(path),
  };
}

/** Sessions of before that instant which still have the artefact, held or not; asked together with their batches. */
function old({ t }: Database, artefact: Artefact, before: string): SQL | undefined {
  const at = Date.parse(before);
  if (Number.isNaN(at))
    throw new EarwitnessError('usage', 'before', 'Not an instant.', 'Write it as 2026-03-01T00:00:00Z.');
  const still = {
    recording: sql`${t.sessions.recordingSha256} IS NOT NULL`,
    transcript: eq(t.sessions.stripped, 0),
    result: inArray(t.sessions.stripped, [0, 1]),
  }[artefact];
  return and(
    still,
    lt(t.sessions.at, at),
    // What is still to be inspected is not old, whenever it took place.
    or(inArray(t.sessions.state, ['recorded', 'dead']), eq(t.batches.state, 'cancelled')),
  );
}

/**
 * What an uploaded file is needed for: to be read; to be read once more while its batch goes on; or as the source of a
 * session whose recording, or else whose words, are still kept. A duplicate needs nothing beside its original.
 */
function needed({ t, read }: Database): SQL | undefined {
  const { recordingSha256, spoken, stripped, fileId } = t.sessions;
  const source = read
    .select({ key: t.sessions.key })
    .from(t.sessions)
    .where(and(eq(fileId, t.batchFiles.id), or(isNotNull(recordingSha256), and(eq(spoken, false), eq(stripped, 0)))));
  return and(
    isNull(t.batchFiles.forgotten),
    or(
      inArray(t.batchFiles.state, ['stored', 'reading']),
      and(ne(t.batchFiles.state, 'duplicate'), sql`${t.batches.state} NOT IN ('done', 'cancelled')`),
      exists(source),
    ),
  );
}

async function* references(database: Database): ReturnType<Upkeep['references']> {
  const { t, read } = database;
  for (let after = 0; ;) {
    const rows = await read
      .select({ seq: t.sessions.seq, key: t.sessions.key, sha256: t.sessions.recordingSha256 })
      .from(t.sessions)
      .where(and(gt(t.sessions.seq, after), isNotNull(t.sessions.recordingSha256)))
      .orderBy(asc(t.sessions.seq))
      .limit(pageLength);
    await turn();
    for (const { key, sha256 } of rows) yield { sha256: sha256!, kind: 'recording', target: `session:${key}` };
    if (rows.length < pageLength) break;
    after = rows.at(-1)!.seq;
  }
  for (let after = 0; ;) {
    const rows = await read
      .select({ seq: t.batchFiles.seq, id: t.batchFiles.id, sha256: t.batchFiles.sha256 })
      .from(t.batchFiles)
      .innerJoin(t.batches, eq(t.batches.id, t.batchFiles.batchId))
      .where(and(gt(t.batchFiles.seq, after), needed(database)))
      .orderBy(asc(t.batchFiles.seq))
      .limit(pageLength);
    await turn();
    for (const { id, sha256 } of rows) yield { sha256, kind: 'file', target: `file:${id}` };
    if (rows.length < pageLength) return;
    after = rows.at(-1)!.seq;
  }
}

async function strip(database: Database, tx: Db, keys: readonly string[], artefact: Artefact): Promise<number> {
  const { t } = database;
  const rows = [...(await locked(database, tx, keys)).values()].filter((row) => !row.held && has(row, artefact));
  const dead = new Map<string, { dead: number }>();
  for (const row of rows) {
    const same = eq(t.sessions.key, row.key);
    // Without its sound or its words it can be inspected no more.
    const lost = row.state === 'waiting' || row.state === 'live';
    if (lost) dead.set(row.batchId, { dead: (dead.get(row.batchId)?.dead ?? 0) + 1 });
    const state = lost ? ('dead' as const) : row.state;
    await tx.delete(t.orders).where(eq(t.orders.key, row.key));
    switch (artefact) {
      case 'recording':
        await forgetIn(database, tx, row.key, withoutRecording);
        await tx.update(t.sessions).set({ state, recordingSha256: null }).where(same);
        break;
      case 'transcript':
        await forgetIn(database, tx, row.key, withoutWords);
        await tx.update(t.sessions).set({ state, stripped: 1 }).where(same);
        break;
      case 'result':
        await tx.delete(t.results).where(eq(t.results.key, row.key));
        await tx
          .update(t.sessions)
          .set({ ...nobody, state, recordedAt: row.recordedAt, stripped: 2 })
          .where(same);
    }
  }
  await countEach(database, tx, dead);
  if (artefact === 'recording') return rows.length;
  const stripped = rows.map(({ key }) => key);
  await blankFailures(database, tx, database.among(t.failures.sessionKey, stripped));
  if (artefact === 'result') await forgetTold(database, tx, stripped, [...new Set(rows.map(({ fileId }) => fileId))]);
  return rows.length;
}

/** What is left of a session of which only its key and times are kept. */
const nobody = {
  ...unjudged,
  ...{ id: '', language: 'und', agentId: null, customerId: null, team: null, otherTeam: null, queue: null },
  ...{ durationMs: null, recordingSha256: null },
} satisfies Partial<SessionRow>;

function has(row: SessionRow, artefact: Artefact): boolean {
  switch (artefact) {
    case 'recording':
      return row.recordingSha256 !== null;
    case 'transcript':
      return row.stripped < 1;
    case 'result':
      return row.stripped < 2;
  }
}

async function forgetIn({ t }: Database, tx: Db, key: string, forget: Parameters<typeof repacked>[1]): Promise<void> {
  const [row] = await tx.select().from(t.results).where(eq(t.results.key, key));
  if (row === undefined) return;
  await tx.update(t.results).set(repacked(row, forget)).where(eq(t.results.key, key));
}

/** That something failed stays, with its code; where and with which words does not. */
async function blankFailures({ t }: Database, tx: Db, whose: SQL): Promise<void> {
  const rows = await tx.select({ seq: t.failures.seq, problem: t.failures.problem }).from(t.failures).where(whose);
  for (const { seq, problem } of rows) {
    const blank = { path: '', code: problem.code, message: '', hint: null };
    await tx.update(t.failures).set({ problem: blank }).where(eq(t.failures.seq, seq));
  }
}

/** What was told about erased sessions, and the names of files from which nothing but them came. */
async function forgetTold(
  database: Database,
  tx: Db,
  keys: readonly string[],
  fileIds: readonly string[],
): Promise<void> {
  const { t } = database;
  await tx.delete(t.replies).where(database.among(t.replies.about, keys));
  const told = database.among(t.deliveries.about, keys);
  await tx
    .update(t.deliveries)
    .set({ state: 'dead', lastError: 'erased' })
    .where(and(told, eq(t.deliveries.state, 'waiting')));
  await tx.update(t.deliveries).set({ body: '{}', about: null }).where(told);
  const others = tx
    .select({ key: t.sessions.key })
    .from(t.sessions)
    .where(and(eq(t.sessions.fileId, t.batchFiles.id), lt(t.sessions.stripped, 2)));
  const emptied = await tx
    .update(t.batchFiles)
    .set({ name: '', sidecar: null })
    .where(and(database.among(t.batchFiles.id, fileIds), notExists(others)))
    .returning({ id: t.batchFiles.id });
  await blankFailures(
    database,
    tx,
    database.among(
      t.failures.fileId,
      emptied.map(({ id }) => id),
    ),
  );
}
