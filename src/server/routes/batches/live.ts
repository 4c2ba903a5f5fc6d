import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Batch } from '../../../session/index.ts';
import type { Context } from '../../context.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defaultFollow, endId, followBatch, type FollowSettings } from './follow.ts';
import { visibleBatch } from './open-batch.ts';
import { Pace, progressOf, progressSchema } from './progress.ts';
import { batchIdSchema } from './schemas.ts';

/** Connections that stay open, all batches together; each costs little, but not nothing. */
const mostFollowers = 2_000;

const tags = ['Batches'];

/** How far a batch is: asked once, or told as it goes on. */
export function liveRoutes(context: Context, follow: FollowSettings = defaultFollow): FastifyPluginAsyncZod {
  return async (app) => {
    const pace = new Pace(context);
    const views = new Views(context, follow.gapMs / 2);
    let followers = 0;
    app.addHook('onClose', async () => {
      pace.stop();
      views.stop();
    });

    app.get(
      '/batches/:id/progress',
      {
        config: { right: 'batches.read' },
        schema: {
          tags,
          operationId: 'getBatchProgress',
          summary: 'Counts, rate and time left.',
          params: batchIdSchema,
          response: { 200: progressSchema },
        },
      },
      async (request) => {
        const batch = await visibleBatch(context, request.actor!, request.params.id);
        return progressOf(batch, pace, context.now());
      },
    );

    app.get(
      '/batches/:id/events',
      {
        config: { right: 'batches.read' },
        schema: {
          tags,
          operationId: 'followBatch',
          summary: 'The same as server-sent events, at most four a second.',
          description:
            'Events `progress`, at the end one `end`; each holds the whole progress. Coming again after `end` answers 204.',
          produces: ['text/event-stream'],
          params: batchIdSchema,
          response: {
            200: z.string().describe('text/event-stream'),
            204: z.null().describe('Nothing more will come.'),
          },
        },
      },
      async (request, reply) => {
        const actor = request.actor!;
        const batch = await visibleBatch(context, actor, request.params.id);
        const over = batch.state === 'done' || batch.state === 'cancelled';
        if (over && request.headers['last-event-id'] === endId) return reply.code(204).send(null);
        if (followers >= mostFollowers)
          throw new HttpProblem(503, 'overloaded', 'Too many follow batches now.', 'Ask for /progress instead.', {
            retryAfterS: 30,
          });
        const stream = followBatch(context, pace, () => views.get(batch.id), batch.id, follow);
        followers++;
        stream.once('close', () => {
          followers--;
        });
        // A reader that is gone is noticed although nothing is being written.
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

/** One look for all who follow the same batch. Who may see it was asked when they came. */
class Views {
  readonly #context: Context;
  readonly #freshMs: number;
  readonly #looks = new Map<string, Promise<Batch | null>>();
  readonly #stops: (() => void)[];

  constructor(context: Context, freshMs: number) {
    this.#context = context;
    this.#freshMs = freshMs;
    // Listens before any follower does: whoever is woken by an event looks anew.
    this.#stops = [
      context.events.on('batch', ({ id }) => this.#looks.delete(id)),
      context.events.on('recorded', ({ batchId }) => this.#looks.delete(batchId)),
      context.events.on('batch-finished', ({ id }) => this.#looks.delete(id)),
    ];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  get(id: string): Promise<Batch | null> {
    const present = this.#looks.get(id);
    if (present) return present;
    const look = this.#context.store.batches.get(id, { kind: 'all' });
    this.#looks.set(id, look);
    const forget = () => {
      if (this.#looks.get(id) === look) this.#looks.delete(id);
    };
    look.then(() => setTimeout(forget, this.#freshMs).unref(), forget);
    return look;
  }
}
