import { closeSync, copyFileSync, mkdtempSync, openSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Column, getTableColumns, getTableName, sql } from 'drizzle-orm';
import type pg from 'pg';
import { EarwitnessError } from '../../session/index.ts';
import { hold } from '../database.ts';
import type { Database } from './database.ts';
import { pgSchemaName } from './kit.ts';
import { appear } from './files.ts';
import { applicationId, migrateSqlite } from './sqlite-file.ts';
import { type Tables, tables } from './schema.ts';

/**
 * One format for both backends: a backup is an SQLite file with the tables of an installation. What was kept in PostgreSQL
 * can so be read without PostgreSQL, and an installation moves from one backend to the other by backup and restore.
 */

type Name = keyof Tables;
const names = Object.keys(tables.sqlite) as Name[];
/** Rows that are read, turned and written at a time; some of them hold megabytes. */
const together = 200;

/** Writes all tables, as the open transaction sees them, to a new file. */
export async function dumpPostgres(client: pg.ClientBase, target: string): Promise<void> {
  await appear(target, async (part) => {
    const file = new Sqlite(part);
    hold(file);
    try {
      // Nobody reads it before it is whole; appear() waits for the disk.
      file.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF');
      migrateSqlite(file, target);
      for (const name of names) await dumpTable(client, file, name);
    } finally {
      file.close();
    }
  });
}

async function dumpTable(client: pg.ClientBase, file: Sqlite.Database, name: Name): Promise<void> {
  const columns = columnsOf(name);
  const insert = file.prepare(
    `INSERT INTO ${getTableName(tables.sqlite[name])} (${columns.map(({ to }) => `"${to.name}"`).join(', ')})
     VALUES (${columns.map(() => '?').join(', ')})`,
  );
  hold(insert);
  const selected = columns.map(({ from }) => `"${from.name}"`).join(', ');
  await client.query(
    `DECLARE rows NO SCROLL CURSOR FOR SELECT ${selected} FROM ${pgSchemaName}.${getTableName(tables.postgres[name])}`,
  );
  for (;;) {
    const { rows } = await client.query<unknown[]>({ text: `FETCH ${together} FROM rows`, rowMode: 'array' });
    if (rows.length === 0) break;
    file.exec('BEGIN');
    for (const row of rows)
      insert.run(
        row.map((value, n) =>
          value === null ? null : columns[n]!.to.mapToDriverValue(columns[n]!.from.mapFromDriverValue(value)),
        ),
      );
    file.exec('COMMIT');
  }
  await client.query('CLOSE rows');
}

/** The columns of a table in both dialects, in one order. */
function columnsOf(name: Name): { property: string; from: Column; to: Column }[] {
  const to = getTableColumns(tables.sqlite[name]) as Record<string, Column>;
  const from = getTableColumns(tables.postgres[name]) as Record<string, Column>;
  return Object.keys(to).map((property) => ({ property, from: from[property]!, to: to[property]! }));
}

/** Puts every row of an SQLite file of the present version into an empty database, all or none. */
export async function loadInto(database: Database, path: string): Promise<void> {
  const file = new Sqlite(path, { readonly: true });
  hold(file);
  try {
    await database.write(async (tx) => {
      for (const name of names) {
        const table = database.t[name];
        const columns = columnsOf(name);
        const select = file.prepare<[], unknown[]>(
          `SELECT ${columns.map(({ to }) => `"${to.name}"`).join(', ')} FROM ${getTableName(tables.sqlite[name])}`,
        );
        hold(select);
        let part: Record<string, unknown>[] = [];
        const put = async () => {
          if (part.length > 0) await tx.insert(table).values(part);
          part = [];
        };
        for (const row of select.raw().iterate()) {
          const entries = columns.map(
            ({ property, to }, n) => [property, row[n] === null ? null : to.mapFromDriverValue(row[n])] as const,
          );
          part.push(Object.fromEntries(entries));
          if (part.length === together) await put();
        }
        await put();
        if ('seq' in table && name !== 'audit')
          await database.rows(
            tx,
            sql`SELECT setval(pg_get_serial_sequence(${`${pgSchemaName}.${getTableName(table)}`}, 'seq'), max(${table.seq})) FROM ${table}`,
          );
      }
    });
  } finally {
    file.close();
  }
}

/** Whether nothing was ever kept there. */
export async function isEmpty(database: Database): Promise<boolean> {
  for (const name of names) {
    const [row] = await database.read
      .select({ one: sql`1` })
      .from(database.t[name])
      .limit(1);
    if (row !== undefined) return false;
  }
  return true;
}

/** A private copy of a backup that was looked through and brought to the present version. Throws `backup-invalid`. */
export function presentCopy(file: string): { path: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'earwitness-restore-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  const path = join(dir, 'backup.sqlite');
  try {
    closeSync(openSync(path, 'wx', 0o600));
    copyFileSync(file, path);
    inspectBackup(path, file);
    return { path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function inspectBackup(path: string, named: string): void {
  const copy = new Sqlite(path);
  hold(copy);
  const invalid = (why: string, cause?: unknown): EarwitnessError =>
    new EarwitnessError('backup-invalid', named, `This is not a whole backup: ${why}.`, 'Take another backup.', {
      cause,
    });
  try {
    const id = copy.prepare('PRAGMA application_id').pluck();
    const check = copy.prepare('PRAGMA integrity_check(1)').pluck();
    hold(id, check);
    if (id.get() !== applicationId) throw invalid('it is not of an installation');
    const found = String(check.get());
    if (found !== 'ok') throw invalid(found);
    copy.exec('PRAGMA journal_mode = DELETE');
    migrateSqlite(copy, named);
  } catch (error) {
    if (error instanceof EarwitnessError) throw error;
    throw invalid(error instanceof Error ? error.message : String(error), error);
  } finally {
    copy.close();
  }
}

/** Puts a file that is whole in the place of a database that holds nothing. */
export function moveInto(path: string, target: string): void {
  const part = join(dirname(target), `.${basename(target)}.restore`);
  rmSync(part, { force: true });
  closeSync(openSync(part, 'wx', 0o600));
  copyFileSync(path, part);
  for (const side of ['-wal', '-shm']) rmSync(target + side, { force: true });
  renameSync(part, target);
}
