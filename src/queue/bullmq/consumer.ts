import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'bullmq';
import type { JobKind } from '../../session/index.ts';
import { outcomeOf } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import type { ConsumeOptions, Consumer, DeadJob, JobHandler } from '../queue.ts';
import { isDead } from './book.ts';
import type { Book, Started, Ticket } from './book.ts';

/** How soon a consumer sees what another process has added or cancelled. */
const pollMs = 200;
/** Least time between two notes of one job's progress. */
const progressMs = 250;
/** What a stop allows BullMQ to take leave. */
const closeMs = 3_000;
/** Wait before what the book refused (away, out of memory) is tried again. */
const againMs = 250;

/** What is used of BullMQ's worker, on either server. */
export interface CarrierWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(force?: boolean): Promise<void>;
}

/** What the carrier (BullMQ on either server) does for a consumer. */
export interface Carrier {
  /** Hands tickets to whichever worker is free. */
  send(tickets: readonly Ticket[]): Promise<void>;
  /** Whether BullMQ still has the ticket. */
  has(ticket: Ticket): Promise<boolean>;
  worker(kind: JobKind, concurrency: number, process: (job: Pick<Job<Ticket>, 'data'>) => Promise<void>): CarrierWorker;
}

interface Running {
  started: Started;
  abort: AbortController;
  progress: number | null;
  notedAt: number;
  /** Lets go of the handler without waiting for its end. */
  letGo: () => void;
}

export interface Owner {
  book: Book;
  carrier: Carrier;
  leaseMs: number;
  died(job: DeadJob): void;
  trouble(error: unknown): void;
  gone(): void;
}

/** Asks the book for whose turn it is, sends that through BullMQ, and runs what BullMQ brings. */
export class CarriedConsumer implements Consumer {
  readonly #options: ConsumeOptions;
  readonly #handler: JobHandler;
  readonly #owner: Owner;
  readonly #workers: CarrierWorker[];
  readonly #running = new Set<Running>();
  #waitingForSlot: (() => void)[] = [];
  #busySlots = 0;
  #taking = true;
  #stopped = false;
  #ended: Promise<void> | null = null;
  #round: Promise<void> | null = null;
  #again = false;
  #lookAt = 0;
  #sweepAt = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(options: ConsumeOptions, handler: JobHandler, owner: Owner) {
    this.#options = options;
    this.#handler = handler;
    this.#owner = owner;
    this.#workers = options.kinds.map((kind) =>
      owner.carrier.worker(kind, options.concurrency, (job) => this.#process(job.data)),
    );
    for (const worker of this.#workers) worker.on('error', (error) => this.#owner.trouble(error));
    this.#timer = setInterval(() => this.wake(), pollMs);
    this.wake();
  }

  /** Looks at once for what may start, and for what was cancelled. */
  look(): void {
    this.#lookAt = 0;
    this.wake();
  }

  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => (this.#round = null));
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        if (performance.now() >= this.#lookAt) {
          this.#lookAt = performance.now() + pollMs;
          await this.#abortLost();
          await this.#noteProgress();
        }
        if (this.#taking) await this.#dispatch();
        if (performance.now() >= this.#sweepAt) await this.#sweep();
      } catch (error) {
        this.#owner.trouble(error);
      }
    }
  }

  async #dispatch(): Promise<void> {
    const { kinds, concurrency } = this.#options;
    // As many again as may run stand ready, so that a worker that ends a job finds its next one there.
    const tickets = await this.#owner.book.take(kinds, 2 * concurrency - this.#busySlots);
    // Should this fail, the sweep finds them.
    if (tickets.length) await this.#owner.carrier.send(tickets);
  }

  /** Puts back what was taken by somebody who did not come to hand it over, or whose ticket BullMQ has lost. */
  async #sweep(): Promise<void> {
    const { book, carrier, leaseMs } = this.#owner;
    this.#sweepAt = performance.now() + Math.min(leaseMs, 5_000);
    for (const ticket of await book.lost(Math.min(leaseMs, 5_000)))
      if (!(await carrier.has(ticket))) await book.putBack(ticket);
  }

  async #abortLost(): Promise<void> {
    const running = [...this.#running];
    if (running.length === 0) return;
    const alive = await this.#owner.book.alive(
      running.map(({ started }) => ({ id: started.job.id, run: started.run })),
    );
    running.forEach((one, at) => {
      if (alive[at] || !this.#running.has(one)) return;
      one.abort.abort(new Error('The job was cancelled or its lease was lost.'));
      one.letGo();
    });
  }

  async #noteProgress(): Promise<void> {
    const now = performance.now();
    for (const one of this.#running) {
      if (one.progress === null || now - one.notedAt < progressMs) continue;
      const { started, progress } = one;
      [one.progress, one.notedAt] = [null, now];
      await this.#owner.book.progress(started.job.id, started.run, progress);
    }
  }

  async #process(ticket: Ticket): Promise<void> {
    if (this.#busySlots >= this.#options.concurrency)
      await new Promise<void>((resolve) => this.#waitingForSlot.push(resolve));
    this.#busySlots++;
    try {
      await this.#try(ticket);
    } finally {
      this.#busySlots--;
      this.#waitingForSlot.shift()?.();
      this.wake();
    }
  }

  async #try(ticket: Ticket): Promise<void> {
    const { book } = this.#owner;
    if (!this.#taking) return book.putBack(ticket);
    const started = await this.#persist(() => book.start(ticket));
    if (!started) return;
    if (isDead(started)) return this.#owner.died(started);
    if (this.#stopped) return book.giveBack(started.job.id, started.run);
    const outcome = await this.#run(started);
    if (!outcome) return;
    const dead = await this.#persist(() => book.settle(started.job.id, started.run, outcome));
    if (dead) this.#owner.died(dead);
  }

  /** Null where the job was taken away meanwhile. */
  async #run(started: Started): Promise<Outcome | null> {
    const abort = new AbortController();
    let letGo = (): void => undefined;
    const gone = new Promise<null>((resolve) => (letGo = () => resolve(null)));
    const running: Running = { started, abort, progress: null, notedAt: 0, letGo };
    this.#running.add(running);
    try {
      return await Promise.race([this.#handle(running), gone]);
    } finally {
      this.#running.delete(running);
    }
  }

  async #handle(running: Running): Promise<Outcome> {
    try {
      await this.#handler(running.started.job, {
        signal: running.abort.signal,
        progress: (fraction) => {
          running.progress = Math.min(1, Math.max(0, fraction));
        },
      });
      return { end: 'done' };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  /** What has to get into the book is tried until it is there; BullMQ keeps the ticket's lock meanwhile. */
  async #persist<T>(work: () => Promise<T>): Promise<T | null> {
    for (;;)
      try {
        return await work();
      } catch (error) {
        this.#owner.trouble(error);
        if (this.#stopped) return null;
        await sleep(againMs);
      }
  }

  drain(): Promise<void> {
    this.#taking = false;
    return (this.#ended ??= this.#end());
  }

  async stop(): Promise<void> {
    this.#taking = false;
    this.#stopped = true;
    const running = [...this.#running];
    for (const one of running) one.abort.abort(new Error('The consumer was told to stop.'));
    await Promise.all(
      running.map(async (one) => {
        try {
          await this.#owner.book.giveBack(one.started.job.id, one.started.run);
        } catch (error) {
          // Its lease runs out, and then another consumer has it.
          this.#owner.trouble(error);
        }
        one.letGo();
      }),
    );
    // Where the server is away, BullMQ would wait for it; its locks run out by themselves.
    const away = await this.#owner.book.health().then(
      () => false,
      () => true,
    );
    this.#ended ??= this.#end(away);
    await Promise.race([this.#ended, sleep(closeMs, undefined, { ref: false })]);
  }

  async #end(force = false): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close(force)));
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#round;
    this.#owner.gone();
  }
}
