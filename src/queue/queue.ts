import type { JobKind } from '../session/index.ts';

/**
 * One queue, whatever carries it. Delivery is at least once: a handler may run again for the same job after a crash, so
 * what it does must be idempotent. The same suite (testing/suite.ts) holds every backend to this page.
 */
export interface NewJob {
  /** Chosen by the producer. Adding an id that is known (waiting, running, or dead) adds nothing. */
  id: string;
  kind: JobKind;
  /** Whose turn it is: groups (a batch, a webhook) are served in rotation, so that a huge one starves none. */
  group: string;
  /** 0 first … 9 last. Rotation holds among jobs of the same priority. */
  priority: number;
  /** Jobs of one lane share its rate limit (`recogniser:openai`); null: no limit. */
  lane: string | null;
  /** Small, plain JSON; what is large is fetched by whoever does the work. */
  payload: unknown;
  /** Earliest start, milliseconds from now; default 0. */
  delayMs?: number;
}

export interface QueuedJob extends Omit<NewJob, 'delayMs'> {
  /** 1 for the first try. Tries that ended in RetryLater or with the death of their consumer are not counted. */
  attempt: number;
}

/** What a handler may do with the job at hand. */
export interface JobContext {
  /** Aborts when the job was cancelled, its lease was lost, or the consumer is told to stop at once. */
  signal: AbortSignal;
  /** 0…1; kept for `progressOf`, not before 250 ms have passed since the last. */
  progress(fraction: number): void;
}

export type JobHandler = (job: QueuedJob, context: JobContext) => Promise<void>;

/** Thrown by a handler: come back after so many milliseconds; costs no attempt. */
export class RetryLater extends Error {
  readonly afterMs: number;
  constructor(afterMs: number, reason: string) {
    super(reason);
    this.name = 'RetryLater';
    this.afterMs = afterMs;
  }
}

/** Thrown by a handler: another try would end the same way; the job is dead at once. */
export class GiveUp extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'GiveUp';
  }
}

export interface DeadJob extends QueuedJob {
  /** Message of the last error. */
  reason: string;
  diedAt: string;
}

export interface QueueCounts {
  waiting: number;
  delayed: number;
  running: number;
  dead: number;
}

export interface ConsumeOptions {
  kinds: readonly JobKind[];
  /** Jobs of this consumer at the same time. */
  concurrency: number;
}

export interface Consumer {
  /** Takes no more jobs and resolves when the running ones have ended. */
  drain(): Promise<void>;
  /** Aborts running jobs and gives them back at once, without costing an attempt. */
  stop(): Promise<void>;
}

export interface JobQueue {
  readonly backend: 'embedded' | 'redis' | 'postgres';
  /** Adds all of them; returns how many were new. */
  add(jobs: readonly NewJob[]): Promise<number>;
  consume(options: ConsumeOptions, handler: JobHandler): Consumer;
  /** Drops the waiting jobs of a group and aborts its running ones. Returns how many were dropped or aborted. */
  cancel(group: string): Promise<number>;
  /** Holds one group, or everything; running jobs go on. Survives a restart. */
  pause(group?: string): Promise<void>;
  resume(group?: string): Promise<void>;
  counts(kind?: JobKind): Promise<QueueCounts>;
  /** Progress of a running job, 0…1; null when it is not running here or anywhere. */
  progressOf(id: string): Promise<number | null>;
  dead(options: { group?: string; limit: number; after?: string }): Promise<DeadJob[]>;
  /** Puts dead jobs back with fresh attempts; returns how many. */
  redrive(select: { ids: readonly string[] } | { group: string }): Promise<number>;
  /** Called when a job has died, in this process, once for each. */
  onDead(listener: (job: DeadJob) => void): void;
  /** Called when the queue cannot do its own work for now (disk full, Redis away); it goes on trying. */
  onTrouble(listener: (error: Error) => void): void;
  /** Throws where the queue cannot be reached. */
  health(): Promise<void>;
  close(): Promise<void>;
}

export interface QueueSettings {
  /** Tries before a job is dead: those that its handler has ended. */
  attempts: number;
  /**
   * How often the consumer of a job may disappear before the job is dead. Most die of something else (a restart, the
   * machine), so it is many more than `attempts`; a job that kills whoever takes it must end somewhere all the same.
   */
  losses: number;
  /** Wait before try n + 1: `backoffMs · 2^(n−1)`, at most `backoffMaxMs`, with up to a quarter of jitter. */
  backoffMs: number;
  backoffMaxMs: number;
  /** A running job whose lease was not renewed for so long is given to another consumer. */
  leaseMs: number;
  /** Starts per minute for each lane that has a limit. */
  rates: Readonly<Record<string, number>>;
}

export const defaultQueueSettings: QueueSettings = {
  attempts: 5,
  losses: 20,
  backoffMs: 1_000,
  backoffMaxMs: 300_000,
  leaseMs: 30_000,
  rates: {},
};
