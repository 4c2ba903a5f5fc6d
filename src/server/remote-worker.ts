import type { Logger } from 'pino';
import { openQueue, type QueuePlace, type QueueSettings } from '../queue/index.ts';
import { EarwitnessError } from '../session/index.ts';
import { type ChildSetup, createHttpDesk, type HttpDeskOptions, startWorker } from '../worker/index.ts';
import { createLog } from './http/log.ts';

export interface RemoteWorkerOptions {
  /** The queue of the server; one that other machines reach. */
  queue: Exclude<QueuePlace, { kind: 'embedded' }>;
  desk: HttpDeskOptions;
  slots: number;
  setup: ChildSetup;
  logLevel: string;
  log?: Logger;
  queueSettings?: Partial<QueueSettings>;
}

export interface RemoteWorker {
  pids(): number[];
  /** Lets running work end, for `graceMs` at most. */
  drain(graceMs: number): Promise<void>;
  /** Gives running work back at once. */
  stop(): Promise<void>;
}

/** How long the server's answer to the first question is waited for. */
const greetingMs = 10_000;

/**
 * A worker on its own: it takes jobs off the queue and asks the server for everything else. It has no access to database or archive.
 * Throws `worker-refused` where the server does not want it; where the server cannot be reached yet, the worker waits for it.
 */
export async function startRemoteWorker(options: RemoteWorkerOptions): Promise<RemoteWorker> {
  const log = options.log ?? createLog(options.logLevel);
  await greet(options.desk, log);
  const queue = await openQueue(options.queue, options.queueSettings);
  const { slots, setup } = options;
  const worker = startWorker({ queue, desk: createHttpDesk(options.desk), slots, setup, log });
  let ending: Promise<void> | null = null;
  const stop = async () => {
    await worker.stop();
    await queue.close();
  };
  return {
    pids: () => worker.pids(),
    async drain(graceMs) {
      const late = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
      await Promise.race([worker.drain(), late]);
      await (ending ??= stop());
    },
    stop: () => (ending ??= stop()),
  };
}

/** Asks with the token and nothing else: only the answer about the token matters. */
async function greet({ server, token }: HttpDeskOptions, log: Logger): Promise<void> {
  let response: Response;
  try {
    response = await fetch(`${server}/api/v1/work`, {
      headers: { 'earwitness-worker-token': token },
      signal: AbortSignal.timeout(greetingMs),
    });
  } catch {
    log.warn({ server }, 'the server does not answer yet; jobs wait until it does');
    return;
  }
  await response.body?.cancel();
  if (response.status !== 401) return;
  throw new EarwitnessError(
    'worker-refused',
    server,
    'The server does not know this worker token, or it has expired.',
    'Make another with `earwitness worker-token` on the server.',
  );
}
