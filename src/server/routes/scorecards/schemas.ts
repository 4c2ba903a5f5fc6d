import { z } from 'zod';

export const publishedSchema = z.object({ id: z.string(), version: z.string(), hash: z.string() });
export const publishedListSchema = z.object({ items: z.array(publishedSchema) });

export const scorecardParamsSchema = z.object({ id: z.string().min(1).max(200) });
export const scorecardQuerySchema = z.object({
  version: z.string().min(1).max(20).optional().describe('Left out: the one in force.'),
});

const fileSchema = z.object({ path: z.string(), sha256: z.string(), text: z.string() });
export const scorecardSchema = publishedSchema.extend({
  /** The file that the others are named from. */
  path: z.string(),
  files: z.array(fileSchema),
});

export const versionsSchema = z.object({
  items: z.array(z.object({ version: z.string(), hash: z.string(), publishedAt: z.string() })),
});

/** Paths are relative, with slashes; the card names its lexicons and knowledge bases by them. */
const pathSchema = z
  .string()
  .min(1)
  .max(300)
  .regex(/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)[^\\\0:]+$/, 'a relative path with slashes, without . and ..');

export const publishBodySchema = z.strictObject({
  path: pathSchema.describe('The scorecard among `files`.'),
  files: z.record(pathSchema, z.string().max(4_000_000)).describe('Text of each file by its path.'),
});
export const publishQuerySchema = z.object({
  dryRun: z.enum(['true', 'false']).default('false').describe('`true`: check alone, publish nothing.'),
});

export const findingSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  message: z.object({ en: z.string(), zh: z.string() }),
  hint: z.object({ en: z.string(), zh: z.string() }).nullable(),
});

export const publishedAnswerSchema = publishedSchema.extend({
  /** False where this very content was in force already, or in a dry run. */
  published: z.boolean(),
  /** What the linter finds doubtful; errors would have been refused. */
  findings: z.array(findingSchema),
});
