import { z } from 'zod';
import { channelSchema, languageSchema, msSchema, speakerSchema } from './primitives.ts';

export const wordSchema = z.object({
  text: z.string(),
  startMs: msSchema,
  endMs: msSchema,
  /** 0…1 as the recogniser gave it; absent where it gives none. */
  confidence: z.number().min(0).max(1).optional(),
});
export type Word = z.infer<typeof wordSchema>;

export const turnSchema = z.object({
  /** 1-based position in the session. */
  n: z.number().int().min(1),
  speaker: speakerSchema,
  /** `null` where the source states no time; a chat or ticket message has `endMs === startMs`. */
  startMs: msSchema.nullable(),
  endMs: msSchema.nullable(),
  text: z.string(),
  words: z.array(wordSchema).optional(),
  confidence: z.number().min(0).max(1).optional(),
  /** `internal` marks notes the customer never saw. */
  visibility: z.enum(['public', 'internal']),
  /** True for an automatic acknowledgement, when the source says so or intake recognised its pattern. */
  auto: z.boolean().optional(),
  /** The name or address that the source gave for the writer. */
  author: z.string().optional(),
});
export type Turn = z.infer<typeof turnSchema>;

/** Which side of a call a recording's channel carries. */
export const roleSchema = z.enum(['agent', 'customer', 'mixed']);
export type Role = z.infer<typeof roleSchema>;

export const recordingSchema = z.object({
  /** As given; relative paths are relative to the working directory of the run. */
  path: z.string(),
  sha256: z.string(),
  durationMs: msSchema,
  container: z.string(),
  codec: z.string(),
  sampleRate: z.number().int(),
  channels: z.number().int(),
  /** One role per channel; a mono mix, or two identical channels treated as mono, is `['mixed']`. */
  roles: z.array(roleSchema),
});
export type Recording = z.infer<typeof recordingSchema>;

/** A recogniser as it is pinned in a result. */
export const recogniserRefSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  /** SHA-256 over the files of the model; null where there is none or it cannot be read. */
  modelHash: z.string().nullable(),
  licence: z.string().nullable(),
});

/** Where a transcript came from; pinned in the result so that a score can be replayed. */
export const transcriptInfoSchema = z.object({
  origin: z.enum(['recognised', 'given', 'written']),
  recogniser: recogniserRefSchema.nullable(),
  /** Mean word confidence 0…1; null where none is known. */
  confidence: z.number().min(0).max(1).nullable(),
  wordTimes: z.boolean(),
  /** Known weaknesses of this recogniser on this recording, in both languages. */
  caveats: z.array(z.object({ en: z.string(), zh: z.string() })),
});
export type TranscriptInfo = z.infer<typeof transcriptInfoSchema>;

/** One contact between a customer and the company: a call, a chat or a ticket thread. */
export const sessionSchema = z.object({
  id: z.string().min(1),
  channel: channelSchema,
  language: languageSchema,
  agentId: z.string().nullable(),
  customerId: z.string().nullable(),
  team: z.string().nullable(),
  queue: z.string().nullable(),
  /** ISO 8601 instant of time 0, or null where the source states none. */
  startedAt: z.string().nullable(),
  /** Everything else that the source said: ticket fields, survey score, own keys. */
  attributes: z.record(z.string(), z.unknown()),
  recording: recordingSchema.nullable(),
  transcript: transcriptInfoSchema,
  turns: z.array(turnSchema),
});
export type Session = z.infer<typeof sessionSchema>;
