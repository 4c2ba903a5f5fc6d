import { EarwitnessError } from '../session/index.ts';
import { GiveUp, RetryLater } from './queue.ts';
import type { NewJob, QueueSettings } from './queue.ts';

/** How one try of a job ended. */
export type Outcome =
  | { end: 'done' }
  | { end: 'later'; afterMs: number }
  | { end: 'failed'; reason: string }
  | { end: 'given-up'; reason: string };

/** Wait before a job is tried again whose handler found the database away. */
const storeAwayMs = 5_000;

/** What a handler threw, as an outcome. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof RetryLater) return { end: 'later', afterMs: Math.max(0, error.afterMs) };
  // Else a restart of the database that takes longer than all waits together would bury every job of the queue.
  if (error instanceof EarwitnessError && error.code === 'store-unavailable')
    return { end: 'later', afterMs: storeAwayMs };
  const reason = error instanceof Error ? error.message : String(error);
  return { end: error instanceof GiveUp ? 'given-up' : 'failed', reason };
}

/** Wait before the next try after `attempt` tries: doubling, bounded, with up to a quarter of jitter. */
export function backoff(settings: QueueSettings, attempt: number, random = Math.random()): number {
  const plain = Math.min(settings.backoffMaxMs, settings.backoffMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round(plain * (1 + random / 4));
}

/** Of a job under which too many consumers disappeared. */
export function abandoned({ losses }: QueueSettings): string {
  return `its worker disappeared ${losses} times while it was at this job`;
}

/** Starts that a lane may save up: one second's worth, so that no minute sees much more than its rate. */
export function burstOf(ratePerMinute: number): number {
  return Math.max(1, Math.ceil(ratePerMinute / 60));
}

export function checkJob(job: NewJob): void {
  if (job.id === '') throw new TypeError('A job needs an id.');
  if (!Number.isInteger(job.priority) || job.priority < 0 || job.priority > 9)
    throw new RangeError(`Priority of job ${job.id} is ${job.priority}; it must be a whole number from 0 to 9.`);
}

/** Keeps listeners apart from what they are told about: one that throws must not stop the queue. */
export class Listeners<T> {
  readonly #listeners: ((value: T) => void)[] = [];

  add(listener: (value: T) => void): void {
    this.#listeners.push(listener);
  }

  tell(value: T): void {
    for (const listener of this.#listeners)
      try {
        listener(value);
      } catch {
        // What a listener does with the news is not the queue's business.
      }
  }
}
