import type { Context } from '../context.ts';
import { announceBatchFinished } from '../webhooks/index.ts';

/** After something that may have been the last thing a batch waited for. */
export async function finishBatch(context: Context, id: string): Promise<void> {
  const { store, events } = context;
  const finished = await store.batches.finishIfComplete(id);
  events.emit('batch', { id });
  if (!finished) return;
  await announceBatchFinished(context, id);
  events.emit('batch-finished', { id });
}
