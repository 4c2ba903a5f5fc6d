import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sessionsCsvHead, sessionsCsvLine } from '../../../report/index.ts';
import type { SessionResult } from '../../../session/index.ts';
import type { Context } from '../../context.ts';
import { notFound } from '../../http/problem.ts';
import { rawQuerySchema, redactResult, wantsRaw } from '../../http/redact.ts';
import { toVcon } from '../../../store/index.ts';
import { filterOf } from '../sessions/filter.ts';
import { keyParamsSchema, sessionFilterSchema } from '../sessions/schemas.ts';

const tags = ['exports'];

export const exportQuerySchema = z.object({
  ...sessionFilterSchema.shape,
  ...rawQuerySchema.shape,
  language: z.enum(['en', 'zh']).optional().describe('Of the table’s words. Default: that of the account.'),
});
type ExportQuery = z.infer<typeof exportQuerySchema>;

/** Lines are sent together up to about this many characters. */
const together = 64 * 1024;

/** Sessions in bulk, streamed: what is not read yet is not made yet. */
export function exportRoutes(context: Context): FastifyPluginAsyncZod {
  const { store } = context;

  const send = async (
    request: FastifyRequest<{ Querystring: ExportQuery }>,
    reply: FastifyReply,
    format: { type: string; name: string; head: string; line(key: string, result: SessionResult): string },
  ): Promise<FastifyReply> => {
    const { query, actor } = request;
    // A running contact has a result too, which is not its last word.
    const filter = { ...filterOf(query), state: query.state ?? ('recorded' as const) };
    const raw = await wantsRaw(context, request, 'sessions');
    await store.audit.append({
      actor: actor!.name,
      action: 'sessions.export',
      target: 'sessions',
      detail: { format: format.name, raw, filter: given(filter), requestId: request.id },
    });
    const lines = async function* () {
      let pending = format.head;
      for await (const { key, result } of store.sessions.results(actor!.scope, filter)) {
        pending += format.line(key, raw ? result : redactResult(result));
        // Rows of an embedded database come without waiting: others are let in between.
        await setImmediate();
        if (pending.length < together) continue;
        yield pending;
        pending = '';
      }
      if (pending !== '') yield pending;
    };
    void reply
      .type(format.type)
      .header('content-disposition', `attachment; filename="${format.name}"`)
      .header('cache-control', 'no-store');
    // An object stream of two parts: the next lines are made when the client has taken those before.
    return reply.send(Readable.from(lines(), { objectMode: true, highWaterMark: 2 }));
  };

  return async (app) => {
    app.get(
      '/exports/sessions.csv',
      {
        config: { right: 'sessions.export' },
        schema: {
          operationId: 'exportSessionsCsv',
          summary: 'Sessions as a table for spreadsheets, streamed',
          description: 'Cells that a spreadsheet would take for a formula are neutralised. Audited.',
          tags,
          querystring: exportQuerySchema,
        },
      },
      async (request, reply) => {
        const language = request.query.language ?? request.actor!.account.language;
        return send(request, reply, {
          type: 'text/csv; charset=utf-8',
          name: 'earwitness-sessions.csv',
          head: sessionsCsvHead(language),
          line: (_key, result) => sessionsCsvLine(result, language),
        });
      },
    );

    app.get(
      '/exports/sessions.ndjson',
      {
        config: { right: 'sessions.export' },
        schema: {
          operationId: 'exportSessionsNdjson',
          summary: 'Whole sessions, one JSON object a line, streamed',
          description:
            'Each line is `{ "key": …, "result": … }`; the shape of `result` is that of GET /sessions/:key. Audited.',
          tags,
          querystring: exportQuerySchema,
        },
      },
      async (request, reply) =>
        send(request, reply, {
          type: 'application/x-ndjson; charset=utf-8',
          name: 'earwitness-sessions.ndjson',
          head: '',
          line: (key, result) => `${JSON.stringify({ key, result })}\n`,
        }),
    );

    app.get(
      '/sessions/:key/vcon',
      {
        config: { right: 'sessions.export' },
        schema: {
          operationId: 'exportVcon',
          summary: 'A session as a vCon',
          description:
            'The IETF’s container for conversations, without the sound. What stands where: docs/reference/export.md.',
          tags,
          params: keyParamsSchema,
          querystring: rawQuerySchema,
        },
      },
      async (request, reply) => {
        const { key } = request.params;
        const { scope } = request.actor!;
        const summary = await store.sessions.summary(key, scope);
        const found = summary && (await store.sessions.result(key, scope));
        if (!found) throw notFound('The result of the session');
        const raw = await wantsRaw(context, request, `session:${key}`);
        const result = raw ? found.result : redactResult(found.result);
        const createdAt = summary.recordedAt ?? summary.createdAt;
        void reply
          .type('application/vcon+json; charset=utf-8')
          .header('content-disposition', `attachment; filename="${key.replace(/[^\w.-]/g, '_')}.vcon"`);
        return reply.send(JSON.stringify(toVcon(result, { key, createdAt, recording: null })));
      },
    );
  };
}

/** What was asked for, without what was not. */
function given(filter: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
