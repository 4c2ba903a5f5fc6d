import { expect, test } from 'vitest';
import { runChaos } from './server/chaos.ts';
import { hasRedisServer } from './server/processes.ts';
import { breaches } from './server/reckoning.ts';

// The short form of `npm run chaos`: a dozen kills, every kind at least once.

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
    limitMs: 100_000,
    log: () => undefined,
  });
  expect(breaches(outcome)).toEqual([]);
  expect(outcome.unfinished).toBe(0);
  expect(Object.keys(outcome.kills)).toEqual(
    expect.arrayContaining(['server', 'server (SIGTERM)', 'worker', 'Redis', 'child that inspects']),
  );
}, 240_000);
