import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { and, count, eq } from 'drizzle-orm';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { EarwitnessError, isNodeError } from '../session/index.ts';
import { kept } from './schema.ts';

/** The version of the table below; a file of another version is refused, never guessed at. */
const schemaVersion = 1;

const createTable = `
  CREATE TABLE IF NOT EXISTS kept (
    kind TEXT NOT NULL, key TEXT NOT NULL, session_id TEXT NOT NULL, json TEXT NOT NULL, created_at INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
  ) WITHOUT ROWID`;

type Kind = 'transcript' | 'result';

/** Finished work of one output folder. Every write is on disk when the call returns. */
export interface RunStore {
  get(kind: Kind, key: string): unknown;
  put(kind: Kind, key: string, sessionId: string, value: unknown): void;
  count(kind: Kind): number;
  close(): void;
}

/**
 * Opens (or creates) the SQLite file that keeps a run's finished work, readable by its owner alone because it holds
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
    get: (kind, key) =>
      guard(() => {
        const row = db
          .select({ json: kept.json })
          .from(kept)
          .where(and(eq(kept.kind, kind), eq(kept.key, key)))
          .get();
        return row === undefined ? null : (JSON.parse(row.json) as unknown);
      }),
    put: (kind, key, sessionId, value) =>
      guard(() => {
        const row = { kind, key, sessionId, json: JSON.stringify(value), createdAt: Date.now() };
        db.insert(kept)
          .values(row)
          .onConflictDoUpdate({ target: [kept.kind, kept.key], set: row })
          .run();
      }),
    count: (kind) => guard(() => db.select({ n: count() }).from(kept).where(eq(kept.kind, kind)).get()?.n ?? 0),
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
