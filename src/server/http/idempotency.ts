import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { HttpProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The idempotency key that this request works under. */
    idempotencyKey: string | null;
  }
}

/**
 * A POST that creates something (`config.idempotent`) may carry an `idempotency-key`: sent again with the same key it
 * gets the first answer again and nothing is made twice. Only successes are kept; after a refusal the key is free.
 */
export function installIdempotency(app: FastifyInstance, { store, config, now }: Context): void {
  app.decorateRequest('idempotencyKey', null);

  app.addHook('preHandler', async (request, reply) => {
    const { idempotent } = request.routeOptions.config;
    const key = request.headers['idempotency-key'];
    if (!idempotent || key === undefined || !request.actor) return;
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
      throw new HttpProblem(400, 'header-invalid', 'The header idempotency-key is not acceptable.', 'Send a UUID.');
    // Keyed, because the body may hold a password that a bare hash would give away to guessing.
    const hash = createHmac('sha256', config.secret)
      .update(`idempotency\n${request.method} ${request.url}\n${JSON.stringify(request.body) ?? ''}`)
      .digest('hex');
    const before = await store.replies.claim(key, request.actor.account.id, hash, now().toISOString());
    if (!before) {
      request.idempotencyKey = key;
      return;
    }
    if (before.requestHash !== hash)
      throw new HttpProblem(
        422,
        'idempotency-key-reused',
        'This idempotency key was sent with another request before.',
        'Take a new key for each thing that you make.',
      );
    if (before.reply === 'pending')
      throw new HttpProblem(409, 'idempotency-in-progress', 'The first request with this key is still at work.', null, {
        retryAfterS: 1,
      });
    return reply
      .code(before.reply.status)
      .header('idempotent-replayed', 'true')
      .type('application/json; charset=utf-8')
      .serializer((payload) => payload as string)
      .send(before.reply.body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { idempotencyKey: key, actor } = request;
    if (key === null || !actor) return payload;
    request.idempotencyKey = null;
    const success = reply.statusCode >= 200 && reply.statusCode < 300 && typeof payload === 'string';
    if (success) await store.replies.settle(key, actor.account.id, { status: reply.statusCode, body: payload });
    else await store.replies.release(key, actor.account.id);
    return payload;
  });
}
