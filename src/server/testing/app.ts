import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { openQueue } from '../../queue/index.ts';
import type { Account, UserRole } from '../../session/index.ts';
import { openArchive, openStore } from '../../store/index.ts';
import { tokenPrefix, tokenScopes } from '../access/actor.ts';
import { hashPassword } from '../access/passwords.ts';
import { fingerprint, newSecret } from '../access/secrets.ts';
import { buildApp } from '../app.ts';
import { readServerConfig, type ServerConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { Events } from '../events.ts';
import { createLog } from '../http/log.ts';

export const password = 'correct horse battery staple';
let sharedHash: Promise<string> | undefined;

/** Headers that prove who asks. */
export type Credentials = Record<string, string>;

export interface TestApp {
  app: FastifyInstance;
  context: Context;
  /** Every line that was logged. */
  logged: string[];
  /** Moves the server's clock. */
  later(ms: number): void;
  /** A new account; its password is `password`. */
  account(role: UserRole, more?: Partial<Account>): Promise<Account>;
  /** A login of this account in a browser, as headers. */
  login(account: Account): Promise<Credentials>;
  /** A new API token of this account, as headers; `*` stands for every scope. */
  token(account: Account, scopes: readonly string[], expiresAt?: string | null): Promise<Credentials>;
  ask(options: InjectOptions & { as?: Credentials }): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  config?: Partial<ServerConfig>;
  /** Changes the app before it is ready: further routes for a test. */
  extend?: (app: FastifyInstance, context: Context) => Promise<void> | void;
  /** Where the folder of the data is made. */
  parent?: string;
}

/** The whole server over a real SQLite store, folder archive and embedded queue in a folder of its own. */
export async function openTestApp({
  config: changes = {},
  extend,
  parent = tmpdir(),
}: TestAppOptions = {}): Promise<TestApp> {
  const dataDir = mkdtempSync(join(parent, 'earwitness-app-'));
  const config = readServerConfig({}, { overrides: { dataDir, ...changes } });
  // A test walks faster than any person.
  config.limits.requestsPerMinute = changes.limits?.requestsPerMinute ?? 1_000_000;
  const logged: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString());
      done();
    },
  });
  let shift = 0;
  const context: Context = {
    config,
    store: await openStore(`sqlite:${join(dataDir, 'installation.sqlite')}`),
    archive: await openArchive({ kind: 'folder', path: join(dataDir, 'archive') }),
    queue: await openQueue({ kind: 'embedded', path: join(dataDir, 'queue.sqlite') }),
    events: new Events(),
    log: createLog('debug', sink),
    now: () => new Date(Date.now() + shift),
  };
  const app = await buildApp(context, {
    extend: extend && ((instance) => extend(instance, context)),
    // On a machine that runs many tests at once the loop is late for reasons of its own.
    longestDelayMs: 0,
  });
  return {
    app,
    context,
    logged,
    later: (ms) => {
      shift += ms;
    },
    account: (role, more = {}) => makeAccount(context, role, more),
    login: (account) => makeLogin(context, account),
    token: (account, scopes, expiresAt = null) => makeToken(context, account, scopes, expiresAt),
    ask: ({ as = {}, headers, ...rest }) => app.inject({ ...rest, headers: { ...as, ...headers } }),
    close: async () => {
      // As the server does: who still holds a line when it closes is cut off.
      const cut = setInterval(() => app.server.closeAllConnections(), 200);
      await app.close();
      clearInterval(cut);
      await context.queue.close();
      await context.archive.close();
      await context.store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function makeAccount({ store }: Context, role: UserRole, more: Partial<Account>): Promise<Account> {
  const { id: _id, createdAt: _createdAt, active, ...rest } = more;
  const account = await store.accounts.create({
    login: `${role}-${randomUUID()}`,
    name: role,
    role,
    teams: [],
    agentId: null,
    mayReadRaw: false,
    language: 'en',
    ...rest,
    passwordHash: await (sharedHash ??= hashPassword(password)),
    external: null,
  });
  return active === false ? (await store.accounts.update(account.id, { active }))! : account;
}

async function makeLogin({ store, config, now }: Context, account: Account): Promise<Credentials> {
  const id = newSecret();
  const csrf = newSecret();
  const at = now();
  await store.logins.create({
    idHash: fingerprint(id),
    accountId: account.id,
    csrf,
    createdAt: at.toISOString(),
    lastSeenAt: at.toISOString(),
    expiresAt: new Date(at.getTime() + 3_600_000).toISOString(),
  });
  const name = config.publicUrl.startsWith('https:') ? '__Host-earwitness' : 'earwitness';
  return { cookie: `${name}=${id}`, 'x-csrf-token': csrf };
}

async function makeToken(
  { store, now }: Context,
  account: Account,
  scopes: readonly string[],
  expiresAt: string | null,
): Promise<Credentials> {
  const secret = tokenPrefix + newSecret();
  await store.tokens.create({
    id: randomUUID(),
    accountId: account.id,
    name: 'test',
    scopes: scopes.includes('*') ? [...tokenScopes] : [...scopes],
    createdAt: now().toISOString(),
    expiresAt,
    lastUsedAt: null,
    hash: fingerprint(secret),
  });
  return { authorization: `Bearer ${secret}` };
}
