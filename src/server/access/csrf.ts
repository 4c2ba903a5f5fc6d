import type { FastifyRequest } from 'fastify';
import type { Login } from '../../store/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem } from '../http/problem.ts';
import { sameSecret } from './secrets.ts';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

export const isSafe = (request: FastifyRequest): boolean => safe.has(request.method);

/**
 * Refuses what another site had a browser send. Browsers that say where a request comes from are believed in what they
 * refuse, never in what they allow: with a cookie the token of the login has to come in a header too.
 */
export function requireSameSite({ config }: Pick<Context, 'config'>, request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign();
  if (origin === undefined) return;
  const own = [new URL(config.publicUrl).origin, `${request.protocol}://${request.host}`];
  if (!own.includes(origin)) throw foreign();
}

export function requireCsrf(request: FastifyRequest, login: Pick<Login, 'csrf'>): void {
  const given = request.headers['x-csrf-token'];
  if (typeof given === 'string' && sameSecret(given, login.csrf)) return;
  throw new HttpProblem(
    403,
    'csrf-invalid',
    'The header x-csrf-token is missing or not that of this login.',
    'Send what GET /api/v1/me answers as `csrf`.',
  );
}

function foreign(): HttpProblem {
  return new HttpProblem(
    403,
    'csrf-invalid',
    'The request comes from another site.',
    'If this is the right address, set EARWITNESS_PUBLIC_URL to it.',
  );
}
