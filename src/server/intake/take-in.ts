import type { Readable } from 'node:stream';
import type { Batch, BatchFile } from '../../session/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem } from '../http/problem.ts';
import { ingestJob } from '../work/jobs.ts';
import { listedName } from './names.ts';

/** A file on its way in, from whatever side it comes. */
export interface Incoming {
  /** Chosen by the caller where the same file may come again after a crash; then it is taken in once. */
  id?: string;
  /** Asked for only when the bytes are safe, so that a batch can be opened by its first file. */
  batch: Batch | (() => Promise<Batch>);
  name: string;
  source: Readable | Uint8Array;
  /** SHA-256 that the sender states; other content is refused. */
  expect?: string | undefined;
  /** Inspect it although the same content was inspected before. */
  again?: boolean | undefined;
  sidecar?: Record<string, unknown> | null | undefined;
}

/**
 * The one way in for every file: into the archive, into the batch's list, onto the queue. A crash between two steps
 * loses nothing: bytes that no list names are swept, and a listed file without a job is found by the sweep of ingest.
 *
 * Throws what Archive.put throws, and HttpProblem `batch-closed`.
 */
export async function takeIn(context: Context, incoming: Incoming): Promise<BatchFile> {
  const { archive, store, config, events } = context;
  const { sha256, bytes } = await archive.put(incoming.source, {
    maxBytes: config.limits.uploadBytes,
    ...(incoming.expect === undefined ? {} : { expect: incoming.expect }),
  });
  const batch = typeof incoming.batch === 'function' ? await incoming.batch() : incoming.batch;
  const file = await store.batches.addFile({
    ...(incoming.id === undefined ? {} : { id: incoming.id }),
    batchId: batch.id,
    name: listedName(incoming.name),
    sha256,
    bytes,
    again: incoming.again ?? false,
    sidecar: incoming.sidecar ?? null,
  });
  if (!file) throw batchClosed();
  if (file.state === 'stored') await queueIngest(context, file, batch.settings);
  events.emit('batch', { id: file.batchId });
  return file;
}

/** Idempotent: a job that is known is not added twice. */
async function queueIngest({ queue, log }: Context, file: BatchFile, settings: Batch['settings']): Promise<void> {
  try {
    await queue.add([ingestJob(file, settings)]);
  } catch (error) {
    // The file is safe and listed; the sweep adds its job when the queue is back.
    log.warn({ err: error, fileId: file.id }, 'the queue did not take the job of a new file');
  }
}

export function batchClosed(): HttpProblem {
  return new HttpProblem(
    409,
    'batch-closed',
    'The batch takes no more files: it was closed or cancelled.',
    'Open another batch for them.',
  );
}
