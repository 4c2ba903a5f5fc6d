import type { Batch, BatchFile } from '../../../session/index.ts';
import { notFound, HttpProblem } from '../../http/problem.ts';
import type { Actor, Context } from '../../context.ts';
import { defaultBatchSettings } from '../../intake/rolling.ts';
import type { BatchFields, NewBatch } from './schemas.ts';

/** Makes a batch for somebody, in a team that this account may work for. */
export async function openBatch({ store, config }: Context, actor: Actor, wanted: NewBatch): Promise<Batch> {
  const { settings } = wanted;
  const batch = await store.batches.create({
    title: wanted.title,
    team: teamFor(actor, wanted.team ?? null),
    createdBy: actor.account.id,
    settings: {
      ...defaultBatchSettings(config),
      ...Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== undefined)),
    },
  });
  await store.audit.append({ actor: actor.name, action: 'batch.create', target: `batch:${batch.id}`, detail: {} });
  return batch;
}

/** The flat form of a query or a form made whole. */
export function fromFields({ title, team, ...settings }: BatchFields, now: Date): NewBatch {
  return { title: title ?? `Upload ${now.toISOString().slice(0, 16).replace('T', ' ')}`, team: team ?? null, settings };
}

/** Who sees all teams chooses freely; others work for one of their own, which need not be named where it is the only one. */
export function teamFor({ scope }: Actor, wanted: string | null): string | null {
  if (scope.kind === 'all') return wanted;
  const teams = scope.kind === 'teams' ? scope.teams : [];
  if (wanted === null && teams.length === 1) return teams[0]!;
  if (wanted !== null && teams.includes(wanted)) return wanted;
  throw new HttpProblem(
    403,
    'team-not-yours',
    wanted === null ? 'Name the team that the batch is for.' : 'This account does not work for that team.',
    teams.length === 0 ? 'Ask an admin to enter a team for this account.' : 'Name one of the teams of this account.',
  );
}

/** The batch, or 404 where it is not there or not for this account. */
export async function visibleBatch({ store }: Context, actor: Actor, id: string): Promise<Batch> {
  const batch = await store.batches.get(id, actor.scope);
  if (!batch) throw notFound('The batch');
  return batch;
}

/** A file is seen by those who see its batch. */
export async function visibleFile(context: Context, actor: Actor, id: string): Promise<BatchFile> {
  const file = await context.store.batches.file(id);
  if (!file || !(await context.store.batches.get(file.batchId, actor.scope))) throw notFound('The file');
  return file;
}
