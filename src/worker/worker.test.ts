import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Consumer, GiveUp, type JobHandler, type JobQueue, type QueuedJob, RetryLater } from '../queue/index.ts';
import type { FinishedWork, OrderedSession, Session } from '../session/index.ts';
import type { WorkDesk } from './desk.ts';
import { writeObedientChild } from './testing/children.ts';
import { startWorker, type Worker, type WorkerOptions } from './worker.ts';

let dir: string;
let entry: string;
let worker: Worker | null = null;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'worker-test-'));
  entry = await writeObedientChild(dir);
});

afterEach(async () => {
  await worker?.stop();
  worker = null;
  await rm(dir, { recursive: true, force: true });
});

/** Hands one handler out, as a queue would; what queues do is their own suite's matter. */
function handlerOf(options: Partial<WorkerOptions> & { desk: WorkDesk }): JobHandler {
  let handler: JobHandler | null = null;
  const consumer: Consumer = { drain: () => Promise.resolve(), stop: () => Promise.resolve() };
  const queue = {
    consume: (_options: unknown, given: JobHandler) => {
      handler = given;
      return consumer;
    },
  } as unknown as JobQueue;
  worker = startWorker({
    queue,
    slots: 1,
    setup: { modelsDir: dir, offline: true, judge: null },
    log: { warn: () => undefined },
    entry,
    ...options,
  });
  return handler!;
}

function ordered(id: string, n: number): OrderedSession {
  return {
    key: `k${n}-${id}`,
    session: { id } as Session,
    source: { path: id, entry: null },
    notices: [],
    recordingSha256: null,
    channelRoles: null,
  };
}

function deskOf(ids: readonly string[], recogniser = 'auto') {
  const sessions = ids.map(ordered);
  const submitted: FinishedWork[] = [];
  const desk: WorkDesk = {
    order: () => Promise.resolve({ batchId: 'b', sessions, scorecards: [], recogniser, agentChannel: 'left' }),
    artefact: () => Promise.reject(new Error('none')),
    recording: () => Promise.reject(new Error('none')),
    submit: (_job, work) => {
      submitted.push(work);
      return Promise.resolve();
    },
  };
  const keys = () => submitted.flatMap(({ finished }) => finished.map(({ key }) => key)).sort();
  return { desk, submitted, keys };
}

const job: QueuedJob = {
  id: 'inspect:1',
  kind: 'inspect',
  group: 'b',
  priority: 5,
  lane: null,
  payload: { batchId: 'b', keys: ['k0'], grant: 'g' },
  attempt: 1,
};

function context(signal = new AbortController().signal) {
  return { signal, progress: vi.fn() };
}

test('hands in what was finished and what can never be, and is done', async () => {
  const { desk, submitted } = deskOf(['good', 'never', 'good']);
  await handlerOf({ desk })(job, context());
  expect(submitted).toEqual([
    {
      finished: [{ key: 'k0-good' }, { key: 'k2-good' }],
      failed: [{ key: 'k1-never', problem: { path: 'k1-never', code: 'internal', message: 'Never.', hint: null } }],
    },
  ]);
});

test('what another try may inspect fails the job with its reason; the others are handed in', async () => {
  const { desk, keys } = deskOf(['later', 'good']);
  await expect(handlerOf({ desk })(job, context())).rejects.toThrow('Not now.');
  expect(keys()).toEqual(['k1-good']);
});

test('a session that kills its child costs its mates nothing, and the job says how it ended', async () => {
  const { desk, keys } = deskOf(['good', 'dies', 'good', 'good']);
  await expect(handlerOf({ desk })(job, context())).rejects.toThrow(/did not survive it.*SIGKILL/);
  expect(keys()).toEqual(['k0-good', 'k2-good', 'k3-good']);
});

test('a child that was killed between two jobs costs the next one nothing', async () => {
  const { desk, keys } = deskOf(['good']);
  const handle = handlerOf({ desk });
  await handle(job, context());
  process.kill(worker!.pids()[0]!, 'SIGKILL');
  await handle(job, context());
  expect(keys()).toEqual(['k0-good', 'k0-good']);
});

test('a session that kills its child and is alone in its job fails it', async () => {
  const { desk, keys } = deskOf(['dies']);
  await expect(handlerOf({ desk })(job, context())).rejects.toThrow(/did not survive it.*SIGKILL/);
  expect(keys()).toEqual([]);
});

test('a child that says nothing any more is ended, and the next job has a fresh one', async () => {
  const hanging = deskOf(['hangs']);
  const handle = handlerOf({ desk: hanging.desk, stallMs: 300 });
  await expect(handle(job, context())).rejects.toThrow('said nothing for 0.3 s');
  const [before] = worker!.pids();
  expect(before).toBeUndefined();
});

test('a child that has grown too large is replaced after its job', async () => {
  const { desk, keys } = deskOf(['good'], 'large');
  await handlerOf({ desk, maxRssBytes: 1e9 })(job, context());
  expect(keys()).toEqual(['k0-good']);
  expect(worker!.pids()).toEqual([]);
});

test('a child is kept for the next job', async () => {
  const { desk } = deskOf(['good']);
  const handle = handlerOf({ desk });
  await handle(job, context());
  const first = worker!.pids();
  await handle(job, context());
  expect(first).toHaveLength(1);
  expect(worker!.pids()).toEqual(first);
});

test('a job that is cancelled ends its child and is not done', async () => {
  const { desk, keys } = deskOf(['hangs']);
  const stop = new AbortController();
  const running = handlerOf({ desk })(job, context(stop.signal));
  await vi.waitFor(() => expect(worker!.pids()).toHaveLength(1));
  stop.abort(new Error('cancelled'));
  await expect(running).rejects.toThrow('cancelled');
  expect(keys()).toEqual([]);
});

test('what the desk refuses reaches the queue as the desk said it', async () => {
  const { desk } = deskOf(['good']);
  const refusal = new RetryLater(5_000, 'The server is away.');
  const handle = handlerOf({ desk: { ...desk, submit: () => Promise.reject(refusal) } });
  await expect(handle(job, context())).rejects.toBe(refusal);
});

test('an order without sessions starts no child', async () => {
  const { desk } = deskOf([]);
  await handlerOf({ desk })(job, context());
  expect(worker!.pids()).toEqual([]);
});

test('a payload that is none of ours is given up at once', async () => {
  const { desk } = deskOf(['good']);
  await expect(handlerOf({ desk })({ ...job, payload: { keys: 7 } }, context())).rejects.toBeInstanceOf(GiveUp);
});
