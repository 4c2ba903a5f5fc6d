import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, SessionSummary } from '../../src/session/index.ts';
import { openStore, verifyAudit } from '../../src/store/index.ts';
import { workerToken } from '../../src/server/index.ts';
import { readFileSync } from 'node:fs';
import { writeChats } from './chats.ts';
import { ApiClient } from './client.ts';
import { below, earwitness, freePort, kill, start, type Started, startRedis } from './processes.ts';

export interface ChaosOptions {
  kills: number;
  seed: number;
  /** Run the built program rather than the sources. */
  built: boolean;
  /** Chats of one upload. */
  chats: number;
  /** The whole run ends after so long, done or not. */
  limitMs: number;
  /** With a queue in Redis and a worker of its own, or all in one process tree. */
  redis: boolean;
  log: (line: string) => void;
}

export type Victim = 'server' | 'server-term' | 'worker' | 'child' | 'redis';

export interface ChaosOutcome {
  kills: Record<string, number>;
  uploads: number;
  sessions: number;
  recorded: number;
  /** Ids that were recorded in no session, or in more than one. */
  lost: string[];
  doubled: string[];
  damaged: number;
  /** Dead sessions and failed files that were put back by a retry of their batch. */
  retries: number;
  auditEntries: number;
  auditWhole: boolean;
  /** What the sums of the period say was recorded. */
  summed: number;
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
  ['child', 50],
  ['server', 15],
  ['server-term', 5],
  ['worker', 15],
  ['redis', 15],
];

class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #dir: string;
  readonly #data: string;
  readonly #random: () => number;
  readonly #kills: Record<string, number> = {};
  readonly #struck = new Set<Victim>();
  readonly #ids = new Set<string>();
  readonly #batches = new Set<string>();
  #ports = { server: 0, redis: 0 };
  #server: Started | null = null;
  #worker: Started | null = null;
  #redis: Started | null = null;
  #client: ApiClient | null = null;
  #retries = 0;
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
    await this.#startServer();
    this.#client = await ApiClient.setUp(/http:\S+token=\S+/.exec(this.#server!.output())![0]);
    if (redis) await this.#startWorker();
    let done = 0;
    const feeding = this.#feed(() => done >= kills || over());
    while (done < kills && !over()) {
      // Long enough at times for a child to have begun, short enough at others to hit what has just started.
      await sleep(50 + this.#random() ** 2 * 2_000);
      if (await this.#strike()) done++;
      if (done % 20 === 0) this.#options.log(`${done} of ${kills} kills, ${this.#ids.size} chats sent`);
    }
    await feeding;
    this.#options.log(`${done} kills; waiting for what is left of ${this.#ids.size} chats`);
    await this.#settle(began + limitMs + 120_000);
    return { ...(await this.#count()), seconds: Math.round((performance.now() - began) / 1000) };
  }

  async end(): Promise<void> {
    if (process.env['CHAOS_OUTPUT'])
      for (const one of [this.#worker, this.#server]) this.#options.log(one?.output().slice(-4_000) ?? '');
    const all = [this.#worker, this.#server, this.#redis].filter((one) => one !== null);
    for (const one of all) if (one.process.exitCode === null && one.process.signalCode === null) await kill(one);
  }

  /** Keeps uploading, a batch at a time, so that there is work to be killed. */
  async #feed(over: () => boolean): Promise<void> {
    while (!over()) {
      const path = join(this.#dir, `upload-${this.#uploads}.jsonl`);
      const ids = await writeChats(path, `u${this.#uploads}`, this.#options.chats);
      this.#uploads++;
      // Sent until a server has answered for it. Its content is known then: sent again, it is a duplicate.
      for (;;) {
        try {
          this.#batches.add(await this.#client!.upload(`Upload ${this.#uploads}`, [path]));
          break;
        } catch {
          await sleep(200);
        }
      }
      for (const id of ids) this.#ids.add(id);
      while (!over() && (await this.#waiting()) > this.#options.chats / 2) await sleep(100);
    }
  }

  async #waiting(): Promise<number> {
    try {
      const { items } = await this.#client!.get<{ items: Batch[] }>('/batches?limit=5');
      const unread = items.some(({ counts }) => counts.filesDone < counts.files);
      return unread ? Infinity : items.reduce((sum, { counts: n }) => sum + n.sessions - n.recorded - n.dead, 0);
    } catch {
      return Infinity;
    }
  }

  /** Kills something that is there. False where the chosen kind has nothing alive at the moment. */
  async #strike(): Promise<boolean> {
    const victim = this.#choose();
    const server = this.#server!;
    if (victim === 'child') {
      const roots = [server, this.#worker].flatMap((one) => one?.process.pid ?? []);
      const children = roots.flatMap((pid) => below(pid)).filter(({ command }) => /child\.(ts|mjs)/.test(command));
      if (children.length === 0) return false;
      const { pid, command } = children[Math.floor(this.#random() * children.length)]!;
      process.kill(pid, 'SIGKILL');
      this.#note(nameOf(command));
    } else if (victim === 'worker') {
      if (!this.#worker) return false;
      await kill(this.#worker);
      this.#note('worker');
      await this.#startWorker();
    } else if (victim === 'redis') {
      if (!this.#redis) return false;
      await kill(this.#redis);
      this.#note('redis');
      await sleep(this.#random() * 500);
      await this.#startRedis();
    } else {
      await kill(server, victim === 'server' ? 'SIGKILL' : 'SIGTERM');
      this.#note(victim === 'server' ? 'server' : 'server (SIGTERM)');
      await this.#startServer();
    }
    this.#struck.add(victim);
    return true;
  }

  #choose(): Victim {
    const { redis } = this.#options;
    const known = weights.filter(([victim]) => redis || (victim !== 'redis' && victim !== 'worker'));
    // Each kind once before chance decides, so that a short run leaves none out.
    const first = known.find(([victim]) => !this.#struck.has(victim));
    if (first) return first[0];
    let at = this.#random() * known.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [victim, weight] of known) if ((at -= weight) < 0) return victim;
    return 'child';
  }

  #note(what: string): void {
    this.#kills[what] = (this.#kills[what] ?? 0) + 1;
  }

  /** Waits until every batch is done, and has tried again what was given up under fire. */
  async #settle(until: number): Promise<void> {
    for (const id of this.#batches)
      for (;;) {
        const batch = await this.#client!.finished(id, Math.max(1_000, until - performance.now()));
        const failed = batch.counts.dead + batch.counts.failures;
        if (failed === 0) break;
        this.#retries += failed;
        await this.#client!.post(`/batches/${id}/retry`);
        await sleep(200);
      }
  }

  async #count(): Promise<Omit<ChaosOutcome, 'seconds'>> {
    await kill(this.#server!, 'SIGTERM');
    const store = await openStore(`sqlite:${join(this.#data, 'earwitness.sqlite')}`);
    try {
      const seen = new Map<string, number>();
      let cursor: string | undefined;
      let sessions = 0;
      let damaged = 0;
      do {
        const page = await store.sessions.list({ kind: 'all' }, {}, { limit: 500, cursor, order: 'newest' });
        for (const summary of page.items) {
          sessions++;
          if (summary.state === 'recorded') seen.set(summary.id, (seen.get(summary.id) ?? 0) + 1);
          if (!(await isWhole(store, summary))) damaged++;
        }
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      const audit = await verifyAudit(store.audit.all());
      const period = await store.reports.period({ kind: 'all' }, { from: '2000-01-01', to: '2100-01-01' });
      return {
        kills: this.#kills,
        uploads: this.#uploads,
        sessions,
        recorded: [...seen.values()].reduce((sum, n) => sum + n, 0),
        lost: [...this.#ids].filter((id) => !seen.has(id)),
        doubled: [...seen].filter(([, n]) => n > 1).map(([id]) => id),
        damaged,
        retries: this.#retries,
        auditEntries: audit.entries,
        auditWhole: audit.broken === null,
        summed: period.sessions,
      };
    } finally {
      await store.close();
    }
  }

  async #startRedis(): Promise<void> {
    this.#redis = await startRedis(this.#ports.redis, this.#dir);
  }

  async #startServer(): Promise<void> {
    const { built, redis } = this.#options;
    const port = String(this.#ports.server);
    this.#server = await start(
      [...earwitness(built), 'serve', '--port', port, '--data', this.#data, '--workers', '1', '--offline'],
      {
        env: { ...this.#environment(), ...(redis ? { REDIS_URL: this.#redisUrl } : {}) },
        ready: /Earwitness listens on/,
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

type Store = Awaited<ReturnType<typeof openStore>>;

async function isWhole(store: Store, { key, state }: SessionSummary): Promise<boolean> {
  if (state !== 'recorded') return true;
  const found = await store.sessions.result(key, { kind: 'all' });
  return found !== null && found.damaged.length === 0;
}

/** What a child does, as the table names it. */
function nameOf(command: string): string {
  if (/ingest-child/.test(command)) return 'child that reads uploads';
  if (/inference-child|speech\/child/.test(command)) return 'inference child';
  if (/worker-child|worker\/child/.test(command)) return 'child that inspects';
  return 'other child';
}

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
