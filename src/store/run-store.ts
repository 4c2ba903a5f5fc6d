import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { count, eq } from 'drizzle-orm';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { EarwitnessError, isNodeError } from '../session/index.ts';
import { transcripts } from './schema.ts';

/** The version of the table below; a file of another version is refused, never guessed at. */
const schemaVersion = 1;

const createTable = `
  CREATE TABLE IF NOT EXISTS transcripts (
    key TEXT PRIMARY KEY, session_id TEXT NOT NULL, json TEXT NOT NULL, created_at INTEGER NOT NULL
  ) WITHOUT ROWID`;

/** Finished transcripts of one output folder. Every write is on disk when the call returns. */
export interface RunStore {
  /** The value kept under a key, or null. */
  get(key: string): unknown;
  put(key: string, sessionId: string, value: unknown): void;
  count(): number;
  close(): void;
}

/**
 * Opens (or creates) the SQLite file that keeps a run's finished transcripts, readable by its owner alone because it holds
 * transcripts. Throws `state-unusable` when the file is not ours, of another version, or in use by another run.
 */
export function openRunStore(path: string): RunStore {
  let sqlite: Database.Database;
  try {
    mkdirSync(dirname(path), { recursive: true });
    sqlite = new Database(path, { timeout: 2000 });
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    const version = sqlite.pragma('user_version', { simple: true }) as number;
    if (version !== 0 && version !== schemaVersion)
      throw new Error(`it is of version ${version}, this program writes version ${schemaVersion}`);
    sqlite.exec(createTable);
    sqlite.pragma(`user_version = ${schemaVersion}`);
    chmodSync(path, 0o600);
  } catch (error) {
    throw storeError(error, path);
  }
  const db: BetterSQLite3Database = drizzle(sqlite);
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, path);
    }
  };
  return {
    get: (key) =>
      guard(() => {
        const row = db.select({ json: transcripts.json }).from(transcripts).where(eq(transcripts.key, key)).get();
        return row === undefined ? null : (JSON.parse(row.json) as unknown);
      }),
    put: (key, sessionId, value) =>
      guard(() => {
        const row = { key, sessionId, json: JSON.stringify(value), createdAt: Date.now() };
        db.insert(transcripts).values(row).onConflictDoUpdate({ target: transcripts.key, set: row }).run();
      }),
    count: () => guard(() => db.select({ n: count() }).from(transcripts).get()?.n ?? 0),
    close: () => {
      if (sqlite.open) sqlite.close();
    },
  };
}

function storeError(error: unknown, path: string): EarwitnessError {
  if (error instanceof EarwitnessError) return error;
  const code = isNodeError(error) ? error.code : '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return new EarwitnessError(
      'disk-full',
      path,
      'The disk is full; finished sessions are kept.',
      'Free some space and run the same command again.',
      {
        cause: error,
      },
    );
  const message = error instanceof Error ? error.message : String(error);
  return new EarwitnessError(
    'state-unusable',
    path,
    `The file that keeps finished sessions cannot be used: ${message}.`,
    'Remove it, choose another --out folder, or wait until the other run has ended.',
    { cause: error },
  );
}
