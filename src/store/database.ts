import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { EarwitnessError, isNodeError } from '../session/index.ts';
import { migrations } from './migrations.ts';
import { diskFull, storeError, unwritable } from './problems.ts';

/**
 * Databases and statements live as long as the process. From 24.19 on Node ends with an assertion when better-sqlite3 12
 * has one of them collected outside of a JavaScript call, and version 13, which does not, needs a newer Node than ours.
 * For the same reason nothing here prepares a statement per query, as `pragma()`, `transaction()` and unprepared queries
 * do.
 */
const held: unknown[] = [];

export function hold<T extends readonly unknown[]>(...statements: T): T {
  held.push(...statements);
  return statements;
}

/**
 * Opens or creates a file of ours for one run alone and brings it to the present version.
 * Throws `state-unusable` when the file is not ours, of a later version, or in use by another run.
 */
export function openForWriting(path: string): Database.Database {
  makeFolder(dirname(path));
  return opening(path, () => {
    const sqlite = new Database(path, { timeout: 500 });
    hold(sqlite);
    return [
      sqlite,
      () => {
        // Personal data from its first byte on, side files included: they inherit the mode.
        chmodSync(path, 0o600);
        // One run per folder: two would replace each other's report file by file. The lock goes with the process, however
        // that ends.
        sqlite.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
        migrate(sqlite);
      },
    ];
  });
}

/** Opens a file for reading alone. Throws `state-unusable` when it is not of the present version. */
export function openForReading(path: string): Database.Database {
  return opening(path, () => {
    const sqlite = new Database(path, { timeout: 500, fileMustExist: true });
    hold(sqlite);
    return [
      sqlite,
      () => {
        sqlite.exec('PRAGMA query_only = ON');
        const version = versionOf(sqlite);
        if (version > 0 && version < migrations.length)
          throw new EarwitnessError(
            'state-unusable',
            path,
            `Nothing was kept here to judge again: the file is of version ${version}, results are kept from version 2 on.`,
            'Run inspect once more with the same --out folder; what was heard is not heard again.',
          );
        if (version !== migrations.length) throw otherVersion(version);
      },
    ];
  });
}

function opening(path: string, open: () => [Database.Database, prepare: () => void]): Database.Database {
  let sqlite: Database.Database | null = null;
  try {
    const [opened, prepare] = open();
    sqlite = opened;
    prepare();
    return sqlite;
  } catch (error) {
    sqlite?.close();
    throw storeError(error, path);
  }
}

function migrate(sqlite: Database.Database): void {
  const version = versionOf(sqlite);
  if (version > migrations.length || version < 0) throw otherVersion(version);
  if (version === 0 && foreignTables(sqlite) > 0) throw new Error('it is a database of another program');
  for (let step = version; step < migrations.length; step++)
    atomically(sqlite, () => sqlite.exec(`${migrations[step]!}; PRAGMA user_version = ${step + 1}`));
}

function otherVersion(version: number): Error {
  return new Error(`it is of version ${version}, this program writes version ${migrations.length}`);
}

/** All of `work` or nothing of it. */
export function atomically(sqlite: Database.Database, work: () => void): void {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    work();
    sqlite.exec('COMMIT');
  } catch (error) {
    // SQLite has rolled back by itself where the disk was full.
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(sqlite: Database.Database): number {
  const [statement] = hold(sqlite.prepare<[], { user_version: number }>('PRAGMA user_version'));
  return statement.get()!.user_version;
}

/** The first version made its table and then stated its version; a run killed in between left the table alone. */
function foreignTables(sqlite: Database.Database): number {
  const others = `SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name NOT IN ('transcripts')`;
  const [statement] = hold(sqlite.prepare<[], { n: number }>(others));
  return statement.get()!.n;
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
