import { z } from 'zod';
import { bandSchema, channelSchema, sessionResultSchema, sessionSummarySchema } from '../../../session/index.ts';
import { pageQuerySchema } from '../../http/paging.ts';
import { rawQuerySchema } from '../../http/redact.ts';

const text = z.string().min(1).max(500);
const instant = z.iso.datetime({ offset: true });

/** What narrows a list, an export or a report of sessions. */
export const sessionFilterSchema = z.object({
  batchId: text.optional(),
  channel: channelSchema.optional(),
  agentId: text.optional(),
  team: text.optional(),
  queue: text.optional(),
  customerId: text.optional(),
  band: bandSchema.optional(),
  passed: z.enum(['true', 'false']).optional(),
  state: z.enum(['waiting', 'live', 'recorded', 'dead']).optional(),
  scorecardId: text.optional(),
  from: instant.optional().describe('Sessions that started at this instant or later (RFC 3339).'),
  to: instant.optional().describe('Sessions that started before this instant.'),
  id: text.optional().describe('The id that the source gave.'),
});

export const sessionsQuerySchema = z.object({
  ...pageQuerySchema.shape,
  ...sessionFilterSchema.shape,
  order: z.enum(['newest', 'risk', 'score']).default('newest').describe('`score`: the lowest first.'),
});

export const keyParamsSchema = z.object({ key: z.string().min(1).max(200).describe('`key` of the session.') });

export const rawSchema = rawQuerySchema;

export const sessionDetailSchema = z.object({
  summary: sessionSummarySchema,
  /** Null while it waits, or where its work was given up. */
  result: sessionResultSchema.nullable(),
  /** Parts whose bytes are no longer those that were kept. */
  damaged: z.array(z.enum(['session', 'result'])),
});

export const reportQuerySchema = z.object({
  ...rawQuerySchema.shape,
  language: z.enum(['en', 'zh']).optional().describe('Shown first; the page holds both. Default: that of the account.'),
});

export const holdBodySchema = z.object({ reason: z.string().trim().min(1).max(500) });
export const heldSchema = z.object({ key: z.string(), held: z.boolean() });
export const queuedSchema = z.object({ key: z.string(), job: z.string() });
