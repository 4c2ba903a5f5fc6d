import type { JobKind } from '../../session/index.ts';
import type { Outcome } from '../outcome.ts';
import type { DeadJob, NewJob, QueuedJob, QueueCounts } from '../queue.ts';

/** A job that was taken from its line and handed to BullMQ; `claim` tells this taking from every other. */
export interface Ticket {
  id: string;
  kind: JobKind;
  claim: number;
}

/** A try that has begun; `run` tells it from every other try of the job. */
export interface Started {
  job: QueuedJob;
  run: number;
}

/**
 * Who waits, in which order, and what became of it. BullMQ knows neither groups nor lanes, so it is given a job only when
 * its turn has come, as a ticket that names it; what the book says counts, and a ticket that the book does not know is
 * worth nothing. So a crash between the two costs nothing: a job without its ticket is put back by `lost`.
 * Every method is atomic.
 */
export interface Book {
  add(jobs: readonly NewJob[]): Promise<number>;
  /** Wakes what waited for its time, then takes up to `free` jobs less those that are taken and not yet begun. */
  take(kinds: readonly JobKind[], free: number): Promise<Ticket[]>;
  /** Begins a try. Null: the ticket is void, or the group is held and the job waits again. */
  start(ticket: Ticket): Promise<Started | DeadJob | null>;
  /** Ends a try unless another has begun. Returns the job when it died. */
  settle(id: string, run: number, outcome: Outcome): Promise<DeadJob | null>;
  /** Ends a try as if it had never begun. */
  giveBack(id: string, run: number): Promise<void>;
  /** Puts a taken job back in its line. */
  putBack(ticket: Ticket): Promise<void>;
  /** Tickets taken more than `olderMs` ago. */
  lost(olderMs: number): Promise<Ticket[]>;
  /** Which of these tries are still the last of their jobs. */
  alive(tries: readonly { id: string; run: number }[]): Promise<boolean[]>;
  progress(id: string, run: number, fraction: number): Promise<void>;
  progressOf(id: string): Promise<number | null>;
  cancel(group: string): Promise<number>;
  hold(group: string | undefined, held: boolean): Promise<void>;
  counts(kind?: JobKind): Promise<QueueCounts>;
  dead(group: string | undefined, after: string, limit: number): Promise<DeadJob[]>;
  redrive(select: { ids: readonly string[] } | { group: string }): Promise<number>;
  health(): Promise<void>;
  close(): Promise<void>;
}

export const isDead = (started: Started | DeadJob): started is DeadJob => 'diedAt' in started;
