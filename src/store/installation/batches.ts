import { createHash, randomUUID } from 'node:crypto';
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, notInArray, sql } from 'drizzle-orm';
import type { Batch, BatchCounts, BatchFile, Problem } from '../../session/index.ts';
import { cursorOf, limitOf, pageOf, readSeq } from './cursor.ts';
import { type Database, type Db, insertEach } from './database.ts';
import { visible } from './scope.ts';
import type { Batches } from './store.ts';

/** Changes a batch's counts in the transaction of what they count. */
export async function count(
  { t }: Database,
  tx: Db,
  batchId: string,
  change: Partial<Record<keyof BatchCounts, number>>,
): Promise<void> {
  const entries = Object.entries(change).filter(([, by]) => by !== 0) as [keyof BatchCounts, number][];
  if (entries.length === 0) return;
  const set = Object.fromEntries(entries.map(([name, by]) => [name, sql`${t.batches[name]} + ${by}`]));
  await tx.update(t.batches).set(set).where(eq(t.batches.id, batchId));
}

/** Adds counts for many batches, in one order for all, so that two transactions cannot wait for each other. */
export async function countEach(
  database: Database,
  tx: Db,
  changes: ReadonlyMap<string, Partial<Record<keyof BatchCounts, number>>>,
): Promise<void> {
  for (const [batchId, change] of [...changes].sort(([a], [b]) => (a < b ? -1 : 1)))
    await count(database, tx, batchId, change);
}

/** Notes failures that are not noted yet. Returns how many were new. */
export async function noteFailures(
  database: Database,
  tx: Db,
  batchId: string,
  list: readonly { fileId: string | null; sessionKey: string | null; problem: Problem }[],
): Promise<number> {
  const { t } = database;
  const rows = list.map(({ fileId, sessionKey, problem }) => {
    const about = [
      batchId,
      fileId,
      sessionKey,
      sessionKey === null ? [problem.path, problem.code, problem.message] : null,
    ];
    const id = createHash('sha256').update(JSON.stringify(about)).digest('hex');
    return { id, batchId, fileId, sessionKey, problem };
  });
  let added = 0;
  await insertEach(database, rows, async (part) => {
    const made = await tx.insert(t.failures).values(part).onConflictDoNothing().returning({ id: t.failures.id });
    added += made.length;
  });
  return added;
}

export function batchesOn(database: Database): Batches {
  const { t, read } = database;
  const byId = (id: string) => eq(t.batches.id, id);
  const change = (id: string, condition: ReturnType<typeof and>, set: Partial<Row>) =>
    database.write(async (tx) => {
      const [row] = await tx
        .update(t.batches)
        .set(set)
        .where(and(byId(id), condition))
        .returning();
      return row ? batchOf(row) : null;
    });
  const now = () => new Date().toISOString();
  return {
    create: ({ id = randomUUID(), title, team, createdBy, settings }) =>
      database.write(async (tx) => {
        const none = { files: 0, filesDone: 0, filesDuplicate: 0, sessions: 0, recorded: 0, dead: 0, failures: 0 };
        const row = { id, title, team, createdBy, settings, createdAt: now(), state: 'receiving' as const, ...none };
        const [made] = await tx.insert(t.batches).values(row).onConflictDoNothing().returning();
        return batchOf(made ?? (await tx.select().from(t.batches).where(byId(id)))[0]!);
      }),
    get: async (id, scope) => {
      const [row] = await read
        .select()
        .from(t.batches)
        .where(and(byId(id), visible(database, 'batches', scope)));
      return row ? batchOf(row) : null;
    },
    list: async (scope, { limit: asked, cursor, state }) => {
      const limit = limitOf(asked);
      const before = readSeq(cursor, 'batches');
      const rows = await read
        .select()
        .from(t.batches)
        .where(
          and(
            visible(database, 'batches', scope),
            state && eq(t.batches.state, state),
            before === null ? undefined : lt(t.batches.seq, before),
          ),
        )
        .orderBy(desc(t.batches.seq))
        .limit(limit + 1);
      return pageOf(rows, limit, ({ seq }) => cursorOf('batches', [seq]), batchOf);
    },
    move: (id, from, state) =>
      change(id, inArray(t.batches.state, [...from]), {
        state,
        finishedAt: state === 'done' || state === 'cancelled' ? now() : null,
      }),
    update: (id, { title, priority }) =>
      database.write(async (tx) => {
        const [row] = await database.locking(tx.select().from(t.batches).where(byId(id)));
        if (row === undefined) return null;
        const settings = priority === undefined ? row.settings : { ...row.settings, priority };
        const set = { title: title ?? row.title, settings };
        await tx.update(t.batches).set(set).where(byId(id));
        return batchOf({ ...row, ...set });
      }),
    close: (id) =>
      database.write(async (tx) => {
        const [row] = await database.locking(tx.select().from(t.batches).where(byId(id)));
        if (row === undefined || row.state === 'cancelled') return null;
        if (row.closedAt !== null) return batchOf(row);
        const set = { closedAt: now(), state: row.state === 'receiving' ? ('running' as const) : row.state };
        await tx.update(t.batches).set(set).where(byId(id));
        return batchOf({ ...row, ...set });
      }),
    revive: (id) => database.write((tx) => revive(database, tx, id)),
    finishIfComplete: (id) =>
      database.write(async (tx) => {
        await tx
          .update(t.batches)
          .set({ state: 'done', finishedAt: now() })
          .where(
            and(
              byId(id),
              inArray(t.batches.state, ['receiving', 'running', 'paused']),
              isNotNull(t.batches.closedAt),
              sql`${t.batches.filesDone} + ${t.batches.filesDuplicate} >= ${t.batches.files}`,
              sql`${t.batches.recorded} + ${t.batches.dead} >= ${t.batches.sessions}`,
            ),
          );
        const [row] = await tx.select({ state: t.batches.state }).from(t.batches).where(byId(id));
        return row?.state === 'done';
      }),
    addFile: (file) => database.write((tx) => addFile(database, tx, file)),
    strandedFiles: async ({ olderThan, limit }) =>
      read
        .select({ id: t.batchFiles.id, batchId: t.batchFiles.batchId })
        .from(t.batchFiles)
        .innerJoin(t.batches, eq(t.batches.id, t.batchFiles.batchId))
        .where(
          and(
            sql`${t.batchFiles.state} IN ('stored', 'reading')`,
            lt(t.batchFiles.createdAt, olderThan),
            ne(t.batches.state, 'cancelled'),
          ),
        )
        .orderBy(asc(t.batchFiles.createdAt))
        .limit(limitOf(limit)),
    file: async (id) => {
      const [row] = await read.select().from(t.batchFiles).where(eq(t.batchFiles.id, id));
      return row ? fileOf(row) : null;
    },
    files: async (batchId, { limit: asked, cursor }) => {
      const limit = limitOf(asked);
      const after = readSeq(cursor, 'files');
      const rows = await read
        .select()
        .from(t.batchFiles)
        .where(and(eq(t.batchFiles.batchId, batchId), after === null ? undefined : gt(t.batchFiles.seq, after)))
        .orderBy(asc(t.batchFiles.seq))
        .limit(limit + 1);
      return pageOf(rows, limit, ({ seq }) => cursorOf('files', [seq]), fileOf);
    },
    moveFile: (id, state, problem = null) =>
      database.write(async (tx) => {
        const [row] = await database.locking(tx.select().from(t.batchFiles).where(eq(t.batchFiles.id, id)));
        if (row === undefined) return;
        await tx.update(t.batchFiles).set({ state, problem }).where(eq(t.batchFiles.id, id));
        const was = countsOf(row.state);
        const is = countsOf(state);
        await count(database, tx, row.batchId, {
          filesDone: is.filesDone - was.filesDone,
          filesDuplicate: is.filesDuplicate - was.filesDuplicate,
        });
      }),
    addFailures: (batchId, fileId, problems) =>
      database.write(async (tx) => {
        const list = problems.map((problem) => ({ fileId, sessionKey: null, problem }));
        await count(database, tx, batchId, { failures: await noteFailures(database, tx, batchId, list) });
      }),
    failures: async (batchId, { limit: asked, cursor }) => {
      const limit = limitOf(asked);
      const after = readSeq(cursor, 'failures');
      const rows = await read
        .select({ seq: t.failures.seq, problem: t.failures.problem })
        .from(t.failures)
        .where(and(eq(t.failures.batchId, batchId), after === null ? undefined : gt(t.failures.seq, after)))
        .orderBy(asc(t.failures.seq))
        .limit(limit + 1);
      return pageOf(
        rows,
        limit,
        ({ seq }) => cursorOf('failures', [seq]),
        ({ problem }) => problem,
      );
    },
  };
}

async function addFile(database: Database, tx: Db, file: Parameters<Batches['addFile']>[0]): Promise<BatchFile | null> {
  const { t } = database;
  const { id = randomUUID(), batchId, name, sha256, bytes, again = false, sidecar = null } = file;
  const [known] = await tx.select().from(t.batchFiles).where(eq(t.batchFiles.id, id));
  if (known !== undefined) return fileOf(known);
  const [batch] = await database.locking(
    tx
      .select({ state: t.batches.state, closedAt: t.batches.closedAt })
      .from(t.batches)
      .where(eq(t.batches.id, batchId)),
  );
  if (batch === undefined || batch.closedAt !== null || batch.state === 'cancelled') return null;
  // Two uploads of the same content at once: one of them is the duplicate of the other.
  await database.lock(tx, `file ${sha256}`);
  const duplicateOf = again ? null : await sameContent(database, tx, sha256);
  const state = duplicateOf === null ? ('stored' as const) : ('duplicate' as const);
  const createdAt = new Date().toISOString();
  const row = { id, batchId, name, sha256, bytes, state, duplicateOf, sessions: 0, createdAt, sidecar };
  const [made] = await tx.insert(t.batchFiles).values(row).onConflictDoNothing().returning();
  // Noted by another request between our look and now.
  if (made === undefined) return fileOf((await tx.select().from(t.batchFiles).where(eq(t.batchFiles.id, id)))[0]!);
  await count(database, tx, batchId, { files: 1, ...countsOf(state) });
  return fileOf(made);
}

async function sameContent({ t }: Database, tx: Db, sha256: string): Promise<string | null> {
  const [first] = await tx
    .select({ id: t.batchFiles.id })
    .from(t.batchFiles)
    .innerJoin(t.batches, eq(t.batches.id, t.batchFiles.batchId))
    .where(
      and(
        eq(t.batchFiles.sha256, sha256),
        notInArray(t.batchFiles.state, ['failed', 'duplicate']),
        isNull(t.batchFiles.forgotten),
        ne(t.batches.state, 'cancelled'),
      ),
    )
    .orderBy(asc(t.batchFiles.seq))
    .limit(1);
  return first?.id ?? null;
}

async function revive(database: Database, tx: Db, id: string): Promise<{ files: string[]; keys: string[] }> {
  const { t } = database;
  const [batch] = await database.locking(tx.select().from(t.batches).where(eq(t.batches.id, id)));
  if (batch === undefined || batch.state === 'cancelled') return { files: [], keys: [] };
  const files = await tx
    .update(t.batchFiles)
    .set({ state: 'stored', problem: null })
    .where(and(eq(t.batchFiles.batchId, id), eq(t.batchFiles.state, 'failed'), isNull(t.batchFiles.forgotten)))
    .returning({ id: t.batchFiles.id });
  const sessions = await tx
    .update(t.sessions)
    .set({ state: 'waiting' })
    .where(and(eq(t.sessions.batchId, id), eq(t.sessions.state, 'dead'), eq(t.sessions.stripped, 0)))
    .returning({ id: t.sessions.key });
  const back = { files: files.map(({ id }) => id), keys: sessions.map(({ id }) => id).sort() };
  if (back.files.length + back.keys.length === 0) return back;
  const ofFiles = and(database.among(t.failures.fileId, back.files), isNull(t.failures.sessionKey));
  const gone = [
    ...(await tx.delete(t.failures).where(ofFiles).returning({ id: t.failures.id })),
    ...(await tx
      .delete(t.failures)
      .where(database.among(t.failures.sessionKey, back.keys))
      .returning({ id: t.failures.id })),
  ];
  await count(database, tx, id, {
    filesDone: -back.files.length,
    dead: -back.keys.length,
    failures: -gone.length,
  });
  if (batch.state === 'done')
    await tx.update(t.batches).set({ state: 'running', finishedAt: null }).where(eq(t.batches.id, id));
  return back;
}

/** What a file in a state adds to the counts of its batch. */
function countsOf(state: BatchFile['state']): { filesDone: number; filesDuplicate: number } {
  return { filesDone: state === 'done' || state === 'failed' ? 1 : 0, filesDuplicate: state === 'duplicate' ? 1 : 0 };
}

type Row = Database['t']['batches']['$inferSelect'];

function batchOf(row: Row): Batch {
  const { id, title, team, createdBy, createdAt, closedAt, finishedAt, state, settings } = row;
  const { files, filesDone, filesDuplicate, sessions, recorded, dead, failures } = row;
  const counts = { files, filesDone, filesDuplicate, sessions, recorded, dead, failures };
  return { id, title, team, createdBy, createdAt, closedAt, finishedAt, state, settings, counts };
}

function fileOf(row: Database['t']['batchFiles']['$inferSelect']): BatchFile {
  const { id, batchId, name, sha256, bytes, state, duplicateOf, problem, sessions, createdAt, sidecar } = row;
  return { id, batchId, name, sha256, bytes, state, duplicateOf, problem, sessions, createdAt, sidecar };
}
