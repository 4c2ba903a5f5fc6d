import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sessionSummarySchema } from '../../../session/index.ts';
import { sessionPage } from '../../../report/index.ts';
import type { Context } from '../../context.ts';
import { pageOf, pageSchema } from '../../http/paging.ts';
import { reportPagePolicy } from '../../http/headers.ts';
import { HttpProblem, notFound } from '../../http/problem.ts';
import { redactResult, redactSummary, wantsRaw } from '../../http/redact.ts';
import { filterOf } from './filter.ts';
import { listeningLog, recordingOf, sendRecording } from './recording.ts';
import { reinspect } from './reinspect.ts';
import {
  heldSchema,
  holdBodySchema,
  keyParamsSchema,
  queuedSchema,
  rawSchema,
  reportQuerySchema,
  sessionDetailSchema,
  sessionsQuerySchema,
} from './schemas.ts';

const tags = ['sessions'];

/** Inspected sessions: lists, one whole, its recording, its report; legal hold and inspection anew. */
export function sessionRoutes(context: Context): FastifyPluginAsyncZod {
  const { store } = context;
  const listening = listeningLog(context);
  return async (app) => {
    app.get(
      '/sessions',
      {
        config: { right: 'sessions.read' },
        schema: {
          operationId: 'listSessions',
          summary: 'Sessions, newest, riskiest or lowest first',
          tags,
          querystring: sessionsQuerySchema,
          response: { 200: pageSchema(sessionSummarySchema) },
        },
      },
      async ({ query, actor }) => {
        const { limit, cursor, order } = query;
        const page = await store.sessions.list(actor!.scope, filterOf(query), { limit, cursor, order });
        return pageOf(page, redactSummary);
      },
    );

    app.get(
      '/sessions/:key',
      {
        config: { right: 'sessions.read' },
        schema: {
          operationId: 'getSession',
          summary: 'A session with its words, verdicts and reasons',
          tags,
          params: keyParamsSchema,
          querystring: rawSchema,
          response: { 200: sessionDetailSchema },
        },
      },
      async (request) => {
        const { key } = request.params;
        const { scope } = request.actor!;
        const summary = await store.sessions.summary(key, scope);
        if (!summary) throw notFound('The session');
        const raw = await wantsRaw(context, request, `session:${key}`);
        const found = await store.sessions.result(key, scope);
        return {
          summary: raw ? summary : redactSummary(summary),
          result: found && (raw ? found.result : redactResult(found.result)),
          damaged: found?.damaged ?? [],
        };
      },
    );

    app.get(
      '/sessions/:key/recording',
      {
        config: { right: 'sessions.read' },
        schema: {
          operationId: 'getRecording',
          summary: 'The sound of a session, whole or a range of bytes',
          description:
            'Unredacted: for accounts that may hear it, and audited. One byte range is served (206); one that is malformed ' +
            'or lies outside is refused (416).',
          tags,
          params: keyParamsSchema,
        },
      },
      async (request, reply) => {
        const { key } = request.params;
        const { sha256, type } = await recordingOf(context, key, request.actor!.scope);
        if (!request.actor!.mayReadRaw)
          throw new HttpProblem(
            403,
            'raw-not-allowed',
            'This account may not hear recordings: they are not redacted.',
            'Ask an admin for the right.',
          );
        await listening(request, key);
        return sendRecording(context, request, reply, { sha256, type, name: key });
      },
    );

    app.get(
      '/sessions/:key/report.html',
      {
        config: { right: 'sessions.read' },
        schema: {
          operationId: 'getSessionReport',
          summary: 'The report of a session as one self-contained page',
          tags,
          params: keyParamsSchema,
          querystring: reportQuerySchema,
        },
      },
      async (request, reply) => {
        const { key } = request.params;
        const found = await store.sessions.result(key, request.actor!.scope);
        if (!found) throw notFound('The report');
        const raw = await wantsRaw(context, request, `session:${key}`);
        const result = raw ? found.result : redactResult(found.result);
        const language = request.query.language ?? request.actor!.account.language;
        void reply.type('text/html; charset=utf-8').header('content-security-policy', reportPagePolicy);
        return reply.send([...sessionPage(result, { language, at: context.now() })].join(''));
      },
    );

    const hold = (on: boolean) => async (key: string, actor: string, detail: Record<string, unknown>) => {
      await store.upkeep.hold({ keys: [key] }, on);
      await store.audit.append({
        actor,
        action: on ? 'session.hold' : 'session.release',
        target: `session:${key}`,
        detail,
      });
      return { key, held: on };
    };

    app.post(
      '/sessions/:key/hold',
      {
        config: { right: 'sessions.hold' },
        schema: {
          operationId: 'holdSession',
          summary: 'Keep a session from retention and erasure',
          tags,
          params: keyParamsSchema,
          body: holdBodySchema,
          response: { 200: heldSchema },
        },
      },
      async ({ params: { key }, body, actor }) => {
        if (!(await store.sessions.summary(key, actor!.scope))) throw notFound('The session');
        return hold(true)(key, actor!.name, { reason: body.reason });
      },
    );

    app.delete(
      '/sessions/:key/hold',
      {
        config: { right: 'sessions.hold' },
        schema: {
          operationId: 'releaseSession',
          summary: 'End the hold of a session',
          tags,
          params: keyParamsSchema,
          response: { 200: heldSchema },
        },
      },
      async ({ params: { key }, actor }) => {
        if (!(await store.sessions.summary(key, actor!.scope))) throw notFound('The session');
        return hold(false)(key, actor!.name, {});
      },
    );

    app.post(
      '/sessions/:key/reinspect',
      {
        config: { right: 'batches.manage' },
        schema: {
          operationId: 'reinspectSession',
          summary: 'Inspect a session anew with the scorecards that are in force now',
          description: 'The new result replaces the one there is. A session that was given up is tried again.',
          tags,
          params: keyParamsSchema,
          response: { 202: queuedSchema },
        },
      },
      async ({ params: { key }, actor }, reply) => {
        const summary = await store.sessions.summary(key, actor!.scope);
        if (!summary) throw notFound('The session');
        const job = await reinspect(context, summary, actor!.name);
        return reply.code(202).send({ key, job });
      },
    );
  };
}
