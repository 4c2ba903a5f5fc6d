import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A database for one test file, or one test: its address, and the way to be rid of it. */
export interface Place {
  url: string;
  remove(): Promise<void>;
}

export interface Backend {
  name: 'sqlite' | 'postgres';
  make(): Promise<Place>;
  /** Why it cannot be tested here; null where it can. */
  missing: string | null;
}

const server = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

async function sqlitePlace(): Promise<Place> {
  const dir = mkdtempSync(join(tmpdir(), 'earwitness-installation-'));
  return {
    url: `sqlite:${join(dir, 'data', 'earwitness.sqlite')}`,
    remove: async () => rmSync(dir, { recursive: true, force: true }),
  };
}

async function onServer(...queries: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    for (const query of queries) await client.query(query);
  } finally {
    await client.end();
  }
}

async function postgresPlace(): Promise<Place> {
  const name = `earwitness_test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Both backends. Where no PostgreSQL answers its tests are skipped with the reason; in CI that is a failure. */
export async function backends(): Promise<Backend[]> {
  let missing: string | null = null;
  try {
    await onServer('SELECT 1');
  } catch (error) {
    missing = `no PostgreSQL at ${new URL(server).host}: ${error instanceof Error ? error.message : String(error)}`;
    if (process.env['CI'] === 'true') throw new Error(missing, { cause: error });
    console.warn(`PostgreSQL tests are skipped: ${missing}`);
  }
  return [
    { name: 'sqlite', make: sqlitePlace, missing: null },
    { name: 'postgres', make: postgresPlace, missing },
  ];
}
