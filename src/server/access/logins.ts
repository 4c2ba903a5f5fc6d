import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../../session/index.ts';
import type { Login } from '../../store/index.ts';
import type { Context } from '../context.ts';
import { fingerprint, newSecret, seal, unseal } from './secrets.ts';

/** A working day, and the afternoon after a long lunch: OWASP asks for both an idle and an absolute end. */
const absoluteMs = 12 * 3_600_000;
const idleMs = 2 * 3_600_000;
/** `lastSeenAt` is written at most this often. */
const touchMs = 60_000;
const deviceDays = 180;

const secure = ({ config }: Pick<Context, 'config'>): boolean => config.publicUrl.startsWith('https:');

/** Only a site behind https may set a name with this prefix, and no other host of the domain can put one in its place. */
function cookieName(context: Pick<Context, 'config'>, name: string): string {
  return secure(context) ? `__Host-${name}` : name;
}

function attributes(context: Pick<Context, 'config'>) {
  // Lax, not Strict: the way back from an identity provider is a navigation from another site.
  return { path: '/', httpOnly: true, secure: secure(context), sameSite: 'lax' } as const;
}

/** Begins a login in this browser: a new cookie always, never one that was there before. */
export async function startLogin(
  context: Pick<Context, 'config' | 'store' | 'now'>,
  reply: FastifyReply,
  account: Pick<Account, 'id'>,
): Promise<Login> {
  const now = context.now();
  const id = newSecret();
  const login: Login = {
    idHash: fingerprint(id),
    accountId: account.id,
    csrf: newSecret(),
    createdAt: now.toISOString(),
    lastSeenAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + absoluteMs).toISOString(),
  };
  await context.store.logins.removeExpired(now.toISOString());
  await context.store.logins.create(login);
  void reply.setCookie(cookieName(context, 'earwitness'), id, { ...attributes(context), maxAge: absoluteMs / 1_000 });
  return login;
}

/** The login that a request's cookie stands for, while it has not ended. */
export async function findLogin(
  context: Pick<Context, 'config' | 'store' | 'now'>,
  request: FastifyRequest,
): Promise<Login | null> {
  const id = request.cookies[cookieName(context, 'earwitness')];
  if (id === undefined || !/^[\w-]{43}$/.test(id)) return null;
  const login = await context.store.logins.get(fingerprint(id));
  if (!login) return null;
  const now = context.now().getTime();
  const seen = Date.parse(login.lastSeenAt);
  if (now >= Date.parse(login.expiresAt) || now - seen >= idleMs) {
    await context.store.logins.remove(login.idHash);
    return null;
  }
  if (now - seen >= touchMs) await context.store.logins.touch(login.idHash, new Date(now).toISOString());
  return login;
}

export function hasLoginCookie(context: Pick<Context, 'config'>, request: FastifyRequest): boolean {
  return request.cookies[cookieName(context, 'earwitness')] !== undefined;
}

/** Ends the login of this browser, on the server and here. */
export async function endLogin(
  context: Pick<Context, 'config' | 'store'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const id = request.cookies[cookieName(context, 'earwitness')];
  if (id !== undefined) await context.store.logins.remove(fingerprint(id));
  void reply.clearCookie(cookieName(context, 'earwitness'), attributes(context));
}

/**
 * Remembers that this browser logged in to this account once. Its failures are counted apart from those of strangers
 * (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
 */
export function rememberDevice(
  context: Pick<Context, 'config'>,
  reply: FastifyReply,
  account: Pick<Account, 'id'>,
): void {
  const value = seal(`${account.id}\n${newSecret()}`, 'device', context.config.secret);
  void reply.setCookie(cookieName(context, 'earwitness-device'), value, {
    ...attributes(context),
    sameSite: 'strict',
    maxAge: deviceDays * 86_400,
  });
}

/** A name for this browser where it logged in to this account before, else null. */
export function knownDevice(
  context: Pick<Context, 'config'>,
  request: FastifyRequest,
  account: Pick<Account, 'id'>,
): string | null {
  const cookie = request.cookies[cookieName(context, 'earwitness-device')];
  const value = cookie === undefined ? null : unseal(cookie, 'device', context.config.secret);
  return value?.startsWith(`${account.id}\n`) ? fingerprint(value) : null;
}

/** What the way to an identity provider and back must find again: kept by the browser, signed, for ten minutes. */
export function setJourney(context: Pick<Context, 'config'>, reply: FastifyReply, value: string): void {
  void reply.setCookie(cookieName(context, 'earwitness-oidc'), seal(value, 'oidc', context.config.secret), {
    ...attributes(context),
    maxAge: 600,
  });
}

export function takeJourney(
  context: Pick<Context, 'config'>,
  request: FastifyRequest,
  reply: FastifyReply,
): string | null {
  const name = cookieName(context, 'earwitness-oidc');
  const cookie = request.cookies[name];
  void reply.clearCookie(name, attributes(context));
  return cookie === undefined ? null : unseal(cookie, 'oidc', context.config.secret);
}
