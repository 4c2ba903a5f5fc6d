import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openQueue } from '../index.ts';
import type { JobQueue } from '../index.ts';
import { OwnRedis } from '../testing/redis-server.ts';
import { gate, job, jobs, until } from '../testing/suite.ts';

const quick = { attempts: 3, backoffMs: 20, backoffMaxMs: 200, leaseMs: 1_500 };

describe('queue: redis in trouble', () => {
  let redis: OwnRedis | null = null;
  let queues: JobQueue[] = [];

  afterEach(async () => {
    await Promise.all(queues.map((queue) => queue.close()));
    await redis?.remove();
    [redis, queues] = [null, []];
  });

  async function opened(url: string): Promise<{ queue: JobQueue; troubles: Error[] }> {
    const queue = await openQueue({ kind: 'redis', url }, quick);
    queues.push(queue);
    const troubles: Error[] = [];
    queue.onTrouble((error) => troubles.push(error));
    return { queue, troubles };
  }

  it('loses no job that was added when Redis is killed and comes back', async () => {
    redis = await OwnRedis.start();
    const { queue, troubles } = await opened(redis.url);
    const held = gate();
    const seen: string[] = [];
    await queue.add(jobs('a', 40));
    queue.consume({ kinds: ['inspect'], concurrency: 2 }, async (one) => {
      if (seen.length >= 10) await held.opened;
      seen.push(one.id);
    });
    await until(() => seen.length >= 10);
    await redis.kill();
    // What ends now is noted when Redis is back.
    held.open();
    await expect(queue.add([job('nobody')])).rejects.toMatchObject({ code: 'state-unusable' });
    await expect(queue.health()).rejects.toMatchObject({ code: 'state-unusable' });
    await sleep(300);
    await redis.run();
    await until(async () => {
      const { waiting, delayed, running } = await queue.counts().catch(() => ({ waiting: 1, delayed: 0, running: 0 }));
      return waiting + delayed + running === 0;
    });
    expect(new Set(seen)).toEqual(new Set(jobs('a', 40).map((one) => one.id)));
    expect(await queue.counts()).toEqual({ waiting: 0, delayed: 0, running: 0, dead: 0 });
    expect(troubles.length).toBeGreaterThan(0);
    await queue.health();
    expect(await queue.add([job('after')])).toBe(1);
    await until(() => seen.includes('after'));
  });

  it('refuses jobs while the memory of Redis is full, ends what runs, and goes on', async () => {
    redis = await OwnRedis.start();
    const { queue } = await opened(redis.url);
    const held = gate();
    const seen: string[] = [];
    await queue.add(jobs('a', 20));
    queue.consume({ kinds: ['inspect'], concurrency: 2 }, async (one) => {
      if (seen.length < 2) await held.opened;
      seen.push(one.id);
    });
    await until(async () => (await queue.counts()).running === 2);
    await redis.command(['CONFIG', 'SET', 'maxmemory', '1']);
    await expect(queue.add([job('refused')])).rejects.toMatchObject({
      code: 'state-unusable',
      message: 'The memory of Redis is full; nothing was added, nothing is lost.',
    });
    await expect(queue.health()).rejects.toMatchObject({ code: 'state-unusable' });
    held.open();
    await until(() => seen.length >= 2);
    await redis.command(['CONFIG', 'SET', 'maxmemory', '0']);
    await until(async () => {
      const { waiting, delayed, running } = await queue.counts();
      return waiting + delayed + running === 0;
    });
    expect(new Set(seen)).toEqual(new Set(jobs('a', 20).map((one) => one.id)));
    expect(await queue.add([job('refused')])).toBe(1);
  });

  it('closes while Redis is away, and the job it had goes to another consumer', async () => {
    redis = await OwnRedis.start();
    const { queue } = await opened(redis.url);
    let aborted = false;
    await queue.add([job('1')]);
    queue.consume({ kinds: ['inspect'], concurrency: 1 }, (_, { signal }) => {
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise(() => undefined);
    });
    await until(async () => (await queue.counts()).running === 1);
    await redis.kill();
    await queue.close();
    expect(aborted).toBe(true);
    await redis.run();
    const next = await opened(redis.url);
    const attempts: number[] = [];
    next.queue.consume({ kinds: ['inspect'], concurrency: 1 }, async (one) => void attempts.push(one.attempt));
    await until(() => attempts.length > 0);
    expect(attempts).toEqual([1]);
  });

  it('refuses a Redis that throws keys away, and one that is not there', async () => {
    redis = await OwnRedis.start('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru');
    await expect(openQueue({ kind: 'redis', url: redis.url })).rejects.toMatchObject({
      code: 'state-unusable',
      message: 'Redis throws keys away when its memory is full (maxmemory-policy allkeys-lru); jobs would be lost.',
    });
    await redis.command(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
    await opened(redis.url);
    await queues.pop()!.close();
    await redis.kill();
    await expect(openQueue({ kind: 'redis', url: redis.url })).rejects.toMatchObject({ code: 'state-unusable' });
  });

  it('puts back what was taken by a process that died before it handed it over', async () => {
    redis = await OwnRedis.start();
    const { queue } = await opened(redis.url);
    await queue.add([job('1')]);
    // As a consumer leaves it that takes a job and is killed.
    await redis.command(['ZREM', 'earwitness:ready:inspect:', '5|a']);
    await redis.command(['DEL', 'earwitness:line:inspect::5:a', 'earwitness:lines:a']);
    await redis.command(['HSET', 'earwitness:job:1', 'state', 'out', 'claim', '7', 'run', '0']);
    await redis.command(['HINCRBY', 'earwitness:pending', 'inspect', '1']);
    await redis.command(['ZADD', 'earwitness:out', String(Date.now()), '1']);
    const attempts: number[] = [];
    queue.consume({ kinds: ['inspect'], concurrency: 1 }, async (one) => void attempts.push(one.attempt));
    await until(() => attempts.length > 0);
    expect(attempts).toEqual([1]);
  });
});
