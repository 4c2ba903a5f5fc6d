import type { Batch, BatchState } from '../../../session/index.ts';
import type { Right } from '../../access/rights.ts';
import type { Actor, Context } from '../../context.ts';
import { HttpProblem } from '../../http/problem.ts';
import { ingestJob } from '../../work/jobs.ts';
import { finishBatch } from '../../intake/finish.ts';
import { visibleBatch } from './open-batch.ts';

/** Store and queue are moved together. Each may be asked again, after a crash between the two above all. */
export const batchActions = {
  close: { right: 'batches.create', summary: 'No more files will come: the batch is done when all are inspected.' },
  pause: { right: 'batches.manage', summary: 'Hold the work; what runs goes on to its end, files may still come.' },
  resume: { right: 'batches.manage', summary: 'Go on with the work of a paused batch.' },
  cancel: { right: 'batches.manage', summary: 'Give up the work that is left. What is recorded stays.' },
  retry: { right: 'batches.manage', summary: 'Try again what was given up.' },
} as const satisfies Record<string, { right: Right; summary: string }>;

export type BatchAction = keyof typeof batchActions;

export async function act(context: Context, actor: Actor, action: BatchAction, id: string): Promise<Batch> {
  const before = await visibleBatch(context, actor, id);
  const detail = await steps[action](context, before);
  await context.store.audit.append({
    actor: actor.name,
    action: `batch.${action}`,
    target: `batch:${id}`,
    detail: { before: before.state, ...detail },
  });
  context.events.emit('batch', { id });
  return visibleBatch(context, actor, id);
}

type Step = (context: Context, batch: Batch) => Promise<Record<string, unknown>>;

const steps: Record<BatchAction, Step> = {
  async close(context, { id, state }) {
    if (!(await context.store.batches.close(id))) throw not('closed', state);
    await finishBatch(context, id);
    return {};
  },

  async pause({ store, queue }, { id, state }) {
    await moveTo(store, id, ['receiving', 'running'], 'paused', state);
    await queue.pause(id);
    return {};
  },

  async resume(context, { id, state, closedAt }) {
    const { store, queue } = context;
    if (state === 'paused') await store.batches.move(id, ['paused'], closedAt === null ? 'receiving' : 'running');
    else if (state !== 'receiving' && state !== 'running') throw not('resumed', state);
    await queue.resume(id);
    await finishBatch(context, id);
    return {};
  },

  async cancel({ store, queue }, { id, state }) {
    await moveTo(store, id, ['receiving', 'running', 'paused'], 'cancelled', state);
    const dropped = await queue.cancel(id);
    // A group that is held for ever would hold nothing but its own mark.
    await queue.resume(id);
    return { dropped };
  },

  async retry(context, { id, state, settings }) {
    if (state === 'cancelled') throw not('tried again', state);
    const { store, queue } = context;
    const { files, keys } = await store.batches.revive(id);
    const redriven = await queue.redrive({ group: id });
    // Dead files whose job the queue has forgotten; a known id is not added twice. Sessions are found by the sweep.
    if (files.length > 0) await queue.add(files.map((fileId) => ingestJob({ id: fileId, batchId: id }, settings)));
    return { files: files.length, sessions: keys.length, redriven };
  },
};

async function moveTo(
  store: Context['store'],
  id: string,
  from: readonly BatchState[],
  to: BatchState,
  state: BatchState,
): Promise<void> {
  if (state === to) return;
  const moved = await store.batches.move(id, from, to);
  if (!moved) throw not(to, state);
}

function not(what: string, state: BatchState): HttpProblem {
  return new HttpProblem(
    409,
    'conflict',
    `The batch is ${state} and cannot be ${what}.`,
    'GET the batch for its present state.',
  );
}
