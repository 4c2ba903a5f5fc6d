import { randomUUID } from 'node:crypto';
import { outcomeOf } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import type { ConsumeOptions, Consumer, JobHandler } from '../queue.ts';
import type { Claimed, Order } from './ledger.ts';

/** Least time between two notes of one job's progress. */
const progressMs = 250;

interface Running {
  claim: Claimed;
  abort: AbortController;
  progress: { fraction: number; notedAt: number } | null;
}

export interface Ended {
  claim: Claimed;
  outcome: Outcome;
}

/** What a consumer asks of the queue that made it. */
export interface Owner {
  wake(): void;
  /** Notes at once what has ended and gives back what has not. */
  settle(ended: Ended[], givenBack: Claimed[]): void;
  trouble(error: unknown): void;
  gone(): void;
}

/** Runs handlers for the claims that the queue's rounds hand to it. */
export class EmbeddedConsumer implements Consumer {
  readonly id = randomUUID();
  readonly #options: ConsumeOptions;
  readonly #handler: JobHandler;
  readonly #owner: Owner;
  readonly #running = new Map<number, Running>();
  /** Ended, but not yet in the book: kept until a round could note it. */
  readonly #ended = new Map<number, Ended>();
  #taking = true;
  #idle: (() => void)[] = [];

  constructor(options: ConsumeOptions, handler: JobHandler, owner: Owner) {
    this.#options = options;
    this.#handler = handler;
    this.#owner = owner;
  }

  get busy(): boolean {
    return this.#running.size + this.#ended.size > 0;
  }

  ended(): Ended[] {
    return [...this.#ended.values()];
  }

  settled(ended: readonly Ended[]): void {
    for (const { claim } of ended) this.#ended.delete(claim.lease);
    this.#checkIdle();
  }

  order(settling: readonly Ended[]): Order {
    const unsettled = this.#ended.size - settling.filter(({ claim }) => this.#ended.has(claim.lease)).length;
    const free = this.#taking ? this.#options.concurrency - this.#running.size - unsettled : 0;
    return { consumer: this.id, kinds: this.#options.kinds, free };
  }

  start(claims: readonly Claimed[]): void {
    for (const claim of claims) void this.#run(claim);
  }

  async #run(claim: Claimed): Promise<void> {
    const running: Running = { claim, abort: new AbortController(), progress: null };
    this.#running.set(claim.lease, running);
    let outcome: Outcome = { end: 'done' };
    try {
      await this.#handler(claim.job, {
        signal: running.abort.signal,
        progress: (fraction) => {
          running.progress = { fraction: Math.min(1, Math.max(0, fraction)), notedAt: running.progress?.notedAt ?? 0 };
        },
      });
    } catch (error) {
      outcome = outcomeOf(error);
    }
    // What was taken away meanwhile is no longer ours to end.
    if (!this.#running.delete(claim.lease)) return;
    this.#ended.set(claim.lease, { claim, outcome });
    this.#owner.wake();
  }

  progressed(now: number): { claim: Claimed; fraction: number }[] {
    const noted: { claim: Claimed; fraction: number }[] = [];
    for (const { claim, progress } of this.#running.values()) {
      if (!progress || Number.isNaN(progress.fraction) || now - progress.notedAt < progressMs) continue;
      noted.push({ claim, fraction: progress.fraction });
      progress.notedAt = now;
      progress.fraction = NaN;
    }
    return noted;
  }

  /** Aborts every running job whose lease is not among these. */
  keepOnly(leases: ReadonlySet<number>): void {
    const lost = [...this.#running].filter(([lease]) => !leases.has(lease));
    if (lost.length === 0) return;
    for (const [lease, running] of lost) {
      this.#running.delete(lease);
      running.abort.abort(new Error('The job was cancelled or its lease was lost.'));
    }
    this.#owner.wake();
    this.#checkIdle();
  }

  async drain(): Promise<void> {
    this.#taking = false;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
      this.#checkIdle();
      this.#owner.wake();
    });
  }

  async stop(): Promise<void> {
    this.#taking = false;
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const { abort } of running) abort.abort(new Error('The consumer was told to stop.'));
    try {
      const claims = running.map(({ claim }) => claim);
      if (this.busy || claims.length) this.#owner.settle(this.ended(), claims);
    } catch (error) {
      // Their leases run out, and then another consumer has them.
      this.#owner.trouble(error);
    }
    this.#ended.clear();
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#taking || this.busy) return;
    this.#owner.gone();
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
