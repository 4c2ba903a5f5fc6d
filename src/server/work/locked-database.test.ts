import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openTestApp } from '../testing/app.ts';

test('a database that another program holds answers 503 after a while, and goes on when it is free', async () => {
  const app = await openTestApp();
  try {
    const as = await app.token(await app.account('admin'), ['batches.create']);
    const other = new Database(join(app.context.config.dataDir, 'installation.sqlite'));
    const open = () => app.ask({ as, method: 'POST', url: '/api/v1/batches', payload: { title: 'March' } });
    other.exec('BEGIN IMMEDIATE');
    const held = open();
    setTimeout(() => other.exec('COMMIT'), 500);
    expect((await held).statusCode).toBe(201);

    other.exec('BEGIN IMMEDIATE');
    const refused = await open();
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toMatchObject({ code: 'store-unavailable' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    other.exec('COMMIT');
    other.close();
    expect((await open()).statusCode).toBe(201);
  } finally {
    await app.close();
  }
});
