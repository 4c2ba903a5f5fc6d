import type { SessionSummary } from '../../../session/index.ts';
import type { Context } from '../../context.ts';
import { HttpProblem, notFound } from '../../http/problem.ts';
import { grantOf } from '../../work/signing.ts';

/** Queues a session to be inspected again, whatever state it is in; returns the job's id. */
export async function reinspect(context: Context, summary: SessionSummary, actor: string): Promise<string> {
  const { store, queue, config, now } = context;
  const { key, batchId, state } = summary;
  if (state === 'live')
    throw new HttpProblem(
      409,
      'conflict',
      'The contact is still running; it is inspected when it ends.',
      'End it first: POST /api/v1/sessions/KEY/end.',
    );
  const batch = await store.batches.get(batchId, { kind: 'all' });
  if (!batch || batch.state === 'cancelled')
    throw new HttpProblem(409, 'conflict', 'The batch of this session was cancelled; nothing of it is inspected.');
  const [session] = await store.sessions.waiting([key]);
  if (!session) throw notFound('What the session was made of');
  const id = `inspect:again:${key}:${now().getTime()}`;
  await store.audit.append({ actor, action: 'session.reinspect', target: `session:${key}`, detail: { job: id } });
  await queue.add([
    {
      id,
      kind: 'inspect',
      group: batchId,
      priority: batch.settings.priority,
      lane: session.recordingSha256 === null ? null : `recogniser:${batch.settings.recogniser}`,
      payload: { batchId, keys: [key], again: true, grant: grantOf(config.secret, id, batchId, [key]) },
    },
  ]);
  return id;
}
