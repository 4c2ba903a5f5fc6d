import type {} from 'fastify';
import type { Logger } from 'pino';
import type { JobQueue } from '../queue/index.ts';
import type { Account } from '../session/index.ts';
import type { Archive, Scope, Store } from '../store/index.ts';
import type { Right } from './access/rights.ts';
import type { ServerConfig } from './config.ts';
import type { Events } from './events.ts';

/** What every part of the server stands on; made once by `openServer`, handed to every route. */
export interface Context {
  config: ServerConfig;
  store: Store;
  archive: Archive;
  queue: JobQueue;
  events: Events;
  log: Logger;
  now: () => Date;
}

/** Who is asking, as the access plugin found out. */
export interface Actor {
  account: Account;
  /** How it was proved: a browser's cookie (then CSRF is checked) or an API token. */
  via: 'cookie' | 'token';
  /** `ACCOUNT_ID` or `token:ID`, for the audit log. */
  name: string;
  rights: ReadonlySet<Right>;
  /** Which sessions and batches it may see. Handed to every query of the store. */
  scope: Scope;
  /** Whether it may read unredacted text: a right of the account, and with a token also one of its scopes. */
  mayReadRaw: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on routes that are open; everywhere else the access plugin has refused before a handler runs. */
    actor: Actor | null;
  }
  interface FastifyContextConfig {
    /** What the caller must be allowed to; a route states this or `open`, else the server does not start. */
    right?: Right;
    /** Why everybody may ask this. */
    open?: string;
    /** A POST that creates something: a repeated `idempotency-key` gets the first answer again. */
    idempotent?: boolean;
  }
}
