import { chmodSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { EarwitnessError, isNodeError } from '../../session/index.ts';

/**
 * Databases and statements live as long as the process: newer Node ends with an assertion when better-sqlite3 12 has one
 * of them collected (docs/decisions/0003). So everything is prepared once, here.
 */
const held: unknown[] = [];

export function hold<T>(statement: T): T {
  held.push(statement);
  return statement;
}

/** `Ewqu`: tells our file from a database of another program. */
const applicationId = 0x45777175;
const version = 2;

/**
 * `lines` holds one row for every (group, kind, priority, lane) that has waiting jobs, and nothing else; a job waits
 * exactly while its `line` is set. So the next job is found through the lines, whose number does not depend on how many
 * jobs wait in them.
 */
const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('turn', 0), ('held', 0);

CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  grp TEXT NOT NULL,
  priority INTEGER NOT NULL,
  lane TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delayed', 'running', 'dead')),
  attempt INTEGER NOT NULL DEFAULT 0,
  lost INTEGER NOT NULL DEFAULT 0,
  line INTEGER,
  due INTEGER,
  consumer TEXT,
  lease INTEGER,
  lease_until INTEGER,
  progress REAL,
  reason TEXT,
  died_at TEXT
);
CREATE INDEX jobs_line ON jobs (line, seq) WHERE line IS NOT NULL;
CREATE INDEX jobs_due ON jobs (due) WHERE state = 'delayed';
CREATE INDEX jobs_lease ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_consumer ON jobs (consumer) WHERE state = 'running';
CREATE INDEX jobs_state ON jobs (state, kind);
CREATE INDEX jobs_group ON jobs (grp, state);

CREATE TABLE lines (
  line INTEGER PRIMARY KEY AUTOINCREMENT,
  grp TEXT NOT NULL,
  kind TEXT NOT NULL,
  priority INTEGER NOT NULL,
  lane TEXT NOT NULL,
  held INTEGER NOT NULL,
  turn INTEGER NOT NULL,
  UNIQUE (grp, kind, priority, lane)
);
CREATE INDEX lines_turn ON lines (kind, lane, held, priority, turn);

CREATE TABLE lanes (lane TEXT PRIMARY KEY, tokens REAL, at INTEGER) WITHOUT ROWID;
CREATE TABLE held_groups (grp TEXT PRIMARY KEY) WITHOUT ROWID;
`;

/** Opens or creates the queue's file. Several processes of one machine may have it open. */
export function openFile(path: string): Database.Database {
  let sqlite: Database.Database | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true });
    // How long a call waits for another process; the event loop waits with it, and leases are far longer.
    const opened = (sqlite = hold(new Database(path, { timeout: 1_000 })));
    // Payloads may name people; side files inherit the mode.
    chmodSync(path, 0o600);
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    atomically(sqlite, () => migrate(opened));
    return sqlite;
  } catch (error) {
    sqlite?.close();
    throw queueError(error, path);
  }
}

function migrate(sqlite: Database.Database): void {
  const pragma = (name: string): number =>
    hold(sqlite.prepare<[], Record<string, number>>(`PRAGMA ${name}`)).get()![name]!;
  const found = pragma('user_version');
  const tables = hold(sqlite.prepare<[], { n: number }>('SELECT count(*) AS n FROM sqlite_master')).get()!.n;
  if (tables > 0 && pragma('application_id') !== applicationId) throw new Error('it is a database of another program');
  if (tables > 0 && (found < 1 || found > version))
    throw new Error(`it is of version ${found}, this program writes version ${version}`);
  if (tables > 0 && found < version)
    sqlite.exec(`ALTER TABLE jobs ADD COLUMN lost INTEGER NOT NULL DEFAULT 0; PRAGMA user_version = ${version}`);
  if (tables === 0)
    sqlite.exec(`${schema}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}`);
}

/** All of `work` or nothing of it. */
export function atomically<T>(sqlite: Database.Database, work: () => T): T {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sqlite.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself where the disk was full.
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}

/** What SQLite or the file system refuses, as a problem that a user can act on. */
export function queueError(error: unknown, path: string): EarwitnessError {
  if (error instanceof EarwitnessError) return error;
  const code = isNodeError(error) ? error.code : '';
  const cause = { cause: error };
  // Where a full disk cannot hold SQLite's side files, it answers with an I/O error.
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || (code.startsWith('SQLITE_IOERR') && isFull(dirname(path))))
    return new EarwitnessError(
      'disk-full',
      path,
      'The disk of the queue is full; nothing was added, nothing is lost.',
      'Free some space; the queue goes on by itself.',
      cause,
    );
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED')
    return new EarwitnessError(
      'state-unusable',
      path,
      'Another program holds the queue for too long.',
      'End what has the file open (a copy, a shell of SQLite) and try again.',
      cause,
    );
  const message = error instanceof Error ? error.message : String(error);
  return new EarwitnessError(
    'state-unusable',
    path,
    `The file of the queue cannot be used: ${message}.`,
    'Check its path and permissions; restore it from a backup where it is broken.',
    cause,
  );
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 64 * 1024;
}
