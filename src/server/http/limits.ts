import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { HttpProblem } from './problem.ts';

/** Beyond it the server answers late whatever it does: better that a few come back later. */
const longestDelayMs = 10_000;

/** Requests per minute for each account, or for each address where nobody is logged in. */
export async function installRateLimit(app: FastifyInstance, { config }: Pick<Context, 'config'>): Promise<void> {
  await app.register(rateLimit, {
    max: config.limits.requestsPerMinute,
    timeWindow: 60_000,
    cache: 20_000,
    hook: 'onRequest',
    keyGenerator: (request) => (request.actor ? `account:${request.actor.account.id}` : `address:${request.ip}`),
    allowList: (request) => request.routeOptions.url?.startsWith('/health/') ?? false,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, { max, ttl }) =>
      new HttpProblem(429, 'rate-limited', `More than ${max} requests in a minute.`, 'Wait as retry-after says.', {
        retryAfterS: ttl / 1_000,
      }),
  });
}

/** Says 503 while the event loop cannot keep up (0: never). Health and metrics are answered all the same. */
export async function installPressureRelief(app: FastifyInstance, delayMs = longestDelayMs): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: delayMs,
    pressureHandler: (request) => {
      const url = request.routeOptions.url ?? '';
      if (url.startsWith('/health/') || url === '/metrics') return;
      throw new HttpProblem(503, 'overloaded', 'The server is busy.', 'Try again in a moment.', { retryAfterS: 5 });
    },
  });
}
