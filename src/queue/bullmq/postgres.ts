import { createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq';
import type { PostgresConnectionOptions, PostgresQueueBackend } from 'bullmq';
import pg from 'pg';
import { EarwitnessError } from '../../session/index.ts';
import type { JobKind } from '../../session/index.ts';
import type { JobQueue, QueueSettings } from '../queue.ts';
import type { Ticket } from './book.ts';
import { jobKinds, sendOptions, ticketId, workerOptions } from './carrier.ts';
import type { Carrier } from './consumer.ts';
import { PostgresBook } from './postgres-book.ts';
import { CarriedQueue } from './queue.ts';
import { withoutPassword } from './without-password.ts';

type PostgresQueue = Queue<Ticket, void, string, Ticket, void, string, PostgresQueueBackend, PostgresConnectionOptions>;

/**
 * Opens the queue in PostgreSQL, in two schemas of its own: `PREFIX_queue` for the book, `PREFIX_bull` for BullMQ.
 * Experimental: BullMQ has had this backend since version 6 only.
 */
export async function openPostgres(url: string, prefix: string, settings: QueueSettings): Promise<JobQueue> {
  const place = withoutPassword(url, 'postgres');
  const problem = (error: unknown): Error => postgresProblem(error, place);
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(prefix))
    throw new EarwitnessError(
      'state-unusable',
      place,
      `The prefix ${JSON.stringify(prefix)} cannot name a schema of PostgreSQL.`,
      'Use lower-case letters, digits and underscores, a letter first, 41 at most.',
    );
  const listeners: ((error: Error) => void)[] = [];
  const trouble = (error: unknown): void => {
    for (const listener of listeners) listener(problem(error));
  };

  const [bookSchema, bullSchema] = [`${prefix}_queue`, `${prefix}_bull`];
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${bookSchema}`,
    max: 4,
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  });
  pool.on('error', trouble);
  // The pool watches over idle connections alone; one that breaks in use would end the process.
  pool.on('connect', (client) => client.on('error', trouble));
  const book = new PostgresBook(pool, bookSchema, settings);
  try {
    await book.prepare();
    await migrate(pool, bullSchema);
  } catch (error) {
    await pool.end();
    throw problem(error);
  }

  // A ticket that a power cut takes is missed and made again; the book is what must last.
  const lax = '-c synchronous_commit=off';
  const connection = { connectionString: url, schema: bullSchema, max: 4, options: lax };
  const queues = new Map<JobKind, PostgresQueue>();
  for (const kind of jobKinds) {
    const queue: PostgresQueue = new Queue(kind, { connection }, createPostgresBackend);
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
      new Worker(kind, process, { connection, ...workerOptions(settings, concurrency) }, createPostgresBackend),
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
  const onTrouble = (listener: (error: Error) => void): void => void listeners.push(listener);
  return new CarriedQueue({ backend: 'postgres', book, carrier, problem, onTrouble }, settings);
}

async function migrate(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    client.release();
  }
}

function postgresProblem(error: unknown, place: string): Error {
  if (error instanceof EarwitnessError) return error;
  const message = error instanceof Error ? error.message || error.name : String(error);
  return new EarwitnessError(
    'state-unusable',
    place,
    `The queue in PostgreSQL cannot be used: ${message}.`,
    'Check the URL, that PostgreSQL runs, and that the user may create schemas.',
    { cause: error },
  );
}
