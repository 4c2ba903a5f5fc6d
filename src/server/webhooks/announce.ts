import { createHash } from 'node:crypto';
import type { NewJob } from '../../queue/index.ts';
import type { SessionSummary } from '../../session/index.ts';
import type { Webhook } from '../../store/index.ts';
import type { Context } from '../context.ts';
import { redactSummary } from '../http/redact.ts';
import type { WebhookBody, WebhookData, WebhookEvent } from './events.ts';

type Part = Pick<Context, 'store' | 'queue' | 'config' | 'now'>;

export interface Announcement<E extends WebhookEvent> {
  event: E;
  /** What it tells about, unique within the event: telling it again makes no second delivery. */
  subject: string;
  /** Webhooks of other teams are not told; null: only those of no team. */
  team: string | null;
  data: WebhookData<E>;
}

/** Tells every webhook that wants to know. Idempotent: may be called again after a crash, and for what was told before. */
export async function announce<E extends WebhookEvent>(context: Part, told: Announcement<E>): Promise<void> {
  const hooks = (await context.store.webhooks.list()).filter((hook) => wants(hook, told.event, told.team));
  for (const hook of hooks) await deliver(context, hook.id, told);
}

/** Tells one webhook; returns the delivery's id. */
export async function deliver<E extends WebhookEvent>(
  { store, queue, now }: Part,
  webhookId: string,
  { event, subject, data }: Omit<Announcement<E>, 'team'>,
): Promise<string> {
  const id = deliveryId(webhookId, event, subject);
  const body: WebhookBody<E> = { type: event, timestamp: now().toISOString(), data };
  const fresh = await store.webhooks.addDelivery({ id, webhookId, event, body: JSON.stringify(body) });
  // Known and still waiting: the process may have ended between noting it and queueing it.
  if (fresh || (await store.webhooks.delivery(id))?.state === 'waiting') await queue.add([webhookJob(webhookId, id)]);
  return id;
}

export interface WebhookJobPayload {
  deliveryId: string;
  /** Tries that were made before this job. */
  before: number;
}

export function webhookJob(webhookId: string, deliveryId: string, again?: { before: number; at: Date }): NewJob {
  const payload: WebhookJobPayload = { deliveryId, before: again?.before ?? 0 };
  return {
    id: again ? `webhook:${deliveryId}:${again.at.getTime()}` : `webhook:${deliveryId}`,
    kind: 'webhook',
    group: `webhook:${webhookId}`,
    priority: 3,
    lane: null,
    payload,
  };
}

function wants({ active, events, team }: Webhook, event: WebhookEvent, of: string | null): boolean {
  return active && events.includes(event) && (team === null || team === of);
}

/** `msg_` and what makes it one of a kind; also the header webhook-id, by which receivers notice repetitions. */
function deliveryId(webhookId: string, event: string, subject: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([webhookId, event, subject]))
    .digest('hex');
  return `msg_${hash.slice(0, 32)}`;
}

/** Bands that a person should hear first. */
const highRisk = new Set<SessionSummary['band']>(['critical', 'high']);

/** Tells of sessions that were recorded and are at high risk. */
export async function announceRecorded(context: Part, keys: readonly string[]): Promise<void> {
  const { store } = context;
  const hooks = (await store.webhooks.list()).filter(
    ({ active, events }) => active && events.includes('session.high-risk'),
  );
  if (hooks.length === 0) return;
  for (const key of keys) {
    const found = await store.sessions.summary(key, { kind: 'all' });
    if (!found || found.state !== 'recorded' || !highRisk.has(found.band)) continue;
    const summary = redactSummary(found);
    const { score, passed, probability, band, reason } = summary;
    const data = { ...sessionData(context, summary), score, passed, probability, band: band!, reason };
    // A new result after a re-inspection is news; the same one told twice is not.
    const subject = `${key}@${found.recordedAt}`;
    for (const hook of hooks)
      if (wants(hook, 'session.high-risk', found.team))
        await deliver(context, hook.id, { event: 'session.high-risk', subject, data });
  }
}

/** Tells that a batch is through. */
export async function announceBatchFinished(context: Part, batchId: string): Promise<void> {
  const batch = await context.store.batches.get(batchId, { kind: 'all' });
  if (batch?.state !== 'done') return;
  const { id, title, team, counts } = batch;
  const url = `${context.config.publicUrl}/api/v1/batches/${encodeURIComponent(id)}`;
  const subject = `${id}@${batch.finishedAt}`;
  await announce(context, { event: 'batch.finished', subject, team, data: { id, title, team, counts, url } });
}

/** What every telling about a session holds. */
export function sessionData({ config }: Pick<Context, 'config'>, summary: SessionSummary) {
  const { key, id, batchId, channel, agentId, team, queue, startedAt } = summary;
  const url = `${config.publicUrl}/api/v1/sessions/${encodeURIComponent(key)}`;
  return { key, id, batchId, channel, agentId, team, queue, startedAt, url };
}
