import { chmodSync, existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { count, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
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
  makeFolder(dirname(path));
  let sqlite: Database.Database | null = null;
  try {
    sqlite = new Database(path, { timeout: 500 });
    held.push(sqlite);
    // One run per folder: two would replace each other's report file by file. The lock goes with the process, however
    // that ends.
    sqlite.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const version = versionOf(sqlite);
    if (version !== 0 && version !== schemaVersion)
      throw new Error(`it is of version ${version}, this program writes version ${schemaVersion}`);
    sqlite.exec(createTable);
    sqlite.exec(`PRAGMA user_version = ${schemaVersion}`);
    chmodSync(path, 0o600);
    return storeOn(sqlite, path);
  } catch (error) {
    sqlite?.close();
    throw storeError(error, path);
  }
}

/**
 * Databases and statements live as long as the process. From 24.19 on Node ends with an assertion when better-sqlite3 12
 * has one of them collected outside of a JavaScript call, and version 13, which does not, needs a newer Node than ours.
 * For the same reason nothing here prepares a statement per query, as `pragma()` and unprepared queries do.
 */
const held: unknown[] = [];

function versionOf(sqlite: Database.Database): number {
  const statement = sqlite.prepare<[], { user_version: number }>('PRAGMA user_version');
  held.push(statement);
  return statement.get()!.user_version;
}

function storeOn(sqlite: Database.Database, path: string): RunStore {
  const db = drizzle(sqlite);
  const byKey = eq(transcripts.key, sql.placeholder('key'));
  const find = db.select({ json: transcripts.json }).from(transcripts).where(byKey).prepare();
  const row = {
    key: sql.placeholder('key'),
    sessionId: sql.placeholder('sessionId'),
    json: sql.placeholder('json'),
    createdAt: sql.placeholder('createdAt'),
  };
  const newer = { sessionId: sql`excluded.session_id`, json: sql`excluded.json`, createdAt: sql`excluded.created_at` };
  const keep = db.insert(transcripts).values(row).onConflictDoUpdate({ target: transcripts.key, set: newer }).prepare();
  const tally = db.select({ n: count() }).from(transcripts).prepare();
  held.push(find, keep, tally);
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
        const found = find.get({ key });
        return found === undefined ? null : (JSON.parse(found.json) as unknown);
      }),
    put: (key, sessionId, value) =>
      guard(() => {
        keep.run({ key, sessionId, json: JSON.stringify(value), createdAt: Date.now() });
      }),
    count: () => guard(() => tally.get()?.n ?? 0),
    close: () => {
      if (sqlite.open) sqlite.close();
    },
  };
}

/**
 * Makes a folder with all above it. Not by `recursive`: where the system answers "no such file" although the parent is
 * there (as /proc does), Node would try for ever.
 */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  try {
    if (dirname(path) !== path) makeFolder(dirname(path));
    mkdirSync(path);
  } catch (error) {
    if (error instanceof EarwitnessError || !isNodeError(error)) throw error;
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT') throw diskFull(path, error);
    const reason =
      error.code === 'EEXIST' || error.code === 'ENOTDIR'
        ? `${basename(path)} is a file, not a folder.`
        : `The folder cannot be made (${error.code}).`;
    throw unwritable(path, reason, error);
  }
}

function unwritable(path: string, reason: string, cause: unknown): EarwitnessError {
  const hint = 'Choose another --out folder, or give the user that runs earwitness permission to write there.';
  return new EarwitnessError('output-unwritable', path, reason, hint, { cause });
}

function diskFull(path: string, cause: unknown): EarwitnessError {
  const hint = 'Free some space and run the same command again.';
  return new EarwitnessError('disk-full', path, 'The disk is full; finished recordings are kept.', hint, { cause });
}

function storeError(error: unknown, path: string): EarwitnessError {
  if (error instanceof EarwitnessError) return error;
  const code = isNodeError(error) ? error.code : '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return diskFull(path, error);
  // Where a full disk cannot hold SQLite's side files, it answers with an I/O error.
  if (code.startsWith('SQLITE_IOERR') && isFull(dirname(path))) return diskFull(path, error);
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED')
    return new EarwitnessError(
      'state-unusable',
      path,
      'Another run is at work in this folder.',
      'Wait until it has ended, or choose another --out folder.',
      { cause: error },
    );
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'EACCES' || code === 'EPERM')
    return unwritable(path, 'The file that keeps finished recordings cannot be opened for writing.', error);
  const message = error instanceof Error ? error.message : String(error);
  return new EarwitnessError(
    'state-unusable',
    path,
    `The file that keeps finished recordings cannot be used: ${message}.`,
    'Remove it (the recordings are then heard again), or choose another --out folder.',
    { cause: error },
  );
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 64 * 1024;
}
