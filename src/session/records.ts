import { z } from 'zod';
import { problemSchema } from './errors.ts';
import { channelSchema, languageSchema, localisedSchema, msSchema } from './primitives.ts';
import { bandSchema } from './result.ts';

/**
 * What an installation keeps beside sessions and results: the people who use it, the batches they upload, and the line
 * that stands for an inspected session in a list. Stores return these, the server serves them, the web desk reads them.
 * Times are ISO 8601 instants in UTC, ids are opaque.
 */

/** From most to least: what each may do is decided in server/access alone. */
export const userRoleSchema = z.enum(['admin', 'lead', 'supervisor', 'reviewer', 'agent']);
export type UserRole = z.infer<typeof userRoleSchema>;

export const accountSchema = z.object({
  id: z.string(),
  /** Folded to lower case; unique. */
  login: z.string(),
  name: z.string(),
  role: userRoleSchema,
  /** Teams whose sessions a supervisor or reviewer sees; others do not use it. */
  teams: z.array(z.string()),
  /** The id under which sessions name this person as their agent; null for those who serve no customers. */
  agentId: z.string().nullable(),
  /** Whether this person may read unredacted text and hear unredacted sound. */
  mayReadRaw: z.boolean(),
  active: z.boolean(),
  language: z.enum(['en', 'zh']),
  createdAt: z.string(),
});
export type Account = z.infer<typeof accountSchema>;

/** `receiving`: files may still come; `open` work goes on; the last three are ends. */
export const batchStateSchema = z.enum(['receiving', 'running', 'paused', 'done', 'cancelled']);
export type BatchState = z.infer<typeof batchStateSchema>;

export const batchSettingsSchema = z.object({
  /** For sessions whose language nothing tells. */
  language: languageSchema.nullable(),
  /** Ids of scorecards in the order in which they are tried; empty: all that are published. */
  scorecards: z.array(z.string()),
  /** Work of lower number comes first: 0 urgent, 5 usual, 9 whenever there is nothing else. */
  priority: z.number().int().min(0).max(9),
  agentChannel: z.enum(['left', 'right']),
  recogniser: z.string(),
});
export type BatchSettings = z.infer<typeof batchSettingsSchema>;

export const batchCountsSchema = z.object({
  files: z.number().int(),
  /** Files that were read to their end, with or without failures. */
  filesDone: z.number().int(),
  filesDuplicate: z.number().int(),
  sessions: z.number().int(),
  recorded: z.number().int(),
  /** Sessions whose work was given up; the reason stands among the failures. */
  dead: z.number().int(),
  /** Inputs that could not be read, and sessions that could not be inspected. */
  failures: z.number().int(),
});
export type BatchCounts = z.infer<typeof batchCountsSchema>;

export const batchSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** The team that sees it beside leads and admins; null: leads and admins alone. */
  team: z.string().nullable(),
  /** Account id, or `hook`, `watch`, `s3` for what came without a person. */
  createdBy: z.string(),
  createdAt: z.string(),
  /** From then on no more files can come; null while they may. A batch can be paused before and after. */
  closedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  state: batchStateSchema,
  settings: batchSettingsSchema,
  counts: batchCountsSchema,
});
export type Batch = z.infer<typeof batchSchema>;

export const batchFileSchema = z.object({
  id: z.string(),
  batchId: z.string(),
  /** As uploaded, with folders; never used as a path on this machine. */
  name: z.string(),
  sha256: z.string(),
  bytes: z.number().int(),
  state: z.enum(['stored', 'reading', 'done', 'failed', 'duplicate']),
  /** The file of the same content that was inspected before. */
  duplicateOf: z.string().nullable(),
  problem: problemSchema.nullable(),
  sessions: z.number().int(),
  createdAt: z.string(),
  /** What the uploader knows about a recording: read as if it lay beside it in a sidecar file. */
  sidecar: z.record(z.string(), z.unknown()).nullable(),
});
export type BatchFile = z.infer<typeof batchFileSchema>;

/** The line that stands for a session in a list. What needs more reads the whole result. */
export const sessionSummarySchema = z.object({
  /** Unique in the installation. `id` is the source's and may come again in another batch. */
  key: z.string(),
  id: z.string(),
  batchId: z.string(),
  fileId: z.string(),
  channel: channelSchema,
  language: languageSchema,
  agentId: z.string().nullable(),
  customerId: z.string().nullable(),
  team: z.string().nullable(),
  queue: z.string().nullable(),
  startedAt: z.string().nullable(),
  durationMs: msSchema.nullable(),
  /** `live`: a running contact, judged turn by turn; a final inspection replaces it. */
  state: z.enum(['waiting', 'live', 'recorded', 'dead']),
  createdAt: z.string(),
  recordedAt: z.string().nullable(),
  scorecardId: z.string().nullable(),
  scorecardVersion: z.number().int().nullable(),
  scorecardHash: z.string().nullable(),
  score: z.number().nullable(),
  passed: z.boolean().nullable(),
  provisional: z.boolean(),
  autoFails: z.number().int(),
  probability: z.number().nullable(),
  band: bandSchema.nullable(),
  /** The heaviest reason of the risk. */
  reason: localisedSchema.nullable(),
  hasRecording: z.boolean(),
  /** A legal hold keeps it from retention and erasure. */
  held: z.boolean(),
});
export type SessionSummary = z.infer<typeof sessionSummarySchema>;

/** Kinds of work that a queue carries. */
export type JobKind = 'ingest' | 'inspect' | 'webhook';
