import { setImmediate } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { finishBatch } from '../intake/finish.ts';
import { noteDeath } from './given-up.ts';
import { ingestJob, inspectJobs } from './jobs.ts';

export interface Sweep {
  /** Looks once, now. Several calls at a time are one. */
  run(): Promise<void>;
  /** Ends the rounds and waits for the one that is under way. */
  close(): Promise<void>;
}

export interface SweepOptions {
  everyMs: number;
  /** What has waited for less is on its way. */
  ageMs: number;
}

const page = 200;

/** With more jobs than this in the queue, waiting is no sign of being lost. */
const busy = 50;

/**
 * Finds what fell between two steps when a process was killed or a queue lost its memory: files and sessions without a
 * job, dead jobs that nobody was told of, batches that are complete and not noted so. Everything it does may be done twice.
 */
export function startSweep(context: Context, { everyMs, ageMs }: SweepOptions): Sweep {
  const { log } = context;
  const known = new Set<string>();
  const stop = new AbortController();
  let first = true;
  let round: Promise<void> | null = null;

  const look = async () => {
    const everything = first;
    const olderThan = new Date(context.now().getTime() - (everything ? 0 : ageMs)).toISOString();
    await addFiles(context, olderThan);
    if (everything || (await isIdle(context))) await addSessions(context, olderThan, stop.signal);
    first = false;
    await noteDeaths(context, known, stop.signal);
    await finishBatches(context, stop.signal);
  };

  const run = () =>
    (round ??= look()
      .catch((error: unknown) => log.warn({ err: error }, 'the sweep could not look; it tries again'))
      .finally(() => (round = null)));
  const timer = setInterval(() => void run(), everyMs);
  timer.unref();
  void run();
  return {
    run,
    async close() {
      stop.abort();
      clearInterval(timer);
      await round;
    },
  };
}

async function isIdle({ queue }: Context): Promise<boolean> {
  const { waiting, delayed, running } = await queue.counts('inspect');
  return waiting + delayed + running < busy;
}

async function addFiles({ store, queue, log }: Context, olderThan: string): Promise<void> {
  const files = await store.batches.strandedFiles({ olderThan, limit: 1_000 });
  let added = 0;
  for (const file of files) {
    const batch = await store.batches.get(file.batchId, { kind: 'all' });
    if (batch && batch.state !== 'cancelled') added += await queue.add([ingestJob(file, batch.settings)]);
  }
  if (added > 0) log.info({ files: added }, 'files without a job were queued again');
}

async function addSessions(
  { store, queue, config, log }: Context,
  olderThan: string,
  stop: AbortSignal,
): Promise<void> {
  let after: string | undefined;
  let added = 0;
  while (!stop.aborted) {
    const keys = await store.sessions.stranded({ olderThan, limit: page, after });
    if (keys.length === 0) break;
    after = keys.at(-1)!.key;
    const known = await store.sessions.waiting(keys.map(({ key }) => key));
    const waiting = known.filter(({ state }) => state === 'waiting');
    for (const batchId of new Set(waiting.map((session) => session.batchId))) {
      const batch = await store.batches.get(batchId, { kind: 'all' });
      if (!batch || batch.state === 'cancelled') continue;
      const own = waiting.filter((session) => session.batchId === batchId);
      added += await queue.add(inspectJobs(own, batch.settings, config.secret));
    }
    // Requests come first.
    await setImmediate();
  }
  if (added > 0) log.info({ jobs: added }, 'sessions without a job were queued again');
}

/** A death in another process is told to nobody here. */
async function noteDeaths(context: Context, known: Set<string>, stop: AbortSignal): Promise<void> {
  let after: string | undefined;
  while (!stop.aborted) {
    const dead = await context.queue.dead({ limit: page, ...(after === undefined ? {} : { after }) });
    if (dead.length === 0) return;
    after = dead.at(-1)!.id;
    for (const job of dead) {
      const death = `${job.id} ${job.diedAt}`;
      if (known.has(death)) continue;
      await noteDeath(context, job);
      known.add(death);
    }
    if (known.size > 100_000) known.clear();
  }
}

async function finishBatches(context: Context, stop: AbortSignal): Promise<void> {
  let cursor: string | undefined;
  do {
    const batches = await context.store.batches.list({ kind: 'all' }, { limit: page, cursor, state: 'running' });
    for (const { id } of batches.items) if (!stop.aborted) await finishBatch(context, id);
    cursor = batches.next ?? undefined;
  } while (cursor !== undefined && !stop.aborted);
}
