import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Context } from '../../context.ts';
import { redactText } from '../../http/redact.ts';
import {
  deadJobsSchema,
  deadQuerySchema,
  groupBodySchema,
  pausedSchema,
  queueStateSchema,
  redriveBodySchema,
  redrivenSchema,
} from './schemas.ts';

const tags = ['queue'];

/** What waits, what was given up and why, and the brakes. */
export function queueRoutes({ queue, store, config }: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/queue',
      {
        config: { right: 'queue.manage' },
        schema: {
          operationId: 'getQueue',
          summary: 'How much work waits, runs, and was given up',
          tags,
          response: { 200: queueStateSchema },
        },
      },
      async () => {
        const [total, ingest, inspect, webhook] = await Promise.all([
          queue.counts(),
          queue.counts('ingest'),
          queue.counts('inspect'),
          queue.counts('webhook'),
        ]);
        return {
          backend: queue.backend,
          total,
          kinds: { ingest, inspect, webhook },
          workers: { local: config.workers, running: inspect.running },
        };
      },
    );

    app.get(
      '/queue/dead',
      {
        config: { right: 'queue.manage' },
        schema: {
          operationId: 'listDeadJobs',
          summary: 'Work that was given up, with the reason',
          tags,
          querystring: deadQuerySchema,
          response: { 200: deadJobsSchema },
        },
      },
      async ({ query: { group, limit, after } }) => {
        const jobs = await queue.dead({
          limit: limit + 1,
          ...(group === undefined ? {} : { group }),
          ...(after === undefined ? {} : { after }),
        });
        // Payloads stay inside: they hold the server's own marks.
        const items = jobs.slice(0, limit).map((job) => ({
          id: job.id,
          kind: job.kind,
          group: job.group,
          priority: job.priority,
          attempt: job.attempt,
          reason: redactText(job.reason),
          diedAt: job.diedAt,
        }));
        return { items, next: jobs.length > limit ? items.at(-1)!.id : null };
      },
    );

    app.post(
      '/queue/redrive',
      {
        config: { right: 'queue.manage' },
        schema: {
          operationId: 'redriveJobs',
          summary: 'Try again what was given up',
          description: 'With fresh attempts. To bring back all failed files and sessions of a batch, retry the batch.',
          tags,
          body: redriveBodySchema,
          response: { 200: redrivenSchema },
        },
      },
      async ({ body, actor }) => {
        const jobs = await queue.redrive(body);
        const detail = 'ids' in body ? { ids: body.ids.length, jobs } : { group: body.group, jobs };
        await store.audit.append({ actor: actor!.name, action: 'queue.redrive', target: 'queue', detail });
        return { jobs };
      },
    );

    for (const paused of [true, false])
      app.post(
        paused ? '/queue/pause' : '/queue/resume',
        {
          config: { right: 'queue.manage' },
          schema: {
            operationId: paused ? 'pauseQueue' : 'resumeQueue',
            summary: paused ? 'Hold all work, or one group; what runs goes on' : 'Let it go on',
            tags,
            body: groupBodySchema,
            response: { 200: pausedSchema },
          },
        },
        async ({ body: { group }, actor }) => {
          await (paused ? queue.pause(group) : queue.resume(group));
          const action = paused ? 'queue.pause' : 'queue.resume';
          await store.audit.append({ actor: actor!.name, action, target: 'queue', detail: { group: group ?? null } });
          return { paused, group: group ?? null };
        },
      );
  };
}
