import { openEmbedded } from './embedded/queue.ts';
import { defaultQueueSettings } from './queue.ts';
import type { JobQueue, QueueSettings } from './queue.ts';

/** Where the jobs are kept. `prefix` separates installations that share one server; default `earwitness`. */
export type QueuePlace =
  | { kind: 'embedded'; path: string }
  | { kind: 'redis'; url: string; prefix?: string }
  | { kind: 'postgres'; url: string; prefix?: string };

/** Opens or creates the queue. Throws `state-unusable` where it cannot be used as it is. */
export async function openQueue(where: QueuePlace, settings: Partial<QueueSettings> = {}): Promise<JobQueue> {
  const all: QueueSettings = { ...defaultQueueSettings, ...settings };
  switch (where.kind) {
    case 'embedded':
      return openEmbedded(where.path, all);
    case 'redis': {
      // Loaded only where it is wanted.
      const { openRedis } = await import('./bullmq/redis.ts');
      return openRedis(where.url, where.prefix ?? 'earwitness', all);
    }
    case 'postgres': {
      const { openPostgres } = await import('./bullmq/postgres.ts');
      return openPostgres(where.url, where.prefix ?? 'earwitness', all);
    }
  }
}
