import { z } from 'zod';

const countsSchema = z.object({
  waiting: z.number().int(),
  delayed: z.number().int(),
  running: z.number().int(),
  dead: z.number().int(),
});

export const queueStateSchema = z.object({
  backend: z.enum(['embedded', 'redis', 'postgres']),
  total: countsSchema,
  kinds: z.object({ ingest: countsSchema, inspect: countsSchema, webhook: countsSchema }),
  /** Inference children of the server itself; workers elsewhere are known to the queue by the jobs they run alone. */
  workers: z.object({ local: z.number().int(), running: z.number().int() }),
});

export const deadQuerySchema = z.object({
  group: z.string().min(1).max(300).optional().describe('Of one batch or webhook alone.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(500).optional().describe('Id of the last job of the page before.'),
});

export const deadJobsSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['ingest', 'inspect', 'webhook']),
      group: z.string(),
      priority: z.number().int(),
      attempt: z.number().int(),
      reason: z.string(),
      diedAt: z.string(),
    }),
  ),
  next: z.string().nullable().describe('Hand it back as `after`; null at the end.'),
});

export const redriveBodySchema = z.union([
  z.strictObject({ ids: z.array(z.string().min(1).max(500)).min(1).max(1000) }),
  z.strictObject({ group: z.string().min(1).max(300) }),
]);
export const redrivenSchema = z.object({ jobs: z.number().int() });

export const groupBodySchema = z.strictObject({
  group: z.string().min(1).max(300).optional().describe('Left out: everything.'),
});
export const pausedSchema = z.object({ paused: z.boolean(), group: z.string().nullable() });
