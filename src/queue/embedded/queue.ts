import { realpathSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { JobKind } from '../../session/index.ts';
import { checkJob, Listeners } from '../outcome.ts';
import type { ConsumeOptions, Consumer, DeadJob, JobHandler, JobQueue, NewJob } from '../queue.ts';
import type { QueueCounts, QueueSettings } from '../queue.ts';
import { machineClock, QueueClock } from './clock.ts';
import type { MachineClock } from './clock.ts';
import { EmbeddedConsumer } from './consumer.ts';
import type { Ended } from './consumer.ts';
import { openFile, queueError } from './database.ts';
import { Ledger } from './ledger.ts';

/** How soon a consumer sees what another process has added. */
const pollMs = 200;
/** Jobs added in one transaction; between two of them the process does other things. */
const chunk = 1_000;

/** Queues of this process by file: what one adds wakes the consumers of all. */
const open = new Map<string, Set<EmbeddedQueue>>();

export function openEmbedded(path: string, settings: QueueSettings, machine: MachineClock = machineClock): JobQueue {
  const sqlite = openFile(path);
  try {
    return new EmbeddedQueue(realpathSync(path), sqlite, settings, machine);
  } catch (error) {
    sqlite.close();
    throw queueError(error, path);
  }
}

class EmbeddedQueue implements JobQueue {
  readonly backend = 'embedded';
  readonly #path: string;
  readonly #sqlite: Database.Database;
  readonly #clock: QueueClock;
  readonly #ledger: Ledger;
  readonly #settings: QueueSettings;
  readonly #machine: MachineClock;
  readonly #consumers = new Set<EmbeddedConsumer>();
  readonly #deaths = new Listeners<DeadJob>();
  readonly #troubles = new Listeners<Error>();
  #timer: NodeJS.Timeout | null = null;
  #woken = false;
  #closed = false;
  #lastRound: number;
  #renewAt = 0;
  #tidyAt = 0;
  #untilDue = pollMs;
  #noteAt: number;

  constructor(path: string, sqlite: Database.Database, settings: QueueSettings, machine: MachineClock) {
    this.#path = path;
    this.#sqlite = sqlite;
    this.#settings = settings;
    this.#machine = machine;
    this.#clock = new QueueClock(sqlite, machine);
    this.#ledger = new Ledger(sqlite, this.#clock, settings);
    this.#lastRound = machine.monotonic();
    this.#noteAt = this.#lastRound + 60_000;
    const siblings = open.get(path) ?? new Set();
    open.set(path, siblings.add(this));
  }

  async add(jobs: readonly NewJob[]): Promise<number> {
    for (const job of jobs) checkJob(job);
    let added = 0;
    for (let from = 0; from < jobs.length; from += chunk) {
      if (from > 0) await nextTurn();
      added += this.#guarded(() => this.#ledger.add(jobs.slice(from, from + chunk)));
      this.#wakeAll();
    }
    return added;
  }

  consume(options: ConsumeOptions, handler: JobHandler): Consumer {
    const consumer = new EmbeddedConsumer(options, handler, {
      wake: () => this.#wake(),
      settle: (ended, givenBack) => {
        const dead = this.#ledger.quickly(() => {
          for (const { lease, job } of givenBack) this.#ledger.giveBack(lease, job.id);
          return this.#settle(ended);
        });
        for (const job of dead) this.#deaths.tell(job);
        this.#wakeAll();
      },
      trouble: (error) => this.#troubles.tell(queueError(error, this.#path)),
      gone: () => this.#consumers.delete(consumer),
    });
    this.#consumers.add(consumer);
    this.#wake();
    return consumer;
  }

  async cancel(group: string): Promise<number> {
    const dropped = this.#guarded(() => this.#ledger.cancel(group));
    this.#renewAt = 0;
    for (const sibling of open.get(this.#path) ?? []) sibling.#abortLost();
    this.#wakeAll();
    return dropped;
  }

  async pause(group?: string): Promise<void> {
    this.#guarded(() => this.#ledger.hold(group, true));
  }

  async resume(group?: string): Promise<void> {
    this.#guarded(() => this.#ledger.hold(group, false));
    this.#wakeAll();
  }

  async counts(kind?: JobKind): Promise<QueueCounts> {
    return this.#guarded(() => this.#ledger.counts(kind));
  }

  async progressOf(id: string): Promise<number | null> {
    return this.#guarded(() => this.#ledger.progressOf(id));
  }

  async dead(options: { group?: string; limit: number; after?: string }): Promise<DeadJob[]> {
    return this.#guarded(() => this.#ledger.dead(options.group, options.after ?? '', options.limit));
  }

  async redrive(select: { ids: readonly string[] } | { group: string }): Promise<number> {
    const count = this.#guarded(() => this.#ledger.redrive(select));
    this.#wakeAll();
    return count;
  }

  onDead(listener: (job: DeadJob) => void): void {
    this.#deaths.add(listener);
  }

  onTrouble(listener: (error: Error) => void): void {
    this.#troubles.add(listener);
  }

  async health(): Promise<void> {
    // A write that changes nothing: it fails where the disk or the file does.
    this.#guarded(() => this.#ledger.durably(() => this.#ledger.isDue()));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    open.get(this.#path)?.delete(this);
    this.#sqlite.close();
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw queueError(error, this.#path);
    }
  }

  #wakeAll(): void {
    for (const queue of open.get(this.#path) ?? []) queue.#wake();
  }

  #wake(): void {
    if (this.#woken || this.#closed || this.#consumers.size === 0) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      this.#round();
    });
  }

  /** One round: note what ended, renew, tidy, claim; then sleep until woken or until the next poll. */
  #round(): void {
    if (this.#closed || this.#consumers.size === 0) return;
    if (this.#timer) clearTimeout(this.#timer);
    try {
      this.#work();
    } catch (error) {
      this.#untilDue = pollMs;
      this.#troubles.tell(queueError(error, this.#path));
    }
    this.#timer = setTimeout(() => this.#round(), this.#untilDue);
  }

  #work(): void {
    const now = this.#machine.monotonic();
    // Where this process stood still, its neighbours may have stood still with it: they get time to renew first.
    if (now - this.#lastRound > this.#settings.leaseMs / 2) this.#tidyAt = now + this.#settings.leaseMs / 2;
    this.#lastRound = now;
    if (now >= this.#noteAt) {
      this.#noteAt = now + 60_000;
      this.#clock.note();
    }

    const consumers = [...this.#consumers];
    const ended = consumers.flatMap((consumer) => consumer.ended());
    const renewing = now >= this.#renewAt;
    const progress = consumers.flatMap((consumer) => consumer.progressed(now));
    if (ended.length || progress.length || renewing || this.#ledger.isDue()) {
      const dead: DeadJob[] = [];
      const claims = this.#ledger.quickly(() => {
        dead.push(...this.#settle(ended));
        for (const { claim, fraction } of progress) this.#ledger.progress(claim.lease, claim.job.id, fraction);
        if (renewing) for (const consumer of consumers) this.#ledger.renew(consumer.id);
        if (now >= this.#tidyAt) dead.push(...this.#ledger.tidy());
        return consumers.map((consumer) => this.#ledger.claim(consumer.order(ended)));
      });
      if (renewing) this.#renewAt = now + this.#settings.leaseMs / 3;
      consumers.forEach((consumer, at) => {
        consumer.settled(ended);
        consumer.start(claims[at]!);
      });
      for (const job of dead) this.#deaths.tell(job);
    }
    this.#abortLost();
    this.#untilDue = Math.min(pollMs, Math.max(1, this.#ledger.nextDue() - this.#clock.now()));
  }

  #settle(ended: readonly Ended[]): DeadJob[] {
    return ended
      .map(({ claim, outcome }) => this.#ledger.settle(claim.lease, claim.job.id, outcome))
      .filter((job) => job !== null);
  }

  /** Ends here what was cancelled or taken away elsewhere. */
  #abortLost(): void {
    for (const consumer of this.#consumers) if (consumer.busy) consumer.keepOnly(this.#ledger.leases(consumer.id));
  }
}
