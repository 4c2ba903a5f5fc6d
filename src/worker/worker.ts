import { type Consumer, GiveUp, type JobContext, type JobQueue, type QueuedJob } from '../queue/index.ts';
import type { OrderedSession } from '../session/index.ts';
import { type InspectJob, inspectPayloadSchema, type WorkDesk } from './desk.ts';
import type { ChildSetup } from './protocol.ts';
import { Slot } from './slot.ts';

export interface WorkerOptions {
  queue: JobQueue;
  desk: WorkDesk;
  /** Jobs at the same time, each in a child process of its own. */
  slots: number;
  setup: ChildSetup;
  log: WorkerLog;
  stallMs?: number | undefined;
  maxRssBytes?: number | undefined;
  idleMs?: number | undefined;
  /** Entry of the child; for tests of what happens when it dies. */
  entry?: string | undefined;
}

/** As much of a logger as a worker uses. Job ids and reasons, never words of sessions. */
export interface WorkerLog {
  warn(fields: object, message: string): void;
}

export interface Worker {
  /** Takes no more jobs and resolves when the running ones have ended. */
  drain(): Promise<void>;
  /** Gives running jobs back at once. */
  stop(): Promise<void>;
  /** Pids of the children that are alive. */
  pids(): number[];
}

/** Longer than the inference pool's own patience (10 min), which names the recording that hangs. */
const defaultStallMs = 12 * 60_000;

/**
 * Takes `inspect` jobs off the queue. This process keeps the leases and asks the desk; children compute. A child that dies
 * costs a try of the session that it was at, not of those that shared its job.
 */
export function startWorker(options: WorkerOptions): Worker {
  const { queue, desk, slots: places } = options;
  const slots = Array.from(
    { length: places },
    () =>
      new Slot({
        setup: options.setup,
        desk,
        stallMs: options.stallMs ?? defaultStallMs,
        maxRssBytes: options.maxRssBytes ?? 640 * 1024 * 1024,
        idleMs: options.idleMs ?? 120_000,
        entry: options.entry,
      }),
  );
  const free = [...slots];
  const waiting: (() => void)[] = [];
  const handle = async (queued: QueuedJob, context: JobContext) => {
    const job = toInspectJob(queued);
    // A job that was cancelled or lost is over for the queue a moment before its child has let go of it.
    while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const slot = free.pop()!;
    try {
      await inspect(job, slot, options, context);
    } finally {
      free.push(slot);
      waiting.shift()?.();
    }
  };
  const consumer: Consumer = queue.consume({ kinds: ['inspect'], concurrency: places }, handle);
  const close = () => Promise.all(slots.map((slot) => slot.close()));
  return {
    async drain() {
      await consumer.drain();
      await close();
    },
    async stop() {
      // Children first: a job that is given back must not go on here.
      await Promise.all([consumer.stop(), close()]);
    },
    pids: () => slots.flatMap((slot) => slot.pid ?? []),
  };
}

function toInspectJob({ id, payload }: QueuedJob): InspectJob {
  const read = inspectPayloadSchema.safeParse(payload);
  if (!read.success) throw new GiveUp('The payload of this job is none of an inspection.');
  return { id, payload: read.data };
}

/**
 * One job: all its sessions at once, and after a crash those that are left one by one, so that the one that kills its child
 * takes no other with it. Throws where something is left to be tried again; what was submitted stays.
 */
async function inspect(job: InspectJob, slot: Slot, { desk, log }: WorkerOptions, context: JobContext): Promise<void> {
  const { signal } = context;
  const order = await desk.order(job, signal);
  const left = new Map(order.sessions.map((session) => [session.key, session]));
  const total = Math.max(1, left.size);
  const reasons: string[] = [];

  const run = async (sessions: OrderedSession[]) => {
    const done = total - left.size;
    const outcome = await slot.run(
      job,
      { ...order, sessions },
      signal,
      (fraction) => context.progress((done + fraction * sessions.length) / total),
      (keys) => keys.forEach((key) => left.delete(key)),
    );
    signal.throwIfAborted();
    if (outcome.refusal) throw outcome.refusal;
    for (const { key, problem } of outcome.troubled) {
      left.delete(key);
      reasons.push(problem.message);
    }
    return outcome.death;
  };

  if (left.size === 0) return;
  let death = await run([...left.values()]);
  if (death) log.warn({ job: job.id, session: death.key, reason: death.reason }, 'a child that inspected has died');
  // A child that died before it had begun with anything (killed while it was idle) says nothing of the session.
  if (death && death.key !== null && order.sessions.length === 1) reasons.push(crashed(death.reason));
  else if (death)
    for (const session of [...left.values()]) {
      death = await run([session]);
      if (!death) continue;
      log.warn({ job: job.id, session: session.key, reason: death.reason }, 'a child that inspected has died');
      left.delete(session.key);
      reasons.push(crashed(death.reason));
    }
  if (reasons.length > 0) throw new Error([...new Set(reasons)].join(' '));
}

function crashed(reason: string): string {
  return `The process that inspected this session did not survive it. ${reason}`;
}
