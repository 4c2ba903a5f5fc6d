import type { JobsOptions } from 'bullmq';
import type { JobKind } from '../../session/index.ts';
import type { QueueSettings } from '../queue.ts';
import type { Ticket } from './book.ts';

/** One queue of BullMQ for each kind, so that a worker takes only what it can do. */
export const jobKinds = Object.keys({ ingest: 0, inspect: 0, webhook: 0 } satisfies Record<JobKind, 0>) as JobKind[];

/** Names the taking, not the job: BullMQ never takes one for the other, and our ids may hold what its may not. */
export const ticketId = (ticket: Ticket): string => `claim-${ticket.claim}`;

/** A ticket is tried once and leaves no trace; tries are the book's business. */
export function sendOptions(ticket: Ticket): JobsOptions {
  return { jobId: ticketId(ticket), attempts: 1, removeOnComplete: true, removeOnFail: true };
}

/** BullMQ renews a worker's locks while its event loop turns, and hands over what it finds without one. */
export function workerOptions(settings: QueueSettings, concurrency: number) {
  return {
    concurrency,
    lockDuration: settings.leaseMs,
    stalledInterval: Math.ceil(settings.leaseMs / 2),
    // How often a ticket may change hands; how often a job may be tried is in the book.
    maxStalledCount: 1_000,
    drainDelay: 1,
  };
}
