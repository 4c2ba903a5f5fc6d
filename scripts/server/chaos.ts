import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, Problem } from '../../src/session/index.ts';
import { workerToken } from '../../src/server/index.ts';
import { readFileSync } from 'node:fs';
import { writeCalls } from './calls.ts';
import { writeChats } from './chats.ts';
import { ApiClient } from './client.ts';
import { below, earwitness, freePort, kill, type Proc, start, type Started, startRedis } from './processes.ts';
import { reckon, type Reckoning } from './reckoning.ts';

export interface ChaosOptions {
  kills: number;
  seed: number;
  /** Run the built program rather than the sources. */
  built: boolean;
  /** Chats and recordings of one upload. */
  chats: number;
  calls: number;
  /** No more kills after so long; what is left of the work is then waited for as long as it moves. */
  limitMs: number;
  /** With a queue in Redis and a worker of its own, or all in one process tree. */
  redis: boolean;
  log: (line: string) => void;
}

/** What is killed; a child by what it does. */
type Victim = 'server' | 'server-term' | 'worker' | 'redis' | 'inspector' | 'inference' | 'reader';

export interface ChaosOutcome extends Reckoning {
  kills: Record<string, number>;
  uploads: number;
  /** Dead sessions and failed files that were put back by a retry of their batch, and the last reasons of them. */
  retries: number;
  reasons: Record<string, number>;
  /** Batches that were not done when the time was over. */
  unfinished: number;
  /** Of the kills alone, and of the whole run. */
  killSeconds: number;
  seconds: number;
}

/** Kills parts of a running installation while it inspects uploads, restarts them, and counts at the end. */
export async function runChaos(options: ChaosOptions): Promise<ChaosOutcome> {
  const dir = await mkdtemp(join(tmpdir(), 'earwitness-chaos-'));
  const run = new ChaosRun(options, dir);
  try {
    return await run.go();
  } finally {
    await run.end();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

const weights: readonly (readonly [Victim, number])[] = [
  ['inference', 20],
  ['inspector', 20],
  ['reader', 10],
  ['server', 12],
  ['server-term', 4],
  ['worker', 15],
  ['redis', 15],
];

const names: Record<Victim, string> = {
  server: 'server',
  'server-term': 'server (SIGTERM)',
  worker: 'worker',
  redis: 'Redis',
  inspector: 'child that inspects',
  inference: 'child that hears recordings',
  reader: 'child that reads uploads',
};

/** Programs of children, as their command lines name them. */
const programs: Partial<Record<Victim, RegExp>> = {
  inspector: /worker-child|worker\/child/,
  inference: /inference-child|speech\/child/,
  reader: /ingest-child/,
};

/** How long a child of a kind is waited for; then something else is killed. */
const patienceMs = 1_500;

/** Work that has not moved for so long after the last kill has stopped: leases run out in much less. */
const standstillMs = 150_000;

class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #dir: string;
  readonly #data: string;
  readonly #random: () => number;
  readonly #kills: Record<string, number> = {};
  readonly #wanted = new Set<Victim>();
  readonly #ids = new Set<string>();
  #ports = { server: 0, redis: 0 };
  #server: Started | null = null;
  #worker: Started | null = null;
  #redis: Started | null = null;
  #client: ApiClient | null = null;
  #retries = 0;
  readonly #reasons: Record<string, number> = {};
  #uploads = 0;

  constructor(options: ChaosOptions, dir: string) {
    this.#options = options;
    this.#dir = dir;
    this.#data = join(dir, 'data');
    this.#random = seeded(options.seed);
  }

  async go(): Promise<ChaosOutcome> {
    const began = performance.now();
    const { kills, limitMs, redis } = this.#options;
    const over = () => performance.now() - began > limitMs;
    this.#ports = { server: await freePort(), redis: await freePort() };
    if (redis) await this.#startRedis();
    await this.#startServer(/token=\S+\s/);
    this.#client = await ApiClient.setUp(/http:\S+token=\S+/.exec(this.#server!.output())![0]);
    if (redis) await this.#startWorker();
    let done = 0;
    const feeding = this.#feed(() => done >= kills || over());
    while (done < kills && !over()) {
      // Long enough at times for a child to have begun, short enough at others to hit what has just started.
      await sleep(50 + this.#random() ** 2 * 1_500);
      if (!(await this.#strike())) continue;
      done++;
      if (done % 20 === 0) this.#options.log(`${done} of ${kills} kills, ${this.#ids.size} sessions sent`);
    }
    const killSeconds = secondsSince(began);
    await feeding;
    this.#options.log(`${done} kills in ${killSeconds} s; waiting for what is left of ${this.#ids.size} sessions`);
    const unfinished = await this.#settle();
    await kill(this.#server!, 'SIGTERM');
    const found = await reckon(`sqlite:${join(this.#data, 'earwitness.sqlite')}`, this.#ids);
    return {
      ...found,
      ...{ kills: this.#kills, uploads: this.#uploads, retries: this.#retries, reasons: this.#reasons },
      ...{ unfinished, killSeconds, seconds: secondsSince(began) },
    };
  }

  async end(): Promise<void> {
    if (process.env['CHAOS_OUTPUT'])
      for (const one of [this.#worker, this.#server]) this.#options.log(one?.output().slice(-4_000) ?? '');
    const all = [this.#worker, this.#server, this.#redis].filter((one) => one !== null);
    for (const one of all) if (one.process.exitCode === null && one.process.signalCode === null) await kill(one);
  }

  /** Keeps uploading, a batch at a time, so that there is work to be killed. */
  async #feed(over: () => boolean): Promise<void> {
    const { chats, calls } = this.#options;
    while (!over()) {
      const prefix = `u${this.#uploads}`;
      const path = join(this.#dir, `${prefix}.jsonl`);
      const ids = await writeChats(path, prefix, chats);
      const recordings = await writeCalls(this.#dir, prefix, this.#uploads * calls, calls);
      const paths = [path, ...recordings.map((call) => call.path)];
      this.#uploads++;
      // Sent until a server has answered for it. Its content is known then: sent again, it is a duplicate.
      for (;;) {
        try {
          await this.#client!.upload(`Upload ${this.#uploads}`, paths);
          break;
        } catch {
          await sleep(200);
        }
      }
      for (const id of [...ids, ...recordings.map((call) => call.id)]) this.#ids.add(id);
      await Promise.all(paths.map((one) => rm(one)));
      // What waits may wait for leases of the killed to run out; meanwhile there is more, within bounds.
      const next = performance.now() + 15_000;
      const enough = () => (performance.now() < next ? chats / 2 : chats * 4);
      while (!over() && (await this.#waiting()) > enough()) await sleep(100);
    }
  }

  /** Sessions that wait; a file that was not read yet may hold as many as an upload. */
  async #waiting(): Promise<number> {
    try {
      const { items } = await this.#client!.get<{ items: Batch[] }>('/batches?limit=100');
      return items.reduce((sum, { counts: n }) => {
        const unread = n.files - n.filesDone - n.filesDuplicate;
        return sum + n.sessions - n.recorded - n.dead + unread * this.#options.chats;
      }, 0);
    } catch {
      return Infinity;
    }
  }

  /** Kills something that is there. False where what was chosen had ended by itself a moment before. */
  async #strike(): Promise<boolean> {
    const { victim, children } = await this.#choose();
    const server = this.#server!;
    if (victim === 'worker') {
      await kill(this.#worker!);
      await this.#startWorker();
    } else if (victim === 'redis') {
      await kill(this.#redis!);
      await sleep(this.#random() * 500);
      await this.#startRedis();
    } else if (victim === 'server' || victim === 'server-term') {
      await kill(server, victim === 'server' ? 'SIGKILL' : 'SIGTERM');
      await this.#startServer();
    } else {
      const some = children.filter(({ command }) => programs[victim]!.test(command));
      try {
        process.kill(some[Math.floor(this.#random() * some.length)]!.pid, 'SIGKILL');
      } catch {
        return false;
      }
    }
    this.#kills[names[victim]] = (this.#kills[names[victim]] ?? 0) + 1;
    return true;
  }

  /** Chance decides; a child that is not there is waited for a while. Each kind is chosen once before any is again. */
  async #choose(): Promise<{ victim: Victim; children: Proc[] }> {
    const kinds = weights.filter(([kind]) => this.#options.redis || (kind !== 'worker' && kind !== 'redis'));
    const fresh = kinds.filter(([kind]) => !this.#wanted.has(kind));
    const wanted = this.#draw(fresh.length > 0 ? fresh : kinds);
    this.#wanted.add(wanted);
    const end = performance.now() + patienceMs;
    for (;;) {
      const children = [this.#server, this.#worker].flatMap((one) => (one?.process.pid ? below(one.process.pid) : []));
      const isThere = (kind: Victim) => {
        const program = programs[kind];
        return program === undefined || children.some(({ command }) => program.test(command));
      };
      if (isThere(wanted)) return { victim: wanted, children };
      if (performance.now() > end) return { victim: this.#draw(kinds.filter(([kind]) => isThere(kind))), children };
      await sleep(50);
    }
  }

  #draw(kinds: readonly (readonly [Victim, number])[]): Victim {
    let at = this.#random() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [victim, weight] of kinds) if ((at -= weight) < 0) return victim;
    return kinds.at(-1)![0];
  }

  /**
   * Waits until every batch is at rest, and has tried again what was given up under fire. Returns how many are not, where
   * nothing moved any more.
   */
  async #settle(): Promise<number> {
    let [left, until] = [Infinity, 0];
    for (;;) {
      const restless = await this.#restless().catch(() => null);
      if (restless?.length === 0) return 0;
      const now = restless?.reduce((sum, { counts: n }) => sum + n.sessions - n.recorded, restless.length) ?? Infinity;
      if (now < left || until === 0) [left, until] = [now, performance.now() + standstillMs];
      if (performance.now() > until) return restless?.length ?? Infinity;
      for (const batch of restless ?? []) if (isAtRest(batch)) await this.#retry(batch).catch(() => undefined);
      await sleep(500);
    }
  }

  /**
   * Batches that still work or have given something up. Those of an upload whose answer was lost are among them: nobody
   * has closed them, and what they hold counts all the same.
   */
  async #restless(): Promise<Batch[]> {
    const found: Batch[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: Batch[]; next: string | null } = await this.#client!.get(`/batches?limit=100${query}`);
      found.push(...page.items.filter((batch) => !isAtRest(batch) || batch.counts.dead + batch.counts.failures > 0));
      cursor = page.next;
    } while (cursor !== null);
    return found;
  }

  async #retry({ id, counts }: Batch): Promise<void> {
    const { items } = await this.#client!.get<{ items: Problem[] }>(`/batches/${id}/failures?limit=100`);
    for (const { message } of items) this.#reasons[message] = (this.#reasons[message] ?? 0) + 1;
    // Each dead session is among the failures too.
    this.#retries += Math.max(counts.dead, counts.failures);
    await this.#client!.post(`/batches/${id}/retry`);
  }

  async #startRedis(): Promise<void> {
    this.#redis = await startRedis(this.#ports.redis, this.#dir);
  }

  async #startServer(ready = /Earwitness listens on/): Promise<void> {
    const { built, redis } = this.#options;
    const port = String(this.#ports.server);
    this.#server = await start(
      [...earwitness(built), 'serve', '--port', port, '--data', this.#data, '--workers', '1', '--offline'],
      {
        env: { ...this.#environment(), ...(redis ? { REDIS_URL: this.#redisUrl } : {}) },
        ready,
      },
    );
  }

  async #startWorker(): Promise<void> {
    const secret = readFileSync(join(this.#data, 'secret'), 'utf8').trim();
    this.#worker = await start(
      [
        ...earwitness(this.#options.built),
        ...['worker', '--redis', this.#redisUrl, '--server', `http://127.0.0.1:${this.#ports.server}`],
        ...['--slots', '1', '--offline', '--log-level', 'warn'],
      ],
      {
        env: {
          ...this.#environment(),
          EARWITNESS_WORKER_TOKEN: workerToken(secret, new Date(Date.now() + 86_400_000)),
        },
        ready: /Waiting for work/,
      },
    );
  }

  get #redisUrl(): string {
    return `redis://127.0.0.1:${this.#ports.redis}`;
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      EARWITNESS_LOG_LEVEL: 'warn',
      EARWITNESS_QUEUE: this.#options.redis ? 'redis' : 'embedded',
      EARWITNESS_REQUESTS_PER_MINUTE: '1000000',
    };
  }
}

const isRead = ({ counts: n }: Batch): boolean => n.filesDone + n.filesDuplicate >= n.files;

/** Whether nothing more happens in a batch by itself. */
function isAtRest(batch: Batch): boolean {
  const { sessions, recorded, dead } = batch.counts;
  const isOver = batch.state === 'done' || batch.state === 'receiving';
  return isOver && isRead(batch) && recorded + dead >= sessions;
}

const secondsSince = (began: number): number => Math.round((performance.now() - began) / 1000);

/** The same numbers for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
