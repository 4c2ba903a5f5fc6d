import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { EarwitnessError, isNodeError } from '../../session/index.ts';
import { dumpPostgres } from './backup.ts';
import type { Database, Db } from './database.ts';
import { clean, pgSchemaName } from './kit.ts';
import { postgresSteps } from './migrations/postgres.ts';
import { anotherProgram, anotherVersion } from './problems.ts';
import { tables } from './schema.ts';

/** First half of our advisory locks (`EARW`), so that another program's do not meet them. */
const lockSpace = 0x45415257;
/** A transaction that another one's success has spoilt is run again so often. */
const attempts = 8;
const spoilt = new Set(['40001', '40P01']);

/** Opens a PostgreSQL database. All that is ours stands in its schema `earwitness`; the rest may be of other programs. */
export async function openPostgres(url: string, name: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'earwitness',
    max: 10,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // A connection that ends while nobody uses it is replaced when the next one is needed.
  pool.on('error', () => undefined);
  try {
    await withClient(pool, (client) => migratePostgres(client, name));
  } catch (error) {
    await pool.end();
    throw error;
  }
  const raw = (db: Db) => db as unknown as NodePgDatabase;
  let closed: Promise<void> | null = null;
  return {
    backend: 'postgres',
    t: tables.postgres,
    read: drizzle(pool) as unknown as Db,
    write: (work) => again(() => withClient(pool, (client) => transaction(client, 'BEGIN', () => work(on(client))))),
    rows: async (db, query) => (await raw(db).execute(query)).rows,
    lock: async (tx, about) => {
      const key = createHash('sha256').update(about).digest().readInt32BE();
      await raw(tx).execute(sql`SELECT pg_advisory_xact_lock(${lockSpace}::int, ${key}::int)`);
    },
    among: (column, values) => sql`${column} = ANY(${sql.param(values.map(clean))})`,
    amongNumbers: (column, values) => sql`${column} = ANY(${sql.param(values)})`,
    // Rows that others refer to may still be referred to.
    locking: (query) => (query as unknown as { for(strength: string): typeof query }).for('no key update'),
    health: async () => {
      await pool.query('SELECT 1');
    },
    backup: (path) =>
      withClient(pool, (client) =>
        transaction(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', () => dumpPostgres(client, path)),
      ),
    scrub: async () => {
      // Only a table that is written anew holds nothing of its deleted rows.
      for (const table of ['sessions', 'orders', 'results', 'failures', 'batch_files', 'deliveries', 'replies'])
        await pool.query(`VACUUM (FULL) ${pgSchemaName}.${table}`);
    },
    close: () => (closed ??= pool.end()),
  };
}

function on(client: pg.PoolClient): Db {
  return drizzle(client) as unknown as Db;
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Without a listener a connection that breaks between two queries would end the process.
  const broken = (): void => undefined;
  client.on('error', broken);
  let failure: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    failure = error instanceof Error && isFatal(error) ? error : undefined;
    throw error;
  } finally {
    client.off('error', broken);
    client.release(failure);
  }
}

/** Whether the connection is of no more use. */
function isFatal(error: Error): boolean {
  const code = codeOf(error);
  return code === '' || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('08') || code.startsWith('57P');
}

async function transaction<T>(client: pg.PoolClient, begin: string, work: () => Promise<T>): Promise<T> {
  await client.query(begin);
  try {
    const done = await work();
    await client.query('COMMIT');
    return done;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !spoilt.has(codeOf(error))) throw error;
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
}

function codeOf(error: unknown): string {
  if (isNodeError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : '';
}

/** Brings the schema to the present version, one server at a time; refuses what is not ours or of a later one. */
async function migratePostgres(client: pg.PoolClient, name: string): Promise<void> {
  const encoding = await one(client, 'SHOW server_encoding');
  if (encoding !== 'UTF8')
    throw new EarwitnessError(
      'state-unusable',
      name,
      `The database keeps text as ${String(encoding)}, not as UTF8.`,
      'Make another one with: CREATE DATABASE name ENCODING UTF8 TEMPLATE template0.',
    );
  await transaction(client, 'BEGIN', async () => {
    await client.query('SELECT pg_advisory_xact_lock($1, 0)', [lockSpace]);
    const version = await versionOf(client, name);
    if (version === postgresSteps.length) return;
    if (version > postgresSteps.length) throw anotherVersion(name, version, postgresSteps.length);
    if (version === 0) {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${pgSchemaName}`);
      await client.query(`CREATE TABLE ${pgSchemaName}.installation (version BIGINT NOT NULL)`);
      await client.query(`INSERT INTO ${pgSchemaName}.installation VALUES (0)`);
    }
    for (const step of postgresSteps.slice(version)) await client.query(step);
    await client.query(`UPDATE ${pgSchemaName}.installation SET version = $1`, [postgresSteps.length]);
  });
}

/** 0 where there is nothing yet. */
async function versionOf(client: pg.PoolClient, name: string): Promise<number> {
  const relations = `SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('${pgSchemaName}')`;
  if (Number(await one(client, relations)) === 0) return 0;
  const ours = `SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('${pgSchemaName}') AND relname = 'installation'`;
  if (Number(await one(client, ours)) === 0) throw anotherProgram(name);
  const version = Number(await one(client, `SELECT version FROM ${pgSchemaName}.installation`));
  if (!Number.isSafeInteger(version) || version < 1) throw anotherProgram(name);
  return version;
}

async function one(client: pg.PoolClient, query: string): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' });
  return rows[0]?.[0];
}
