import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { HttpProblem, notFound } from '../../http/problem.ts';
import { redactSummary } from '../../http/redact.ts';
import { LiveContacts } from '../../live/contacts.ts';
import { alertStream } from '../../live/stream.ts';
import { keyParamsSchema } from '../sessions/schemas.ts';
import {
  endedSchema,
  endLiveSchema,
  liveStateSchema,
  liveTurnsSchema,
  openedSchema,
  openLiveSchema,
} from './schemas.ts';

const tags = ['live'];

/** Lines that stay open, all contacts together. */
const mostFollowers = 2_000;

/** Contacts that are inspected while they run. */
export function liveRoutes(context: Context, contacts = new LiveContacts(context)): FastifyPluginAsyncZod {
  return async (app) => {
    const open = new Set<{ destroy(): void }>();
    app.addHook('preClose', async () => {
      for (const stream of open) stream.destroy();
    });
    app.addHook('onClose', async () => {
      await contacts.close();
    });

    app.post(
      '/sessions/live',
      {
        config: { right: 'live.write' },
        schema: {
          operationId: 'openLiveSession',
          summary: 'Open a running contact',
          description: 'Idempotent by `id` (and team): a contact that is open already is answered with 200.',
          tags,
          body: openLiveSchema,
          response: { 200: openedSchema, 201: openedSchema },
        },
      },
      async ({ body, actor }, reply) => {
        const { scope } = actor!;
        if (scope.kind !== 'all' && !(scope.kind === 'teams' && body.team !== null && scope.teams.includes(body.team)))
          throw notFound('The team');
        const { summary, opened } = await contacts.open(body);
        return reply.code(opened ? 201 : 200).send({ key: summary.key, opened, summary: redactSummary(summary) });
      },
    );

    app.post(
      '/sessions/:key/turns',
      {
        config: { right: 'live.write' },
        schema: {
          operationId: 'addTurns',
          summary: 'What was said next; judged at once',
          description:
            'Idempotent by turn number. Answers the alerts that these turns raised, and of every item whether it passed, ' +
            'failed, or is still pending. What is not pending is final.',
          tags,
          params: keyParamsSchema,
          body: liveTurnsSchema,
          response: { 200: liveStateSchema },
        },
      },
      async ({ params: { key }, body, actor }) => contacts.say(key, actor!.scope, body.turns),
    );

    app.post(
      '/sessions/:key/end',
      {
        config: { right: 'live.write' },
        schema: {
          operationId: 'endLiveSession',
          summary: 'End a running contact',
          description: 'Queues its final inspection, which replaces what was judged so far. May be called again.',
          tags,
          params: keyParamsSchema,
          body: endLiveSchema,
          response: { 202: endedSchema },
        },
      },
      async ({ params: { key }, body, actor }, reply) => {
        const state = await contacts.end(key, actor!.scope, body);
        return reply.code(202).send({ key, state: state === 'live' ? 'waiting' : state });
      },
    );

    app.get(
      '/sessions/:key/alerts',
      {
        config: { right: 'sessions.read' },
        schema: {
          operationId: 'followAlerts',
          summary: 'Alerts of a running contact as server-sent events',
          description:
            'Events `alert` (id: the item), first those that were raised before, then each as it is raised, and at last `end`. ' +
            'With `last-event-id` those up to it are left out.',
          tags,
          produces: ['text/event-stream'],
          params: keyParamsSchema,
          response: { 200: z.string().describe('text/event-stream') },
        },
      },
      async (request, reply) => {
        const { key } = request.params;
        const { scope } = request.actor!;
        const { sessions } = context.store;
        if (!(await sessions.summary(key, scope))) throw notFound('The session');
        if (open.size >= mostFollowers)
          throw new HttpProblem(503, 'overloaded', 'Too many follow contacts now.', 'Come back later.', {
            retryAfterS: 30,
          });
        const after = request.headers['last-event-id'];
        const stream = alertStream(context, key, {
          alerts: () => contacts.alerts(key),
          running: async () => (await sessions.summary(key, scope))?.state === 'live',
          after: typeof after === 'string' ? after : undefined,
        });
        open.add(stream);
        stream.once('close', () => open.delete(stream));
        request.raw.socket?.once('close', () => stream.destroy());
        return reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store')
          .header('x-accel-buffering', 'no')
          .serializer((payload) => payload as string)
          .send(stream as unknown as string);
      },
    );
  };
}
