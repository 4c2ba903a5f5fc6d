import { type Consumer, GiveUp, type QueuedJob, RetryLater } from '../../queue/index.ts';
import type { Context } from '../context.ts';
import { RefusedAddress } from './addresses.ts';
import type { WebhookJobPayload } from './announce.ts';
import { guardedFetch, type GuardedFetchOptions, type GuardedResponse } from './guardedFetch.ts';
import { secretsAt } from './secrets.ts';
import { sign } from './signing.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits between tries, as the Standard Webhooks specification suggests; after the last one a delivery is dead. */
export const retryWaits: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
];
/** Whatever a receiver asks for. */
const longestWait = 6 * hour;
/** A receiver that asks to come back later is obeyed for so long, even beyond the last of the waits above. */
const longestPatience = 72 * hour;

export interface DeliverOptions extends Partial<GuardedFetchOptions> {
  timeoutMs?: number;
  waits?: readonly number[];
}

/** Takes webhook jobs from the queue and delivers them. The caller drains or stops the consumer. */
export function startWebhooks(context: Context, options: DeliverOptions = {}): Consumer {
  const { queue, store, log } = context;
  const deliver = deliverer(context, options);
  queue.onDead((job) => {
    if (job.kind !== 'webhook') return;
    const { deliveryId } = job.payload as WebhookJobPayload;
    void store.webhooks
      .delivery(deliveryId)
      .then(async (delivery) => {
        if (delivery?.state === 'waiting')
          await store.webhooks.noteDelivery(deliveryId, {
            state: 'dead',
            lastStatus: delivery.lastStatus,
            lastError: job.reason,
          });
      })
      .catch((error: unknown) => {
        log.error({ err: error, deliveryId }, 'a dead webhook delivery could not be noted');
      });
  });
  return queue.consume({ kinds: ['webhook'], concurrency: 8 }, (job, { signal }) => deliver(job, signal));
}

/** What the consumer does with a job. */
export function deliverer({ store, config, now }: Context, options: DeliverOptions = {}) {
  const fetch = guardedFetch({ networks: config.webhookNetworks, ...options });
  const waits = options.waits ?? retryWaits;
  const { webhooks } = store;

  return async (job: Pick<QueuedJob, 'payload'>, signal: AbortSignal): Promise<void> => {
    const { deliveryId, before } = job.payload as WebhookJobPayload;
    const delivery = await webhooks.delivery(deliveryId);
    if (delivery?.state !== 'waiting') return;
    const hook = await webhooks.get(delivery.webhookId);
    const end = async (state: 'dead' | 'delivered', lastStatus: number | null, lastError: string | null) => {
      await webhooks.noteDelivery(deliveryId, { state, lastStatus, lastError });
    };
    if (!hook?.active) {
      await end('dead', null, 'The webhook is switched off.');
      return;
    }
    const at = now();
    let answer: GuardedResponse;
    try {
      answer = await fetch({
        url: hook.url,
        headers: {
          'content-type': 'application/json',
          ...sign(secretsAt(hook.secret, at), delivery.id, at, delivery.body),
        },
        body: delivery.body,
        timeoutMs: options.timeoutMs ?? 15_000,
        maxBytes: 16 * 1024,
        signal,
      });
    } catch (error) {
      // The queue takes the job back: nothing was learnt about the receiver.
      if (signal.aborted) throw error;
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof RefusedAddress) {
        await end('dead', null, why);
        return;
      }
      return later(null, why);
    }
    const { status } = answer;
    if (status >= 200 && status < 300) return end('delivered', status, null);
    if (status === 410) {
      // The receiver wants no more, for good.
      await webhooks.update(hook.id, { active: false });
      return end('dead', status, 'The receiver is gone (410); the webhook was switched off.');
    }
    const why = status >= 300 && status < 400 ? `Redirects are not followed (${status}).` : `Answered ${status}.`;
    const asked = status === 429 || status === 503 ? retryAfterMs(answer.headers['retry-after'], at) : null;
    const patient = at.getTime() - Date.parse(delivery.createdAt) < longestPatience;
    if (asked !== null && patient) {
      await webhooks.noteDelivery(deliveryId, { state: 'waiting', lastStatus: status, lastError: why });
      throw new RetryLater(Math.min(Math.max(asked, second), longestWait), why);
    }
    return later(status, why);

    /** Notes the failure and comes back after the next wait, or gives up where there is none. */
    async function later(lastStatus: number | null, lastError: string): Promise<never> {
      const wait = waits[delivery!.attempts - before];
      await webhooks.noteDelivery(deliveryId, {
        state: wait === undefined ? 'dead' : 'waiting',
        lastStatus,
        lastError,
      });
      if (wait === undefined) throw new GiveUp(lastError);
      throw new RetryLater(wait, lastError);
    }
  };
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from `now`; null where it says neither. */
function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * second;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
