import type { FastifyRequest } from 'fastify';
import type { Account } from '../../session/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem } from '../http/problem.ts';
import { Allowance, Attempts, Turns, waitAfter } from './lockout.ts';
import { knownDevice } from './logins.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { fingerprint } from './secrets.ts';

/** Passwords, right or wrong, that one address may try in a minute. */
const triesPerMinute = 20;

type Found = NonNullable<Awaited<ReturnType<Context['store']['accounts']['byLogin']>>>;

/** Checks logins and passwords, and slows down whoever guesses. Unknown logins are treated as known ones in answer, time and waits. */
export class PasswordLogin {
  readonly #context: Context;
  readonly #turns = new Turns();
  readonly #attempts = new Attempts();
  readonly #addresses = new Allowance(triesPerMinute, 60_000);

  constructor(context: Context) {
    this.#context = context;
  }

  /** Throws where this address has tried too often. For everything that takes a secret from strangers. */
  allow(request: FastifyRequest): void {
    const waitMs = this.#addresses.take(request.ip, this.#now());
    if (waitMs > 0)
      throw new HttpProblem(429, 'rate-limited', 'Too many tries from this address.', 'Wait a little.', {
        retryAfterS: waitMs / 1_000,
      });
  }

  /** The account whose login and password these are; throws `login-wrong` or `login-locked`. */
  async check(request: FastifyRequest, login: string, password: string): Promise<Account> {
    this.allow(request);
    return this.#turns.take(login, () => this.#check(request, login, password));
  }

  async #check(request: FastifyRequest, login: string, password: string): Promise<Account> {
    const { store } = this.#context;
    const found = await store.accounts.byLogin(login);
    const device = found && knownDevice(this.#context, request, found);
    const counted = device ? `device:${device}` : found ? null : `login:${fingerprint(login)}`;
    const waitMs = counted ? this.#attempts.wait(counted, this.#now()) : lockedFor(found!, this.#now());
    if (waitMs > 0) throw locked(waitMs);
    const { right, outdated } = await checkPassword(found?.secrets.passwordHash ?? null, password);
    if (!found?.active || !right) {
      await this.#failed(found, counted);
      await store.audit.append({
        actor: 'anonymous',
        action: 'login.failed',
        // People type passwords where the login belongs: what was typed is not kept.
        target: found ? `account:${found.id}` : 'account:unknown',
        detail: { address: request.ip },
      });
      throw new HttpProblem(401, 'login-wrong', 'Login or password is wrong.', 'Ask an admin if you forgot it.');
    }
    if (counted) this.#attempts.forget(counted);
    const change = {
      ...(!device && found.secrets.failedLogins > 0 ? { failedLogins: 0, lockedUntil: null } : {}),
      ...(outdated ? { passwordHash: await hashPassword(password) } : {}),
    };
    if (Object.keys(change).length > 0) await store.accounts.update(found.id, change);
    const { secrets: _secrets, ...account } = found;
    return account;
  }

  async #failed(found: Found | null, counted: string | null): Promise<void> {
    const now = this.#now();
    if (counted || !found) return this.#attempts.failed(counted ?? '', now);
    const failedLogins = found.secrets.failedLogins + 1;
    const waitMs = waitAfter(failedLogins);
    const lockedUntil = waitMs > 0 ? new Date(now + waitMs).toISOString() : null;
    await this.#context.store.accounts.update(found.id, { failedLogins, lockedUntil });
  }

  #now(): number {
    return this.#context.now().getTime();
  }
}

function lockedFor({ secrets }: Found, now: number): number {
  return secrets.lockedUntil === null ? 0 : Math.max(0, Date.parse(secrets.lockedUntil) - now);
}

function locked(waitMs: number): HttpProblem {
  return new HttpProblem(
    429,
    'login-locked',
    'Too many failed logins; this login has to wait.',
    'Wait as retry-after says. From a browser that logged in before, failures of strangers do not count.',
    { retryAfterS: waitMs / 1_000 },
  );
}
