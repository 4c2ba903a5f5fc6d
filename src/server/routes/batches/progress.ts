import { z } from 'zod';
import { type Batch, batchCountsSchema, batchStateSchema } from '../../../session/index.ts';
import type { Context } from '../../context.ts';

export const progressSchema = z.object({
  id: z.string(),
  state: batchStateSchema,
  counts: batchCountsSchema,
  /** Part of the known work that is done, 0…1. More files or sessions may still make the whole larger. */
  fraction: z.number(),
  /** Sessions recorded in the last minute, as a rate. */
  sessionsPerMinute: z.number(),
  /** Null where nothing moves, or where nobody can say. */
  etaSeconds: z.number().int().nullable(),
  at: z.string(),
});
export type Progress = z.infer<typeof progressSchema>;

const windowS = 60;

/**
 * How fast each batch moves, from what is recorded in this process: a count for every second of the last minute. Holds
 * only batches in which something moved in that minute.
 */
export class Pace {
  readonly #batches = new Map<string, { from: number; seconds: Map<number, number> }>();
  readonly #now: () => Date;

  constructor({ events, now }: Pick<Context, 'events' | 'now'>) {
    this.#now = now;
    this.stop = events.on('recorded', ({ batchId }) => {
      this.#note(batchId);
    });
  }

  readonly stop: () => void;

  #note(batchId: string): void {
    const second = this.#second();
    let batch = this.#batches.get(batchId);
    if (!batch) {
      this.#batches.set(batchId, (batch = { from: second, seconds: new Map() }));
      this.#prune(second);
    }
    batch.seconds.set(second, (batch.seconds.get(second) ?? 0) + 1);
    if (batch.seconds.size > windowS) this.#forget(batch, second);
  }

  perMinute(batchId: string): number {
    const batch = this.#batches.get(batchId);
    if (!batch) return 0;
    const second = this.#second();
    this.#forget(batch, second);
    let recorded = 0;
    for (const count of batch.seconds.values()) recorded += count;
    // A batch that began ten seconds ago is measured over ten seconds.
    const span = Math.min(windowS, Math.max(1, second - batch.from + 1));
    return (recorded * 60) / span;
  }

  #forget({ seconds }: { seconds: Map<number, number> }, second: number): void {
    for (const each of seconds.keys()) if (each <= second - windowS) seconds.delete(each);
  }

  #prune(second: number): void {
    for (const [id, batch] of this.#batches) {
      this.#forget(batch, second);
      if (batch.seconds.size === 0 && batch.from < second) this.#batches.delete(id);
    }
  }

  #second(): number {
    return Math.floor(this.#now().getTime() / 1000);
  }
}

export function progressOf(batch: Batch, pace: Pace, now: Date): Progress {
  const { counts, state } = batch;
  const over = state === 'done' || state === 'cancelled';
  const sessionsPerMinute = over || state === 'paused' ? 0 : pace.perMinute(batch.id);
  const ended = counts.recorded + counts.dead;
  const expected = expectedSessions(counts);
  const left = Math.max(0, expected - ended);
  const known = expected > 0 ? Math.min(1, ended / expected) : 0;
  return {
    id: batch.id,
    state,
    counts,
    fraction: state === 'done' ? 1 : Math.round(known * 10_000) / 10_000,
    sessionsPerMinute: Math.round(sessionsPerMinute * 10) / 10,
    etaSeconds: over ? 0 : sessionsPerMinute > 0 ? Math.ceil((left / sessionsPerMinute) * 60) : null,
    at: now.toISOString(),
  };
}

/** Files that are not read yet are taken to hold as many sessions as those that were. */
function expectedSessions({ files, filesDone, filesDuplicate, sessions }: Batch['counts']): number {
  const unread = Math.max(0, files - filesDuplicate - filesDone);
  const perFile = filesDone > 0 ? sessions / filesDone : 1;
  return sessions + unread * perFile;
}
