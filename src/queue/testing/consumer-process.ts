import { appendFileSync } from 'node:fs';
import { openQueue } from '../index.ts';
import type { QueuePlace, QueueSettings } from '../index.ts';

/** A consumer in a process of its own. Appends `start ID ATTEMPT` and `end ID` to a file that the test reads. */
interface Order {
  place: QueuePlace;
  settings: Partial<QueueSettings>;
  log: string;
  concurrency: number;
  /** How long each job takes; -1: for ever. */
  workMs: number;
}

const order = JSON.parse(process.argv[2]!) as Order;
const queue = await openQueue(order.place, order.settings);
queue.consume({ kinds: ['inspect'], concurrency: order.concurrency }, async (job) => {
  appendFileSync(order.log, `start ${job.id} ${job.attempt}\n`);
  if (order.workMs < 0) await new Promise(() => setInterval(() => undefined, 1_000));
  if (order.workMs > 0) await new Promise((resolve) => setTimeout(resolve, order.workMs));
  appendFileSync(order.log, `end ${job.id}\n`);
});
process.send?.('ready');
