import type { FastifyRequest } from 'fastify';
import type { Account } from '../../session/index.ts';
import type { Login, Token } from '../../store/index.ts';
import type { Actor, Context } from '../context.ts';
import { HttpProblem } from '../http/problem.ts';
import { findLogin, hasLoginCookie } from './logins.ts';
import { type Right, rights } from './rights.ts';
import { rightsOf, scopeOf } from './scope.ts';
import { fingerprint } from './secrets.ts';

/** What a token may be limited to: the rights of the table, and reading unredacted text. */
export const tokenScopes = ['raw.read', ...(Object.keys(rights) as Right[])] as const;

/** How API tokens begin, so that scanners of source code recognise a leaked one. */
export const tokenPrefix = 'ew_';

export interface Identity {
  actor: Actor | null;
  /** With a cookie. */
  login: Login | null;
  /** Why nobody was recognised although something was shown. */
  refusal: HttpProblem | null;
}

/** Who is asking: by API token, else by cookie, else nobody. */
export async function identify(context: Context, request: FastifyRequest): Promise<Identity> {
  const header = request.headers.authorization;
  if (header !== undefined) return byToken(context, header);
  const login = await findLogin(context, request);
  const account = login && (await context.store.accounts.get(login.accountId));
  if (login && account?.active) return { actor: actorOf(account, null), login, refusal: null };
  const refusal = hasLoginCookie(context, request)
    ? new HttpProblem(401, 'login-needed', 'This login has ended.', 'Log in again.')
    : null;
  return { actor: null, login: null, refusal };
}

async function byToken(context: Context, header: string): Promise<Identity> {
  const refused = (message: string): Identity => ({
    actor: null,
    login: null,
    refusal: new HttpProblem(401, 'token-invalid', message, 'Make a new one under your account.', {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    }),
  });
  const secret = /^Bearer (ew_[\w-]{43})$/i.exec(header)?.[1];
  if (secret === undefined) return refused('The header authorization holds no API token of this server.');
  const token = await context.store.tokens.byHash(fingerprint(secret));
  // One answer for those that never were and those that are gone: nothing to learn from trying.
  if (!token || hasExpired(token, context.now())) return refused('The API token is unknown, removed or has expired.');
  const account = await context.store.accounts.get(token.accountId);
  if (!account?.active) return refused('The API token is unknown, removed or has expired.');
  await noteUse(context, token);
  return { actor: actorOf(account, token), login: null, refusal: null };
}

function hasExpired(token: Token, now: Date): boolean {
  return token.expiresAt !== null && Date.parse(token.expiresAt) <= now.getTime();
}

/** At most once a minute: a program that asks a hundred times a second must not write as often. */
async function noteUse(context: Context, token: Token): Promise<void> {
  const now = context.now();
  if (token.lastUsedAt !== null && now.getTime() - Date.parse(token.lastUsedAt) < 60_000) return;
  await context.store.tokens.touch(token.id, now.toISOString());
}

/** A token has what its owner has and it names, as the owner's rights are now. */
export function actorOf(account: Account, token: Pick<Token, 'id' | 'scopes'> | null): Actor {
  const own = rightsOf(account);
  const rights = token ? new Set([...own].filter((right) => token.scopes.includes(right))) : own;
  return {
    account,
    via: token ? 'token' : 'cookie',
    name: token ? `token:${token.id}` : account.id,
    rights,
    scope: scopeOf(account),
    mayReadRaw: account.mayReadRaw && (token === null || token.scopes.includes('raw.read')),
  };
}
