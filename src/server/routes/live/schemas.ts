import { z } from 'zod';
import {
  channelSchema,
  criticalClassSchema,
  evidenceSchema,
  languageSchema,
  localisedSchema,
  sessionSummarySchema,
} from '../../../session/index.ts';

const name = z.string().min(1).max(200);

/** Names and values as in session files; bounded, because rules walk them. */
const attributesSchema = z
  .record(z.string().min(1).max(200), z.unknown())
  .refine((value) => Object.keys(value).length <= 200, 'at most 200 attributes')
  .refine((value) => JSON.stringify(value).length <= 100_000, 'at most 100,000 characters of JSON');

export const openLiveSchema = z.strictObject({
  id: name.describe('The source’s id of the contact; opening it again answers with the contact that is there.'),
  channel: channelSchema,
  language: languageSchema,
  agentId: name.nullable().default(null),
  customerId: name.nullable().default(null),
  team: name.nullable().default(null),
  queue: name.nullable().default(null),
  startedAt: z.iso.datetime({ offset: true }).optional().describe('Left out: now.'),
  attributes: attributesSchema.default({}),
});

export const liveTurnSchema = z.strictObject({
  n: z.number().int().min(1).describe('Its place in the contact, from 1. A turn that is sent again changes nothing.'),
  /** A running source knows who speaks; without that hardly a rule could be final. */
  speaker: z.enum(['agent', 'customer', 'bot', 'system']),
  text: z.string().max(20_000),
  startMs: z.number().int().min(0).max(864_000_000).optional().describe('Since the start; calls must state it.'),
  endMs: z.number().int().min(0).max(864_000_000).optional().describe('Calls must state it.'),
  visibility: z.enum(['public', 'internal']).default('public'),
  auto: z.boolean().optional(),
  author: name.optional(),
});

export const liveTurnsSchema = z.strictObject({ turns: z.array(liveTurnSchema).min(1).max(50) });

export const liveAlertSchema = z.object({
  item: z.string(),
  title: localisedSchema,
  reason: localisedSchema,
  severity: z.enum(['low', 'medium', 'high']),
  critical: criticalClassSchema.nullable(),
  needsConfirmation: z.boolean(),
  /** The last turn that was there when it became certain. */
  turn: z.number().int(),
  evidence: z.array(evidenceSchema),
});

export const liveVerdictSchema = z.object({
  item: z.string(),
  title: localisedSchema,
  /** `pending`: later turns can still decide it. Any other verdict is final. */
  verdict: z.enum(['pass', 'fail', 'na', 'pending']),
  reason: localisedSchema,
});

export const liveStateSchema = z.object({
  key: z.string(),
  /** Turns that are there. */
  turns: z.number().int(),
  /** False where judging failed: the words are kept, and the next turn judges them with the rest. */
  judged: z.boolean(),
  scorecard: z.object({ id: z.string(), version: z.number().int() }).nullable(),
  /** Raised by the turns of this request, the first time they came. */
  alerts: z.array(liveAlertSchema),
  verdicts: z.array(liveVerdictSchema),
});

export const openedSchema = z.object({ key: z.string(), opened: z.boolean(), summary: sessionSummarySchema });

export const endLiveSchema = z.strictObject({
  attributes: attributesSchema.default({}).describe('What is known only now; names that are there keep their values.'),
});
export const endedSchema = z.object({ key: z.string(), state: z.enum(['waiting', 'recorded', 'dead']) });
