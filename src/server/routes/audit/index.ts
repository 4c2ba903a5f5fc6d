import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { verifyAudit } from '../../../store/index.ts';
import type { Context } from '../../context.ts';
import { pageQuerySchema, pageSchema } from '../../http/paging.ts';

const tags = ['audit'];
const text = z.string().min(1).max(300);

export const auditQuerySchema = z.object({
  ...pageQuerySchema.shape,
  actor: text.optional(),
  action: text.optional(),
  target: text.optional(),
});

export const auditEntrySchema = z.object({
  seq: z.number().int(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});

export const auditVerifyQuerySchema = z.object({
  seq: z.coerce.number().int().min(1).optional().describe('With `hash`: an entry that was noted elsewhere earlier.'),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

export const auditVerdictSchema = z.object({
  whole: z.boolean(),
  entries: z.number().int(),
  /** The last entry of the unbroken chain; note it elsewhere to notice later that entries were cut off the end. */
  head: z.object({ seq: z.number().int(), hash: z.string() }).nullable(),
  /** The first place at which the chain is broken, and how. */
  broken: z.object({ seq: z.number().int(), why: z.string() }).nullable(),
});

/** Who did what. */
export function auditRoutes({ store }: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/audit',
      {
        config: { right: 'audit.read' },
        schema: {
          operationId: 'listAudit',
          summary: 'The audit log, newest first',
          tags,
          querystring: auditQuerySchema,
          response: { 200: pageSchema(auditEntrySchema) },
        },
      },
      async ({ query }) => store.audit.list(query),
    );

    app.get(
      '/audit/verify',
      {
        config: { right: 'audit.read' },
        schema: {
          operationId: 'verifyAudit',
          summary: 'Whether the chain of the audit log is whole',
          tags,
          querystring: auditVerifyQuerySchema,
          response: { 200: auditVerdictSchema },
        },
      },
      async ({ query: { seq, hash } }) => {
        const known = seq === undefined || hash === undefined ? null : { seq, hash };
        const verdict = await verifyAudit(store.audit.all(), known);
        return { whole: verdict.broken === null, ...verdict };
      },
    );
  };
}
