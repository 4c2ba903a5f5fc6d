import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { isNodeError } from '../../session/index.ts';
import { hold } from '../database.ts';
import type { Database, Db } from './database.ts';
import { clean } from './kit.ts';
import { tables } from './schema.ts';
import { copyWhole, migrateSqlite, number } from './sqlite-file.ts';

/** How long a write waits for another process's (a backup, a command) before it gives up. */
const patienceMs = 10_000;

type Connection = ReturnType<typeof connect>;

/**
 * Two connections to one file. All writes go through the first, one after the other: between the awaits of a transaction
 * other work of this process runs, and must not fall into it. Reads go through the second and see what is committed.
 */
export async function openSqlite(path: string): Promise<Database> {
  makeFolder(dirname(path));
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  const writer = connect(path);
  try {
    // Personal data: for its owner alone. Side files inherit the mode.
    chmodSync(path, 0o600);
    await patiently(() => {
      // FULL: what the server has answered for must outlive a power cut. secure_delete: what is erased is overwritten.
      writer.client.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
      migrateSqlite(writer.client, path);
    });
  } catch (error) {
    writer.client.close();
    throw error;
  }
  const reader = connect(path);
  reader.client.exec('PRAGMA query_only = ON');
  return databaseOf(writer, reader);
}

function connect(path: string) {
  // The event loop stands still while SQLite waits; longer waits are ours (patiently).
  const client = new Sqlite(path, { timeout: 100 });
  hold(client);
  client.exec('PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY');
  // Statements live as long as the process, so each text is prepared once; see hold().
  const known = new Map<string, Sqlite.Statement>();
  const prepare = (text: string): Sqlite.Statement => {
    let statement = known.get(text);
    if (statement === undefined) {
      statement = client.prepare(text);
      hold(statement);
      known.set(text, statement);
    }
    return statement;
  };
  const memoised = new Proxy(client, {
    get: (target, name) => (name === 'prepare' ? prepare : (Reflect.get(target, name) as unknown)),
  });
  return { client, db: drizzle(memoised) };
}

function databaseOf(writer: Connection, reader: Connection): Database {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const raw = (db: Db) => db as unknown as BetterSQLite3Database;
  return {
    backend: 'sqlite',
    t: tables.sqlite,
    read: reader.db as unknown as Db,
    write: async (work) => {
      const done = await inTurn(async () => {
        await patiently(() => writer.client.exec('BEGIN IMMEDIATE'));
        try {
          const done = await work(writer.db as unknown as Db);
          writer.client.exec('COMMIT');
          return done;
        } catch (error) {
          // SQLite has rolled back by itself where the disk was full.
          if (writer.client.inTransaction) writer.client.exec('ROLLBACK');
          throw error;
        }
      });
      // SQLite answers at once, so a loop of writes would never let the event loop turn.
      await turn();
      return done;
    },
    rows: async (db, query) => raw(db).all<Record<string, unknown>>(query),
    // There is one writer at a time.
    lock: async () => undefined,
    among: (column, values) => sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values.map(clean))}))`,
    amongNumbers: (column, values) => sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`,
    locking: (query) => query,
    health: async () => {
      raw(reader.db as unknown as Db).get(sql`SELECT 1`);
    },
    backup: async (target) => {
      // From a snapshot: a copy would begin anew whenever another process writes, and under steady work never end.
      const { client } = connect(writer.client.name);
      try {
        client.exec('BEGIN');
        number(client, 'SELECT count(*) FROM sqlite_master');
        await copyWhole(client, target);
      } finally {
        client.close();
      }
    },
    // secure_delete has overwritten what was deleted; older copies of those pages stand in the log until it is cut.
    scrub: () =>
      inTurn(() =>
        patiently(() => {
          if (number(writer.client, 'PRAGMA wal_checkpoint(TRUNCATE)') !== 0) throw busy();
        }),
      ),
    close: () =>
      inTurn(async () => {
        if (!writer.client.open) return;
        reader.client.close();
        writer.client.exec('PRAGMA optimize');
        writer.client.close();
      }),
  };
}

function busy(): Error {
  return Object.assign(new Error('another process reads it'), { code: 'SQLITE_BUSY' });
}

/** Runs `work` again while another process holds the file; the event loop goes on meanwhile. */
async function patiently<T>(work: () => T): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let wait = 5; ; wait = Math.min(wait * 2, 200)) {
    try {
      return work();
    } catch (error) {
      if (!isNodeError(error) || !error.code.startsWith('SQLITE_BUSY') || performance.now() > until) throw error;
      await sleep(wait);
    }
  }
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}
