import Sqlite from 'better-sqlite3';
import { hold } from '../database.ts';
import { appear } from './files.ts';
import { sqliteSteps } from './migrations/sqlite.ts';
import { anotherProgram, anotherVersion } from './problems.ts';

/** `EARW`: how a file of ours is told from another program's. */
export const applicationId = 0x45415257;

/** Brings a file to the present version; refuses what is not ours or of a later one. */
export function migrateSqlite(client: Sqlite.Database, path: string): void {
  client.exec('BEGIN IMMEDIATE');
  try {
    const version = number(client, 'PRAGMA user_version');
    const id = number(client, 'PRAGMA application_id');
    const objects = number(client, 'SELECT count(*) FROM sqlite_master');
    if (id !== applicationId && (id !== 0 || version !== 0 || objects > 0)) throw anotherProgram(path);
    if (version > sqliteSteps.length || version < 0) throw anotherVersion(path, version, sqliteSteps.length);
    for (const step of sqliteSteps.slice(version)) client.exec(step);
    if (version < sqliteSteps.length)
      client.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${sqliteSteps.length}`);
    client.exec('COMMIT');
  } catch (error) {
    if (client.inTransaction) client.exec('ROLLBACK');
    throw error;
  }
}

export function number(client: Sqlite.Database, query: string): number {
  const statement = client.prepare<[], unknown>(query).pluck();
  hold(statement);
  return Number(statement.get());
}

/**
 * SQLite's online backup, through the connection that writes: its own changes reach the copy as they are made, so that the
 * copy ends however much is written meanwhile.
 */
export async function copyWhole(client: Sqlite.Database, target: string): Promise<void> {
  await appear(target, async (part) => {
    await client.backup(part);
    const copy = new Sqlite(part);
    hold(copy);
    // One file without side files, readable where nothing may be written.
    copy.exec('PRAGMA journal_mode = DELETE');
    copy.close();
  });
}
