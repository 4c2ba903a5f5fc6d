import { expect, test } from 'vitest';
import { hasRedisServer } from './server/processes.ts';
import { runChaos } from './server/chaos.ts';

// The short form of `npm run chaos`: a dozen kills.

test('kills at random lose nothing, record nothing twice, and leave the audit chain whole', async ({ skip }) => {
  const redis = hasRedisServer();
  if (!redis && process.env['CI'] === 'true') expect.fail('redis-server is not installed');
  if (!redis) skip('redis-server is not installed');
  const outcome = await runChaos({
    kills: 12,
    seed: 11,
    chats: 30,
    calls: 1,
    built: true,
    redis,
    limitMs: 60_000,
    log: () => undefined,
  });
  expect(outcome).toMatchObject({ lost: [], doubled: [], damaged: 0, auditWhole: true });
  expect(outcome.recorded).toBe(outcome.sessions);
  expect(outcome.summed).toBe(outcome.recorded);
  expect(outcome.recorded).toBeGreaterThan(0);
  expect(Object.keys(outcome.kills)).toEqual(expect.arrayContaining(['server', 'server (SIGTERM)', 'worker', 'redis']));
}, 240_000);
