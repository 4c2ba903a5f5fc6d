import type Database from 'better-sqlite3';
import { count, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { hold, openForReading, openForWriting } from './database.ts';
import { type Guard, guardFor } from './problems.ts';
import { type ResultKeeper, keeperOn } from './result-keeper.ts';
import { type ResultReader, readerOn } from './result-reader.ts';
import { transcripts } from './schema.ts';

/** The state of one output folder: finished transcripts, and every result with what it was judged by. */
export interface RunStore {
  /** The transcript kept under a key, or null. */
  get(key: string): unknown;
  /** Keeps a transcript; on disk when the call returns. */
  put(key: string, sessionId: string, value: unknown): void;
  /** Transcripts kept. */
  count(): number;
  results: ResultKeeper;
  /** Writes what is still to be written. */
  close(): void;
}

/** Stored results, for reading alone. */
export interface ResultStore extends ResultReader {
  close(): void;
}

/**
 * Opens (or creates) the SQLite file that keeps a run's state, readable by its owner alone because it holds transcripts.
 * A file of an earlier version is brought to the present one. Throws `state-unusable` when the file is not ours, of a later
 * version, or in use by another run.
 */
export function openRunStore(path: string): RunStore {
  const sqlite = openForWriting(path);
  const guard = guardFor(path);
  const results = guard(() => keeperOn(sqlite, guard));
  return {
    ...transcriptsOn(sqlite, guard),
    results,
    close: () => {
      if (!sqlite.open) return;
      try {
        results.flush();
      } finally {
        sqlite.close();
      }
    },
  };
}

/**
 * Opens the results that earlier runs kept. Throws `state-unusable` when there is no such file, when it is of another
 * version, or while a run is at work in it.
 */
export function openResults(path: string): ResultStore {
  const sqlite = openForReading(path);
  const guard = guardFor(path);
  return {
    ...guard(() => readerOn(sqlite, guard)),
    close: () => {
      if (sqlite.open) sqlite.close();
    },
  };
}

function transcriptsOn(sqlite: Database.Database, guard: Guard): Pick<RunStore, 'get' | 'put' | 'count'> {
  const db = drizzle(sqlite);
  const byKey = eq(transcripts.key, sql.placeholder('key'));
  const row = {
    key: sql.placeholder('key'),
    sessionId: sql.placeholder('sessionId'),
    json: sql.placeholder('json'),
    createdAt: sql.placeholder('createdAt'),
  };
  const newer = { sessionId: sql`excluded.session_id`, json: sql`excluded.json`, createdAt: sql`excluded.created_at` };
  const [find, keep, tally] = hold(
    db.select({ json: transcripts.json }).from(transcripts).where(byKey).prepare(),
    db.insert(transcripts).values(row).onConflictDoUpdate({ target: transcripts.key, set: newer }).prepare(),
    db.select({ n: count() }).from(transcripts).prepare(),
  );
  return {
    get: (key) =>
      guard(() => {
        const found = find.get({ key });
        return found === undefined ? null : (JSON.parse(found.json) as unknown);
      }),
    put: (key, sessionId, value) =>
      guard(() => {
        keep.run({ key, sessionId, json: JSON.stringify(value), createdAt: Date.now() });
      }),
    count: () => guard(() => tally.get()?.n ?? 0),
  };
}
