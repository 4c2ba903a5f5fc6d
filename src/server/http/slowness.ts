import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './problem.ts';

/**
 * Slow clients: headers within 20 s, a JSON body within 30 s, no connection silent for more than a minute (long answers
 * send something in between), nothing at all beyond two hours, which is enough for the largest upload over a slow line.
 */
export function installSlowness(app: FastifyInstance, longestBodyMs = 30_000): void {
  app.server.headersTimeout = 20_000;
  app.server.requestTimeout = 2 * 3_600_000;
  app.server.setTimeout(60_000);
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  app.addHook('preParsing', async (request, reply, payload) => {
    if (!request.headers['content-type']?.startsWith('application/json')) return payload;
    const late = () => {
      void reply.header('connection', 'close');
      // Whoever reads the body hears that it failed, and the refusal takes the usual way.
      payload.emit('error', new HttpProblem(408, 'request-late', 'The body did not arrive in time.', 'Send it again.'));
    };
    timers.set(request, setTimeout(late, longestBodyMs));
    return payload;
  });
  const arrived = async (request: FastifyRequest) => clearTimeout(timers.get(request));
  app.addHook('preValidation', arrived);
  app.addHook('onError', arrived);
  app.addHook('onRequestAbort', arrived);
}
