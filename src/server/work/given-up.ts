import type { DeadJob } from '../../queue/index.ts';
import type { Problem } from '../../session/index.ts';
import { inspectPayloadSchema } from '../../worker/index.ts';
import type { Context } from '../context.ts';
import { finishBatch } from '../intake/finish.ts';

/**
 * What the queue has given up is noted where people look: sessions become dead and files failed, with the reason, and a
 * batch that waited for nothing else is done.
 */
export async function noteDeath(context: Context, job: DeadJob): Promise<void> {
  if (job.kind === 'inspect') await buryInspection(context, job);
  else if (job.kind === 'ingest') await failFile(context, job);
}

async function buryInspection(context: Context, { payload, reason }: DeadJob): Promise<void> {
  const read = inspectPayloadSchema.safeParse(payload);
  if (!read.success) return;
  const { keys, batchId } = read.data;
  // Those that were recorded on one of the tries stay as they are.
  for (const { key, source, state } of await context.store.sessions.waiting(keys)) {
    if (state !== 'waiting') continue;
    const path = source.entry === null ? source.path : `${source.path}#${source.entry}`;
    await context.store.sessions.bury([key], givenUp('inspection-given-up', path, reason));
  }
  await finishBatch(context, batchId);
}

async function failFile(context: Context, { payload, reason }: DeadJob): Promise<void> {
  const { fileId } = payload as { fileId?: unknown };
  const file = typeof fileId === 'string' ? await context.store.batches.file(fileId) : null;
  if (file?.state !== 'stored' && file?.state !== 'reading') return;
  await context.store.batches.moveFile(file.id, 'failed', givenUp('reading-given-up', file.name, reason));
  await finishBatch(context, file.batchId);
}

function givenUp(code: 'inspection-given-up' | 'reading-given-up', path: string, reason: string): Problem {
  return {
    path,
    code,
    message: `It was tried several times and given up. The last try: ${reason}`,
    hint: 'Correct what the reason names and retry the batch, or leave it out.',
  };
}
