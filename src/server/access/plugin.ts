import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Login } from '../../store/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem } from '../http/problem.ts';
import { identify } from './actor.ts';
import { isSafe, requireCsrf, requireSameSite } from './csrf.ts';
import { Allowance } from './lockout.ts';
import { type Right, rights } from './rights.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The browser's login; null with a token and where nobody is logged in. */
    login: Login | null;
  }
  interface FastifyInstance {
    /** Every route with the right that it needs or the reason why it is open. */
    statedRoutes: readonly RouteOptions[];
  }
}

/** Requests with cookies or tokens that nobody has, from one address in a minute. */
const refusalsPerMinute = 60;

/**
 * Finds out who asks, then whether they may. In two hooks, so that the rate limit between them can count by account, and
 * what nobody may see is counted too. A route that states neither right nor open reason keeps the server from starting.
 */
export async function installAccess(app: FastifyInstance, context: Context): Promise<{ authorise(): void }> {
  await app.register(cookie);
  app.decorateRequest('actor', null);
  app.decorateRequest('login', null);
  const refusals = new WeakMap<FastifyRequest, HttpProblem>();
  const refusedFrom = new Allowance(refusalsPerMinute, 60_000);
  requireStatedRights(app);

  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const { actor, login, refusal } = await identify(context, request);
    request.actor = actor;
    request.login = login;
    if (!refusal) return;
    const waitMs = refusedFrom.take(request.ip, context.now().getTime());
    if (waitMs > 0)
      throw new HttpProblem(429, 'rate-limited', 'Too many requests that nobody vouches for.', null, {
        retryAfterS: waitMs / 1_000,
      });
    refusals.set(request, refusal);
  });

  return {
    authorise: () => {
      app.addHook('onRequest', async (request) => {
        if (request.is404) return;
        const { right, open } = request.routeOptions.config;
        // Open routes log people in: another site must not do that either.
        if (!isSafe(request) && request.headers.authorization === undefined) requireSameSite(context, request);
        if (open !== undefined) return;
        if (!request.actor) throw refusals.get(request) ?? nobody();
        if (request.login && !isSafe(request)) requireCsrf(request, request.login);
        requireRight(request, right!);
      });
    },
  };
}

function nobody(): HttpProblem {
  return new HttpProblem(401, 'login-needed', 'Nobody is logged in.', 'Log in, or send an API token as a bearer.', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

function requireRight(request: FastifyRequest, right: Right): void {
  const actor = request.actor!;
  if (actor.rights.has(right)) return;
  const byRole = (rights[right] as readonly string[]).includes(actor.account.role);
  throw byRole
    ? new HttpProblem(403, 'scope-missing', `This token lacks the scope ${right}.`, 'Make one that has it.')
    : new HttpProblem(403, 'right-missing', `This account lacks the right ${right}.`, 'Ask an admin.');
}

function requireStatedRights(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.decorate('statedRoutes', routes);
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    const silent = routes.filter(({ config }) => (config?.right === undefined) === (config?.open === undefined));
    if (silent.length === 0) return;
    const names = silent.map(({ method, url }) => `${String(method)} ${url}`);
    throw new Error(`Routes must state either the right that they need or why they are open: ${names.join(', ')}`);
  });
}
