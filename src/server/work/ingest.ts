import { createReadStream } from 'node:fs';
import { GiveUp, type JobContext, type QueuedJob, RetryLater } from '../../queue/index.ts';
import type { Batch, BatchFile, Problem } from '../../session/index.ts';
import type { NewSession } from '../../store/index.ts';
import { type Forked, forkProgram } from '../../worker/index.ts';
import type { Context } from '../context.ts';
import { finishBatch } from '../intake/finish.ts';
import type { FoundSession, FromReader, ToReader } from './ingest-protocol.ts';
import { inspectJobs, sessionKey } from './jobs.ts';

/** Wait before a file is read again whose jobs the queue did not take. */
const queueAwayMs = 5_000;

export interface IngestOptions {
  /** A child that says nothing for so long is taken to hang. */
  stallMs: number;
  /** Limit of the child's JavaScript heap; the largest document that is read in one piece has 128 MiB. */
  heapMb: number;
  /** A child that is larger than this after a file, or idle for so long, is ended. */
  maxRssBytes: number;
  idleMs: number;
  entry?: string | undefined;
}

const defaults: IngestOptions = {
  stallMs: 10 * 60_000,
  heapMb: 1536,
  maxRssBytes: 320 * 1024 * 1024,
  idleMs: 500,
};

export interface Ingest {
  /** Handles one `ingest` job. Doing it again finds the same sessions and adds nothing twice. */
  handle(job: QueuedJob, job_: JobContext): Promise<void>;
  pids(): number[];
  close(): Promise<void>;
}

/** Reads uploads in a child of its own, which is kept for the next file and replaced when it died or grew. */
export function createIngest(context: Context, given: Partial<IngestOptions> = {}): Ingest {
  const options = { ...defaults, ...given };
  const { store, archive, log } = context;
  const idle: Forked[] = [];
  const all = new Set<Forked>();
  let timer: NodeJS.Timeout | undefined;

  const take = async (): Promise<Forked> => {
    clearTimeout(timer);
    let child: Forked | undefined;
    do child = idle.pop();
    while (child && !child.alive);
    child ??= await forkProgram({
      bundle: 'ingest-child',
      source: 'ingest-child.ts',
      from: import.meta.url,
      entry: options.entry,
      heapMb: options.heapMb,
    });
    all.add(child);
    return child;
  };

  const drop = async (child: Forked) => {
    all.delete(child);
    await child.end();
  };

  const give = async (child: Forked) => {
    if (!child.alive) return drop(child);
    idle.push(child);
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const one of idle.splice(0)) void drop(one);
    }, options.idleMs);
    timer.unref();
  };

  const read = async (batch: Batch, file: BatchFile, signal: AbortSignal) => {
    const taker = partsInto(context, batch, file);
    const local = await archive.local(file.sha256);
    const { path } = local;
    let child: Forked | undefined;
    try {
      child = await take();
      const rss = await conversation(
        child,
        { batch, file, path },
        context,
        options.stallMs,
        (...part) => taker.take(...part),
        signal,
      );
      if (rss > options.maxRssBytes) await child.end();
    } catch (error) {
      // Where it stopped in the middle of something, it cannot be given another file.
      await child?.end();
      throw error;
    } finally {
      await local.release();
      if (child) await give(child);
    }
    return taker;
  };

  return {
    async handle(job, { signal }) {
      const { fileId } = job.payload as { fileId?: unknown };
      const file = typeof fileId === 'string' ? await store.batches.file(fileId) : null;
      if (!file) throw new GiveUp('The file of this job is not known.');
      const batch = await store.batches.get(file.batchId, { kind: 'all' });
      if (!batch) throw new GiveUp('The batch of this file is not known.');
      if (batch.state === 'cancelled' || file.state === 'done' || file.state === 'duplicate') return;
      await store.batches.moveFile(file.id, 'reading');
      log.debug({ job: job.id, batch: batch.id, attempt: job.attempt }, 'reading an upload');
      const { sessions, problem } = await read(batch, file, signal);
      const lost = sessions === 0 && problem !== null;
      await store.batches.moveFile(file.id, lost ? 'failed' : 'done', lost ? problem : null);
      await finishBatch(context, batch.id);
    },
    pids: () => [...all].flatMap(({ alive, process }) => (alive && process.pid ? process.pid : [])),
    async close() {
      clearTimeout(timer);
      await Promise.all([...all].map(drop));
    },
  };
}

/** Notes what the child found: first in the store, then as jobs, so that a crash between the two is found by the sweep. */
function partsInto({ store, queue, config, events }: Context, batch: Batch, file: BatchFile) {
  const taken = {
    sessions: 0,
    problem: null as Problem | null,
    async take(sessions: FoundSession[], failures: Problem[]): Promise<void> {
      const found: NewSession[] = sessions.map(({ position, ...session }) => ({
        ...session,
        key: sessionKey(file.id, position),
        batchId: batch.id,
        fileId: file.id,
        state: 'waiting',
      }));
      if (failures.length > 0) await store.batches.addFailures(batch.id, file.id, failures);
      if (found.length > 0) {
        await store.sessions.addWaiting(found);
        const jobs = inspectJobs(found, batch.settings, config.secret);
        // A queue that takes nothing for now is no fault of the file.
        await queue.add(jobs).catch((error: Error) => Promise.reject(new RetryLater(queueAwayMs, error.message)));
      }
      taken.sessions += found.length;
      taken.problem ??= failures[0] ?? null;
      events.emit('batch', { id: batch.id });
    },
  };
  return taken;
}

/** Lets a child read a file. Returns how large the child is afterwards. */
function conversation(
  child: Forked,
  { batch, file, path }: { batch: Batch; file: BatchFile; path: string },
  { archive }: Context,
  stallMs: number,
  take: (sessions: FoundSession[], failures: Problem[]) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let settled = false;
    let stall: NodeJS.Timeout | undefined;
    const arm = () => {
      if (!settled) stall = setTimeout(onStall, stallMs);
    };
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(stall);
      child.process.off('message', onMessage);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const fail = (error: unknown) => settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    const send = (message: ToReader) => void child.process.send(message, (error) => error && fail(error));
    const onStall = () => fail(new Error(`Reading this file made no progress for ${stallMs / 1000} s.`));
    const onAbort = () => fail(signal.reason);
    const onMessage = (message: FromReader) => {
      // What the server does with a part is its own time, not the child's.
      clearTimeout(stall);
      const next = async () => {
        if (message.type === 'keep') {
          const { sha256 } = await archive.put(createReadStream(message.path));
          if (!settled) send({ type: 'kept', sha256 });
        } else if (message.type === 'part') {
          await take(message.sessions, message.failures);
          if (!settled) send({ type: 'taken' });
        } else if (message.type === 'done') settle(() => resolve(message.rssBytes));
        else {
          const { path: at, message: text } = message.problem;
          fail(new Error(`${at}: ${text}`));
        }
        arm();
      };
      next().catch(fail);
    };
    arm();
    child.process.on('message', onMessage);
    signal.addEventListener('abort', onAbort, { once: true });
    void child.ended.then((how) => {
      const words = child.lastWords();
      fail(new Error(`The process that read this file ended with ${how}.${words ? ` Its last words: ${words}` : ''}`));
    });
    if (signal.aborted) return onAbort();
    const { language, agentChannel } = batch.settings;
    const { name, sha256 } = file;
    send({
      type: 'read',
      request: { path, name, sha256, sidecar: file.sidecar ?? null, language: language ?? 'en', agentChannel },
    });
  });
}
