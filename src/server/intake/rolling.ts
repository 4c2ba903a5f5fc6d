import { createHash } from 'node:crypto';
import type { Batch, BatchSettings } from '../../session/index.ts';
import type { ServerConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { finishBatch } from './finish.ts';

/** Where files come from without a person. */
export type Origin = 'hook' | 'watch' | 's3';

const titles: Record<Origin, string> = { hook: 'Telephony', watch: 'Watched folder', s3: 'S3 import' };

export function defaultBatchSettings(config: Pick<ServerConfig, 'recogniser'>): BatchSettings {
  return { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: config.recogniser };
}

/**
 * The batch of today (UTC) for what comes from one source without end. Found by an id made of day, source and team, so
 * that a restart and a second server go on with it. Where somebody closed it, or it is full, there is a next one.
 */
export async function rollingBatch(
  { store, config, now }: Context,
  origin: Origin,
  from: { label: string | null; team: string | null },
): Promise<Batch> {
  const day = now().toISOString().slice(0, 10);
  const mark = createHash('sha256')
    .update(JSON.stringify([from.label, from.team]))
    .digest('hex')
    .slice(0, 12);
  const about = from.label ?? from.team;
  const title = `${titles[origin]} ${about === null ? '' : `${about} `}${day}`.slice(0, 200);
  for (let n = 1; ; n++) {
    const batch = await store.batches.create({
      id: `${origin}-${day}-${mark}${n === 1 ? '' : `-${n}`}`,
      title: n === 1 ? title : `${title} (${n})`,
      team: from.team,
      createdBy: origin,
      settings: defaultBatchSettings(config),
    });
    if (mayStillCome(batch) && batch.counts.files < config.limits.filesPerBatch) return batch;
  }
}

/** Whether a batch takes files: not closed, not cancelled. */
export function mayStillCome({ state, closedAt }: Pick<Batch, 'state' | 'closedAt'>): boolean {
  return closedAt === null && (state === 'receiving' || state === 'paused');
}

const origins: ReadonlySet<string> = new Set<Origin>(['hook', 'watch', 's3']);

/** Closes the rolling batches of earlier days, so that they come to their end. Returns how many. */
export async function closeEarlierDays(context: Context): Promise<number> {
  const { store, now } = context;
  const today = now().toISOString().slice(0, 10);
  let closed = 0;
  let cursor: string | undefined;
  do {
    const page = await store.batches.list({ kind: 'all' }, { limit: 200, cursor, state: 'receiving' });
    for (const batch of page.items) {
      if (!origins.has(batch.createdBy) || batch.createdAt.slice(0, 10) >= today) continue;
      if (await store.batches.close(batch.id)) closed++;
      await finishBatch(context, batch.id);
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return closed;
}

/** Looks now and every hour; returns the way to stop. */
export function keepClosingEarlierDays(context: Context): () => void {
  const look = () => {
    closeEarlierDays(context).catch((error: unknown) => {
      context.log.warn({ err: error }, 'batches of earlier days could not be closed');
    });
  };
  look();
  const timer = setInterval(look, 3_600_000).unref();
  return () => {
    clearInterval(timer);
  };
}
