import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll } from 'vitest';
import { isThere } from '../testing/servers.ts';
import { describeQueue } from '../testing/suite.ts';

const url = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const prefix = `earwitness_test_${randomBytes(6).toString('hex')}`;

const there = await isThere('PostgreSQL', url);

async function ask(sql: string): Promise<Record<string, string>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(sql)).rows;
  } finally {
    await client.end();
  }
}

afterAll(async () => {
  if (there) await ask(`DROP SCHEMA IF EXISTS ${prefix}_queue, ${prefix}_bull CASCADE`);
});

// One place for all, emptied after each: the migrations of BullMQ take a second.
describeQueue('postgres', {
  skip: !there,
  place: () => ({ kind: 'postgres', url, prefix }),
  remove: async () => {
    const tables = await ask(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname IN ('${prefix}_queue', '${prefix}_bull') AND tablename NOT LIKE '%migration%'`,
    );
    await ask(`TRUNCATE ${tables.map((table) => table['name']).join(', ')}`);
  },
  shared: 60,
});
