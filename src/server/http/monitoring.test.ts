import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../testing/app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

describe('health', () => {
  it('is live while it answers, and ready while its parts do', async () => {
    expect((await test.ask({ url: '/health/live' })).json()).toEqual({ live: true });
    const ready = await test.ask({ url: '/health/ready' });
    expect([ready.statusCode, ready.json()]).toEqual([200, { ready: true, store: 'ok', queue: 'ok', archive: 'ok' }]);
  });

  it('says which part failed, and not why', async () => {
    const broken = await openTestApp();
    try {
      broken.context.queue.health = async () => {
        throw new Error('redis://user:secret@host refused');
      };
      const ready = await broken.ask({ url: '/health/ready' });
      expect([ready.statusCode, ready.json()]).toEqual([
        503,
        { ready: false, store: 'ok', queue: 'failed', archive: 'ok' },
      ]);
      expect((await broken.ask({ url: '/health/live' })).statusCode).toBe(200);
      expect(broken.logged.join('')).toContain('a part is not ready');
      expect(broken.logged.join('')).not.toContain('secret@host');
    } finally {
      await broken.close();
    }
  });
});

describe('metrics', () => {
  it('count requests by route, what was recorded, and jobs', async () => {
    const { events, queue } = test.context;
    await test.ask({ url: '/api/v1/accounts/some-id' });
    events.emit('recorded', { key: 'k', batchId: 'b', band: 'high' });
    events.emit('batch-finished', { id: 'b' });
    await queue.add([{ id: 'job-1', kind: 'inspect', group: 'g', priority: 5, lane: null, payload: {} }]);
    const { body, headers } = await test.ask({ url: '/metrics' });
    expect(headers['content-type']).toContain('text/plain');
    const lines = body.split('\n');
    for (const line of [
      'earwitness_http_request_duration_seconds_count{method="GET",route="/api/v1/accounts/:id",status="401"} 1',
      'earwitness_sessions_recorded_total{band="high"} 1',
      'earwitness_batches_finished_total 1',
      'earwitness_queue_jobs{kind="inspect",state="waiting"} 1',
      'earwitness_queue_jobs{kind="webhook",state="dead"} 0',
    ])
      expect(lines).toContain(line);
    expect(body).toContain('process_resident_memory_bytes');
    expect(body).not.toContain('some-id');
  });

  it('are documented one by one', async () => {
    const page = readFileSync(new URL('../../../docs/operations/monitoring.md', import.meta.url), 'utf8');
    const { body } = await test.ask({ url: '/metrics' });
    const names = [...body.matchAll(/^# TYPE (earwitness_\w+) /gm)].map((found) => found[1]!);
    expect(names.length).toBeGreaterThan(4);
    expect([...page.matchAll(/^\| `(earwitness_\w+)` \|/gm)].map((row) => row[1]).sort()).toEqual(names.sort());
  });

  it('are for this machine alone where no token is set, and not for those who come through a proxy on it', async () => {
    const from = async (remoteAddress: string, headers = {}) =>
      (await test.ask({ url: '/metrics', remoteAddress, headers })).statusCode;
    expect([await from('127.0.0.1'), await from('::1')]).toEqual([200, 200]);
    expect(await from('192.0.2.1')).toBe(404);
    expect(await from('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' })).toBe(404);
  });

  it('are for whoever has the token where one is set', async () => {
    const token = 'a token for the scraper';
    const guarded = await openTestApp({ config: { metricsToken: token } });
    try {
      const ask = async (headers: Record<string, string>) =>
        (await guarded.ask({ url: '/metrics', remoteAddress: '192.0.2.1', headers })).statusCode;
      expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
      expect([await ask({}), await ask({ authorization: 'Bearer wrong' })]).toEqual([401, 401]);
      expect((await guarded.ask({ url: '/metrics' })).statusCode).toBe(401);
    } finally {
      await guarded.close();
    }
  });
});
