import { z } from 'zod';
import { batchSchema, batchSettingsSchema, languageSchema } from '../../../session/index.ts';

export const batchIdSchema = z.object({
  id: z.string().min(1).max(100).describe('Id of the batch.'),
});

const titleSchema = z.string().trim().min(1).max(200).describe('What people call it.');
const teamSchema = z.string().trim().min(1).max(100).describe('Team that sees it beside leads and admins.');
const sha256Schema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
  .describe('SHA-256 of the file; other content is refused.');

/** What may be said about the work of a batch; what is left out gets the installation's default. */
export const settingsSchema = z
  .object({
    language: languageSchema.nullable().describe('For sessions whose language nothing tells.'),
    scorecards: batchSettingsSchema.shape.scorecards
      .max(50)
      .describe('Ids of scorecards in the order in which they are tried; empty: all that are published.'),
    priority: batchSettingsSchema.shape.priority.describe('0 urgent, 5 usual, 9 whenever there is nothing else.'),
    agentChannel: batchSettingsSchema.shape.agentChannel.describe('Side of a stereo recording that carries the agent.'),
    recogniser: z.string().min(1).max(100).describe('What hears recordings.'),
  })
  .partial();

export const newBatchSchema = z.strictObject({
  title: titleSchema,
  team: teamSchema.nullish(),
  settings: settingsSchema.optional(),
});
export type NewBatch = z.infer<typeof newBatchSchema>;

export const batchChangeSchema = z
  .strictObject({
    title: titleSchema,
    priority: batchSettingsSchema.shape.priority.describe('Holds for work that is queued from now on.'),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'state title, priority or both');

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');

/** Fields of a form that speak of the next file. */
export const fileFieldsSchema = z
  .object({
    sha256: sha256Schema,
    again: flag.describe('Inspect it although the same content was inspected before.'),
    metadata: z.record(z.string(), z.unknown()).describe('What a sidecar file would say about a recording.'),
  })
  .partial();

/** The same as `newBatchSchema`, flat, as a form or a query can say it. */
export const batchFieldsSchema = z
  .object({
    title: titleSchema,
    team: teamSchema,
    language: languageSchema,
    scorecards: z
      .string()
      .max(2_000)
      .transform((list) =>
        list
          .split(',')
          .map((id) => id.trim())
          .filter((id) => id !== ''),
      )
      .describe('Ids with commas between them.'),
    priority: z.coerce.number().pipe(batchSettingsSchema.shape.priority),
    agentChannel: batchSettingsSchema.shape.agentChannel,
    recogniser: z.string().min(1).max(100),
  })
  .partial();
export type BatchFields = z.infer<typeof batchFieldsSchema>;

export const uploadQuerySchema = z.object({
  again: flag.optional().describe('For all files: inspect them although their content was inspected before.'),
});

const fileProblemSchema = z.object({
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  hint: z.string().nullable(),
});
export type FileProblem = z.infer<typeof fileProblemSchema>;

export const uploadedFileSchema = z.object({
  name: z.string(),
  /** Null where the file was refused. */
  id: z.string().nullable(),
  sha256: z.string().nullable(),
  bytes: z.number().int().nullable(),
  /** The file of the same content that was inspected before; this one is not inspected again. */
  duplicateOf: z.string().nullable(),
  problem: fileProblemSchema.nullable(),
});
export type UploadedFile = z.infer<typeof uploadedFileSchema>;

export const uploadAnswerSchema = z.object({
  batch: batchSchema,
  taken: z.number().int(),
  duplicates: z.number().int(),
  refused: z.number().int(),
  files: z.array(uploadedFileSchema),
  /** Why the request was not read to its end; what is listed above is kept all the same. */
  incomplete: fileProblemSchema.nullable(),
});
export type UploadAnswer = z.infer<typeof uploadAnswerSchema>;
