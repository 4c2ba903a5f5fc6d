import { z } from 'zod';
import { pageQuerySchema } from '../../http/paging.ts';
import { subscribable } from '../../webhooks/events.ts';

export const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  /** Sessions and batches of this team alone; null: of all. */
  team: z.string().nullable(),
  active: z.boolean(),
  createdBy: z.string(),
  createdAt: z.string(),
});
export const webhookListSchema = z.object({ items: z.array(webhookSchema) });
/** The secret is shown here and never again. */
export const webhookSecretSchema = z.object({ webhook: webhookSchema, secret: z.string() });

const eventsSchema = z.array(z.enum(subscribable)).min(1).max(20);
const urlSchema = z.url().max(2_000);
const teamSchema = z.string().min(1).max(200).nullable();

export const newWebhookSchema = z.strictObject({
  url: urlSchema.describe('https or http; to a public address, unless EARWITNESS_WEBHOOK_NETWORKS allows another.'),
  events: eventsSchema,
  team: teamSchema.default(null),
});
export const webhookChangeSchema = z.strictObject({
  url: urlSchema.optional(),
  events: eventsSchema.optional(),
  team: teamSchema.optional(),
  active: z.boolean().optional(),
});
export const webhookParamsSchema = z.object({ id: z.string().min(1).max(100) });

export const deliverySchema = z.object({
  id: z.string(),
  event: z.string(),
  state: z.enum(['waiting', 'delivered', 'dead']),
  attempts: z.number().int(),
  lastStatus: z.number().int().nullable(),
  lastError: z.string().nullable(),
  createdAt: z.string(),
  deliveredAt: z.string().nullable(),
  /** As it is sent, as text: what is signed are its bytes. */
  body: z.string(),
});
export const deliveriesQuerySchema = pageQuerySchema;
export const deliveryParamsSchema = z.object({
  id: z.string().min(1).max(100),
  delivery: z.string().min(1).max(100),
});
export const sentSchema = z.object({ delivery: z.string() });
