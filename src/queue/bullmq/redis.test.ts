import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { isThere } from '../testing/servers.ts';
import { describeQueue } from '../testing/suite.ts';

const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

const there = await isThere('Redis', url);

describeQueue('redis', {
  skip: !there,
  place: () => ({ kind: 'redis', url, prefix: `earwitness-test-${randomUUID()}` }),
  remove: async (place) => {
    if (place.kind !== 'redis') return;
    const redis = new Redis(url);
    for await (const keys of redis.scanStream({ match: `${place.prefix}:*`, count: 1_000 }))
      if ((keys as string[]).length) await redis.unlink(keys as string[]);
    redis.disconnect();
  },
});
