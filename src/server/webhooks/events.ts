import { z } from 'zod';
import { bandSchema, batchCountsSchema, channelSchema, localisedSchema } from '../../session/index.ts';

const session = {
  key: z.string(),
  id: z.string(),
  batchId: z.string(),
  channel: channelSchema,
  agentId: z.string().nullable(),
  team: z.string().nullable(),
  queue: z.string().nullable(),
  startedAt: z.string().nullable(),
  /** Where the API shows it. */
  url: z.string(),
};

/** What webhooks can be told, and the shape of each telling’s `data`. Words are redacted. */
export const webhookEvents = {
  'session.high-risk': z.object({
    ...session,
    score: z.number().nullable(),
    passed: z.boolean().nullable(),
    probability: z.number().nullable(),
    band: bandSchema,
    reason: localisedSchema.nullable(),
  }),
  'batch.finished': z.object({
    id: z.string(),
    title: z.string(),
    team: z.string().nullable(),
    counts: batchCountsSchema,
    url: z.string(),
  }),
  'alert.live': z.object({
    ...session,
    /** The turn after which it was certain. */
    turn: z.number().int(),
    item: z.string(),
    title: localisedSchema,
    reason: localisedSchema,
    severity: z.enum(['low', 'medium', 'high']),
    critical: z.enum(['customer', 'business', 'compliance']).nullable(),
    /** It rests on an opinion alone and waits for a person. */
    needsConfirmation: z.boolean(),
  }),
  /** Sent on request, to try a webhook. */
  'webhook.ping': z.object({ webhookId: z.string() }),
} as const;

export type WebhookEvent = keyof typeof webhookEvents;
export type WebhookData<E extends WebhookEvent> = z.infer<(typeof webhookEvents)[E]>;

/** Those that can be subscribed to; a ping comes by request alone. */
export const subscribable = ['session.high-risk', 'batch.finished', 'alert.live'] as const;

/** The body of a delivery. */
export interface WebhookBody<E extends WebhookEvent = WebhookEvent> {
  type: E;
  timestamp: string;
  data: WebhookData<E>;
}
