import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type Consumer, type JobQueue, openQueue, type QueuePlace, type QueueSettings } from '../queue/index.ts';
import { type ChildSetup, startWorker } from '../worker/index.ts';
import { setUpToken } from './access/secrets.ts';
import { buildApp } from './app.ts';
import type { ServerConfig } from './config.ts';
import type { Context } from './context.ts';
import { Events } from './events.ts';
import { createLog } from './http/log.ts';
import { openInstallation } from './installation.ts';
import { startWebhooks } from './webhooks/index.ts';
import { startFolderWatch } from './intake/watch.ts';
import { createDesk } from './work/desk.ts';
import { noteDeath } from './work/given-up.ts';
import { startHousekeeping } from './work/housekeeping.ts';
import { createIngest, type IngestOptions } from './work/ingest.ts';
import { createRecorder } from './work/recorder.ts';
import { keepShipped } from './work/shipped.ts';
import { startSweep } from './work/sweep.ts';

export interface OpenServerOptions {
  /** Folder of the scorecards that come with the program. */
  rulesDir: string;
  /** A language model for the questions of scorecards; null: they stay unknown. */
  judge?: ChildSetup['judge'];
  log?: Logger;
  now?: () => Date;
  queueSettings?: Partial<QueueSettings>;
  ingest?: Partial<IngestOptions>;
  /** How often it is looked for what fell between two steps, and how old that must be. */
  sweep?: { everyMs: number; ageMs: number };
}

export interface Server {
  context: Context;
  app: FastifyInstance;
  /** How it is reached, with the port that it got. */
  url: string;
  /** Where the first account is made; null where there is one. */
  setUpUrl: string | null;
  /** Pids of the children at work. */
  pids(): number[];
  /** Lets running work end, for `graceMs` at most, and closes everything. */
  drain(graceMs: number): Promise<void>;
  /** Gives running work back at once and closes everything. Wanted during a drain, it cuts that short. */
  stop(): Promise<void>;
}

/** Where an installation's jobs are kept. */
export function queuePlace({ queue, dataDir }: Pick<ServerConfig, 'queue' | 'dataDir'>): QueuePlace {
  return queue.kind === 'embedded' ? { kind: 'embedded', path: join(dataDir, 'queue.sqlite') } : queue;
}

/** Uploads read at the same time; each has a process while it is read. */
const filesAtOnce = 1;
/** How long answers under way may take once the server closes. */
const answersMs = 3_000;

/** Opens everything that an installation runs on, in one process tree, and listens. Throws where a part cannot be used. */
export async function openServer(given: ServerConfig, options: OpenServerOptions): Promise<Server> {
  const config = { ...given };
  const log = options.log ?? createLog(config.logLevel);
  const installation = await openInstallation(config);
  const { store, archive } = installation;
  const opened: (() => Promise<void>)[] = [() => installation.close()];
  try {
    const queue = await openQueue(queuePlace(config), options.queueSettings);
    opened.push(() => queue.close());
    const context: Context = {
      config,
      store,
      archive,
      queue,
      events: new Events(),
      log,
      now: options.now ?? (() => new Date()),
    };
    watchQueue(context, queue);
    await keepShipped(context, options.rulesDir);
    const app = await buildApp(context);
    opened.push(() => closeApp(app));
    await app.listen({ host: config.host, port: config.port });
    // Asked for any port, it says which one it got.
    const { port } = app.server.address() as AddressInfo;
    if (config.port === 0) config.publicUrl = config.publicUrl.replace(/:0$/, `:${port}`);
    const work = await startWork(context, options);
    const isNew = (await store.accounts.count()) === 0;
    return {
      context,
      app,
      url: config.publicUrl,
      setUpUrl: isNew ? `${config.publicUrl}/set-up#token=${setUpToken(config.secret)}` : null,
      pids: () => work.pids(),
      ...closing(work, opened),
    };
  } catch (error) {
    for (const close of opened.reverse()) await close().catch(() => undefined);
    throw error;
  }
}

interface Work {
  pids(): number[];
  drain(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Everything that takes jobs, and what watches over it. */
async function startWork(context: Context, options: OpenServerOptions): Promise<Work> {
  const { config, queue, log } = context;
  const desk = createDesk(context, createRecorder(context));
  const { modelsDir, offline } = config;
  const worker =
    config.workers === 0
      ? null
      : startWorker({
          queue,
          desk,
          slots: config.workers,
          setup: { modelsDir, offline, judge: options.judge ?? null },
          log,
        });
  const ingest = createIngest(context, options.ingest);
  const consumers: Consumer[] = [
    queue.consume({ kinds: ['ingest'], concurrency: filesAtOnce }, (job, task) => ingest.handle(job, task)),
    startWebhooks(context),
  ];
  const sweep = startSweep(context, options.sweep ?? { everyMs: 60_000, ageMs: 120_000 });
  const { sources: prefixes, ...bucket } = config.s3Import;
  // A large library, for those who import from buckets.
  const { startS3Import } = prefixes.length > 0 ? await import('./intake/s3.ts') : { startS3Import: null };
  const watchers = [
    ...config.watch.map((folder) => startFolderWatch(context, folder)),
    ...(startS3Import ? prefixes.map((prefix) => startS3Import(context, { ...bucket, ...prefix })) : []),
    startHousekeeping(context),
    sweep,
  ];
  const all = [...consumers, ...(worker ? [worker] : [])];
  return {
    pids: () => [...(worker?.pids() ?? []), ...ingest.pids()],
    drain: async () => void (await Promise.all(all.map((one) => one.drain()))),
    stop: async () => void (await Promise.all(all.map((one) => one.stop()))),
    async close() {
      await Promise.all(watchers.map((one) => one.close()));
      await ingest.close();
    },
  };
}

/** What the queue gives up, and what troubles it, is told where people look. */
function watchQueue(context: Context, queue: JobQueue): void {
  const { log } = context;
  queue.onDead((job) => {
    log.error({ job: job.id, kind: job.kind, attempts: job.attempt }, 'a job was given up');
    noteDeath(context, job).catch((error: unknown) =>
      log.warn({ err: error, job: job.id }, 'the sweep notes it later'),
    );
  });
}

/** Both ways to close end the same: requests first, then work, then what everything stands on. */
function closing(work: Work, opened: (() => Promise<void>)[]): Pick<Server, 'drain' | 'stop'> {
  const hurry = new AbortController();
  let closed: Promise<void> | null = null;
  const close = async (graceMs: number) => {
    const [closeInstallation, closeQueue, closeHttp] = opened as [
      () => Promise<void>,
      () => Promise<void>,
      () => Promise<void>,
    ];
    const http = closeHttp();
    if (graceMs > 0 && !hurry.signal.aborted) {
      const late = sleep(graceMs, undefined, { signal: hurry.signal }).catch(() => undefined);
      await Promise.race([work.drain(), late]);
      hurry.abort();
    }
    await work.stop();
    await work.close();
    await http;
    await closeQueue();
    await closeInstallation();
  };
  return {
    drain: (graceMs) => (closed ??= close(graceMs)),
    stop: () => {
      hurry.abort();
      return (closed ??= close(0));
    },
  };
}

/** Takes no more requests; those that take long (streams above all) are cut off after a moment. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), answersMs);
  await app.close();
  clearTimeout(timer);
}
