import type { JobKind } from '../../session/index.ts';
import { checkJob, Listeners } from '../outcome.ts';
import type { ConsumeOptions, Consumer, DeadJob, JobHandler, JobQueue, NewJob } from '../queue.ts';
import type { QueueCounts, QueueSettings } from '../queue.ts';
import type { Book } from './book.ts';
import { CarriedConsumer } from './consumer.ts';
import type { Carrier } from './consumer.ts';

/** Jobs added in one request. */
const chunk = 500;

/** What a server (Redis or PostgreSQL) has to bring. */
export interface Server {
  backend: 'redis' | 'postgres';
  book: Book;
  carrier: Carrier & { close(): Promise<void> };
  /** As a problem that a user can act on. */
  problem(error: unknown): Error;
  /** Errors of the connections themselves. */
  onTrouble(listener: (error: Error) => void): void;
}

/** BullMQ behind the interface of the house; the order of jobs is the book's. */
export class CarriedQueue implements JobQueue {
  readonly backend: 'redis' | 'postgres';
  readonly #server: Server;
  readonly #settings: QueueSettings;
  readonly #consumers = new Set<CarriedConsumer>();
  readonly #deaths = new Listeners<DeadJob>();
  readonly #troubles = new Listeners<Error>();
  #closed: Promise<void> | null = null;

  constructor(server: Server, settings: QueueSettings) {
    this.backend = server.backend;
    this.#server = server;
    this.#settings = settings;
    server.onTrouble((error) => this.#troubles.tell(error));
  }

  async add(jobs: readonly NewJob[]): Promise<number> {
    for (const job of jobs) checkJob(job);
    let added = 0;
    for (let from = 0; from < jobs.length; from += chunk) {
      added += await this.#guarded(() => this.#server.book.add(jobs.slice(from, from + chunk)));
      this.#wake();
    }
    return added;
  }

  consume(options: ConsumeOptions, handler: JobHandler): Consumer {
    const consumer = new CarriedConsumer(options, handler, {
      book: this.#server.book,
      carrier: this.#server.carrier,
      leaseMs: this.#settings.leaseMs,
      died: (job) => this.#deaths.tell(job),
      trouble: (error) => this.#troubles.tell(this.#server.problem(error)),
      gone: () => this.#consumers.delete(consumer),
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  async cancel(group: string): Promise<number> {
    const gone = await this.#guarded(() => this.#server.book.cancel(group));
    this.#wake();
    return gone;
  }

  async pause(group?: string): Promise<void> {
    await this.#guarded(() => this.#server.book.hold(group, true));
  }

  async resume(group?: string): Promise<void> {
    await this.#guarded(() => this.#server.book.hold(group, false));
    this.#wake();
  }

  counts(kind?: JobKind): Promise<QueueCounts> {
    return this.#guarded(() => this.#server.book.counts(kind));
  }

  progressOf(id: string): Promise<number | null> {
    return this.#guarded(() => this.#server.book.progressOf(id));
  }

  dead(options: { group?: string; limit: number; after?: string }): Promise<DeadJob[]> {
    return this.#guarded(() => this.#server.book.dead(options.group, options.after ?? '', options.limit));
  }

  async redrive(select: { ids: readonly string[] } | { group: string }): Promise<number> {
    const count = await this.#guarded(() => this.#server.book.redrive(select));
    this.#wake();
    return count;
  }

  onDead(listener: (job: DeadJob) => void): void {
    this.#deaths.add(listener);
  }

  onTrouble(listener: (error: Error) => void): void {
    this.#troubles.add(listener);
  }

  health(): Promise<void> {
    return this.#guarded(() => this.#server.book.health());
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await this.#server.carrier.close();
    await this.#server.book.close();
  }

  #wake(): void {
    for (const consumer of this.#consumers) consumer.look();
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#server.problem(error);
    }
  }
}
