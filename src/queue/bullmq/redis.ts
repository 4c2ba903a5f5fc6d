import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { EarwitnessError } from '../../session/index.ts';
import type { JobKind } from '../../session/index.ts';
import type { JobQueue, QueueSettings } from '../queue.ts';
import type { Ticket } from './book.ts';
import { jobKinds, sendOptions, ticketId, workerOptions } from './carrier.ts';
import type { Carrier } from './consumer.ts';
import { CarriedQueue } from './queue.ts';
import { RedisBook } from './redis-book.ts';
import { withoutPassword } from './without-password.ts';

/** Away for a moment or for an hour: it is asked again every second. */
const reconnect = {
  retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 5), 1_000),
  connectTimeout: 5_000,
};

/**
 * Opens the queue in Redis. Throws `state-unusable` where Redis cannot be reached or is set up to throw away keys when its
 * memory is full: jobs would vanish.
 */
export async function openRedis(url: string, prefix: string, settings: QueueSettings): Promise<JobQueue> {
  const place = withoutPassword(url, 'redis');
  const problem = (error: unknown): Error => redisProblem(error, place);
  const listeners: ((error: Error) => void)[] = [];
  const trouble = (error: Error): void => {
    for (const listener of listeners) listener(problem(error));
  };

  // Producers are told when a job could not be stored; they do not wait for Redis to come back.
  const book = new Redis(url, { ...reconnect, lazyConnect: true, maxRetriesPerRequest: 1, commandTimeout: 10_000 });
  book.on('error', trouble);
  try {
    await book.connect();
    await refuseEviction(book, place);
  } catch (error) {
    book.disconnect();
    throw problem(error);
  }

  // BullMQ waits for Redis instead.
  const shared = new Redis(url, { ...reconnect, maxRetriesPerRequest: null });
  shared.on('error', trouble);
  const connection = { connection: shared, prefix: `${prefix}:bull` };
  const queues = new Map<JobKind, Queue<Ticket>>();
  for (const kind of jobKinds) {
    const queue = new Queue<Ticket>(kind, { ...connection, streams: { events: { maxLen: 100 } } });
    queue.on('error', trouble);
    queues.set(kind, queue);
  }
  const carrier: Carrier & { close(): Promise<void> } = {
    send: async (tickets) => {
      for (const [kind, queue] of queues) {
        const some = tickets.filter((ticket) => ticket.kind === kind);
        const bulk = some.map((ticket) => ({ name: kind, data: ticket, opts: sendOptions(ticket) }));
        if (bulk.length) await queue.addBulk(bulk);
      }
    },
    has: async (ticket) => (await queues.get(ticket.kind)!.getJob(ticketId(ticket))) !== undefined,
    worker: (kind, concurrency, process) =>
      new Worker<Ticket>(kind, process, { ...connection, ...workerOptions(settings, concurrency) }),
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      shared.disconnect();
    },
  };
  const server = {
    backend: 'redis' as const,
    book: new RedisBook(book, prefix, settings),
    carrier,
    problem,
    onTrouble: (listener: (error: Error) => void) => void listeners.push(listener),
  };
  return new CarriedQueue(server, settings);
}

async function refuseEviction(redis: Redis, place: string): Promise<void> {
  const memory = await redis.info('memory');
  const setting = (name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(memory)?.[1]?.trim() ?? '';
  const policy = setting('maxmemory_policy');
  if (setting('maxmemory') !== '0' && policy !== 'noeviction')
    throw new EarwitnessError(
      'state-unusable',
      place,
      `Redis throws keys away when its memory is full (maxmemory-policy ${policy}); jobs would be lost.`,
      'Set `maxmemory-policy noeviction` in redis.conf, or by `CONFIG SET maxmemory-policy noeviction`.',
    );
}

function redisProblem(error: unknown, place: string): Error {
  if (error instanceof EarwitnessError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('OOM command not allowed'))
    return new EarwitnessError(
      'state-unusable',
      place,
      'The memory of Redis is full; nothing was added, nothing is lost.',
      'Give Redis more memory (maxmemory) or let workers finish; the queue goes on by itself.',
      { cause: error },
    );
  return new EarwitnessError(
    'state-unusable',
    place,
    `The queue in Redis cannot be used: ${message}.`,
    'Check the URL and that Redis runs; the queue goes on by itself when it is back.',
    { cause: error },
  );
}
