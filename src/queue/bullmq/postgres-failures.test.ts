import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openQueue } from '../index.ts';
import { isThere } from '../testing/servers.ts';
import { gate, jobs, until } from '../testing/suite.ts';

const url = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const there = await isThere('PostgreSQL', url);

describe.skipIf(!there)('queue: postgres in trouble', () => {
  it('loses no job when the server drops all connections, as it does when it restarts', async () => {
    const database = `earwitness_test_${randomBytes(6).toString('hex')}`;
    const own = new URL(url);
    own.pathname = `/${database}`;
    const admin = new pg.Client(url);
    await admin.connect();
    await admin.query(`CREATE DATABASE ${database}`);
    const settings = { attempts: 3, backoffMs: 20, leaseMs: 1_500 };
    const queue = await openQueue({ kind: 'postgres', url: own.href }, settings);
    const troubles: Error[] = [];
    queue.onTrouble((error) => troubles.push(error));
    try {
      const held = gate();
      const seen: string[] = [];
      await queue.add(jobs('a', 12));
      queue.consume({ kinds: ['inspect'], concurrency: 2 }, async (one) => {
        if (seen.length >= 4) await held.opened;
        seen.push(one.id);
      });
      await until(() => seen.length >= 4);
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]);
      held.open();
      await until(async () => {
        const { waiting, delayed, running } = await queue
          .counts()
          .catch(() => ({ waiting: 1, delayed: 0, running: 0 }));
        return waiting + delayed + running === 0;
      });
      expect(new Set(seen)).toEqual(new Set(jobs('a', 12).map((one) => one.id)));
      expect(await queue.counts()).toEqual({ waiting: 0, delayed: 0, running: 0, dead: 0 });
      expect(troubles.length).toBeGreaterThan(0);
    } finally {
      await queue.close();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    }
  });

  it('refuses a server that is not there and a prefix that names no schema', async () => {
    const place = { kind: 'postgres' as const, url: 'postgres://postgres@127.0.0.1:1/postgres' };
    await expect(openQueue(place)).rejects.toMatchObject({ code: 'state-unusable' });
    await expect(openQueue({ ...place, prefix: 'a"b' })).rejects.toMatchObject({ code: 'state-unusable' });
  });
});
