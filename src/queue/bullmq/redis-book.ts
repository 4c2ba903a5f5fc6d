import type { Redis } from 'ioredis';
import type { JobKind } from '../../session/index.ts';
import { abandoned, backoff, burstOf } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import type { DeadJob, NewJob, QueuedJob, QueueCounts, QueueSettings } from '../queue.ts';
import type { Book, Started, Ticket } from './book.ts';
import { scriptNames, scriptText } from './redis-scripts.ts';
import type { ScriptName } from './redis-scripts.ts';

type JobFields = [
  id: string,
  kind: JobKind,
  group: string,
  priority: string,
  lane: string,
  payload: string,
  attempt: string,
  reason: string,
  diedAt: string,
  run?: number,
];

/** The book in Redis: one Lua script for each method. */
export class RedisBook implements Book {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #settings: QueueSettings;
  readonly #rates: string;

  constructor(redis: Redis, prefix: string, settings: QueueSettings) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#settings = settings;
    const rates = Object.entries(settings.rates).map(([lane, rate]) => [laneKey(lane), [rate, burstOf(rate)]]);
    this.#rates = JSON.stringify(Object.fromEntries(rates));
    for (const name of scriptNames) redis.defineCommand(commandOf(name), { numberOfKeys: 1, lua: scriptText(name) });
  }

  async #run<T>(name: ScriptName, ...args: (string | number)[]): Promise<T> {
    const commands = this.#redis as unknown as Record<string, (...args: (string | number)[]) => Promise<T>>;
    return commands[commandOf(name)]!(this.#prefix, ...args);
  }

  async add(jobs: readonly NewJob[]): Promise<number> {
    const plain = jobs.map((job) => ({
      id: job.id,
      kind: job.kind,
      group: job.group,
      priority: job.priority,
      lane: laneKey(job.lane),
      payload: JSON.stringify(job.payload ?? null),
      delay: Math.round(job.delayMs ?? 0),
    }));
    return this.#run('add', JSON.stringify(plain));
  }

  async take(kinds: readonly JobKind[], free: number): Promise<Ticket[]> {
    const taken = await this.#run<[string, JobKind, number][]>('take', JSON.stringify(kinds), free, this.#rates);
    return taken.map(ticketOf);
  }

  async start(ticket: Ticket): Promise<Started | DeadJob | null> {
    const { losses } = this.#settings;
    const args = [ticket.id, ticket.claim, losses, abandoned(this.#settings), new Date().toISOString()];
    const fields = await this.#run<JobFields | null>('start', ...args);
    if (!fields) return null;
    const run = fields[9];
    return run === undefined ? deadOf(fields) : { job: jobOf(fields), run };
  }

  async settle(id: string, run: number, outcome: Outcome): Promise<DeadJob | null> {
    const { attempts } = this.#settings;
    // Redis knows the attempt, we know the formula: the waits after each.
    const waits = () => Array.from({ length: Math.min(attempts, 40) }, (_, n) => backoff(this.#settings, n + 1));
    const ms = outcome.end === 'later' ? outcome.afterMs : outcome.end === 'failed' ? JSON.stringify(waits()) : 0;
    const reason = 'reason' in outcome ? outcome.reason : '';
    const args = [id, run, outcome.end, ms, reason, new Date().toISOString(), attempts];
    const fields = await this.#run<JobFields | null>('settle', ...args);
    return fields ? deadOf(fields) : null;
  }

  async giveBack(id: string, run: number): Promise<void> {
    await this.#run('giveBack', id, run);
  }

  async putBack(ticket: Ticket): Promise<void> {
    await this.#run('putBack', ticket.id, ticket.claim);
  }

  async lost(olderMs: number): Promise<Ticket[]> {
    return (await this.#run<[string, JobKind, number][]>('lost', olderMs)).map(ticketOf);
  }

  async alive(tries: readonly { id: string; run: number }[]): Promise<boolean[]> {
    const alive = await this.#run<number[]>('alive', ...tries.flatMap(({ id, run }) => [id, run]));
    return alive.map((one) => one === 1);
  }

  async progress(id: string, run: number, fraction: number): Promise<void> {
    await this.#run('progress', id, run, fraction);
  }

  async progressOf(id: string): Promise<number | null> {
    const progress = await this.#run<string | null>('progressOf', id);
    return progress === null ? null : Number(progress);
  }

  async cancel(group: string): Promise<number> {
    return this.#run('cancel', group);
  }

  async hold(group: string | undefined, held: boolean): Promise<void> {
    await this.#run('hold', held ? '1' : '0', ...(group === undefined ? [] : [group]));
  }

  async counts(kind?: JobKind): Promise<QueueCounts> {
    const counts: QueueCounts = { waiting: 0, delayed: 0, running: 0, dead: 0 };
    const stored = await this.#redis.hgetall(`${this.#prefix}:counts`);
    for (const [name, n] of Object.entries(stored)) {
      const [state, of] = name.split(' ') as [keyof QueueCounts, JobKind];
      if (kind === undefined || kind === of) counts[state] += Number(n);
    }
    return counts;
  }

  async dead(group: string | undefined, after: string, limit: number): Promise<DeadJob[]> {
    return (await this.#run<JobFields[]>('dead', group ?? '', after, limit)).map(deadOf);
  }

  async redrive(select: { ids: readonly string[] } | { group: string }): Promise<number> {
    if ('group' in select) {
      const ids = await this.#redis.zrange(`${this.#prefix}:dead:${select.group}`, '0', '-1');
      return this.redrive({ ids });
    }
    let count = 0;
    for (let from = 0; from < select.ids.length; from += 1_000)
      count += await this.#run<number>('redrive', ...select.ids.slice(from, from + 1_000));
    return count;
  }

  async health(): Promise<void> {
    // A write, because a Redis that is full or a replica still answers reads.
    await this.#redis.set(`${this.#prefix}:health`, '1', 'PX', 1_000);
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }
}

const commandOf = (name: ScriptName): string => `earwitness_${name}`;

/** Lanes stand inside keys, between colons. */
const laneKey = (lane: string | null): string => (lane === null ? '' : encodeURIComponent(lane));

function ticketOf([id, kind, claim]: [string, JobKind, number]): Ticket {
  return { id, kind, claim };
}

function jobOf([id, kind, group, priority, lane, payload, attempt]: JobFields): QueuedJob {
  return {
    id,
    kind,
    group,
    priority: Number(priority),
    lane: lane === '' ? null : decodeURIComponent(lane),
    payload: JSON.parse(payload) as unknown,
    attempt: Number(attempt),
  };
}

function deadOf(fields: JobFields): DeadJob {
  return { ...jobOf(fields), reason: fields[7], diedAt: fields[8] };
}
