import type {
  Account,
  Batch,
  BatchFile,
  BatchSettings,
  BatchState,
  FinishedSession,
  OrderedSession,
  PinnedFiles,
  Problem,
  Session,
  SessionResult,
  SessionSummary,
} from '../../session/index.ts';
import type { Bundle } from '../result-keeper.ts';

/**
 * What an installation keeps, in SQLite or PostgreSQL. Everything is asked through promises, whichever answers. Only the
 * server opens it. testing/suite.ts holds both backends to this page.
 */
export interface Store {
  readonly backend: 'sqlite' | 'postgres';
  accounts: Accounts;
  logins: Logins;
  tokens: Tokens;
  batches: Batches;
  sessions: Sessions;
  bundles: Bundles;
  reports: Reports;
  audit: Audit;
  webhooks: Webhooks;
  replies: Replies;
  upkeep: Upkeep;
  health(): Promise<void>;
  close(): Promise<void>;
}

export interface Page<T> {
  items: T[];
  /** Opaque; null at the end. */
  next: string | null;
}
export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

// People ------------------------------------------------------------------------------------------------------------

export interface NewAccount extends Omit<Account, 'id' | 'createdAt' | 'active'> {
  /** argon2id in PHC form; null for those who come through an identity provider. */
  passwordHash: string | null;
  /** `issuer|subject` of the identity provider. */
  external: string | null;
}
export interface Secrets {
  passwordHash: string | null;
  failedLogins: number;
  lockedUntil: string | null;
}
export interface Accounts {
  count(): Promise<number>;
  /** Throws `account-exists`. */
  create(account: NewAccount): Promise<Account>;
  /** The first account, only where there is none yet: two that come at once get one account and one `account-exists`. */
  createFirst(account: NewAccount): Promise<Account>;
  get(id: string): Promise<Account | null>;
  byLogin(login: string): Promise<(Account & { secrets: Secrets }) | null>;
  byExternal(external: string): Promise<Account | null>;
  list(page: PageRequest): Promise<Page<Account>>;
  update(
    id: string,
    change: Partial<Omit<NewAccount, 'login'> & { active: boolean; failedLogins: number; lockedUntil: string | null }>,
  ): Promise<Account | null>;
}
/** A browser's session: known by the SHA-256 of its cookie alone. */
export interface Login {
  idHash: string;
  accountId: string;
  csrf: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
}
export interface Logins {
  create(login: Login): Promise<void>;
  get(idHash: string): Promise<Login | null>;
  touch(idHash: string, lastSeenAt: string): Promise<void>;
  remove(idHash: string): Promise<void>;
  removeOf(accountId: string): Promise<number>;
  removeExpired(now: string): Promise<number>;
}
export interface Token {
  id: string;
  accountId: string;
  name: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}
export interface Tokens {
  create(token: Token & { hash: string }): Promise<void>;
  byHash(hash: string): Promise<Token | null>;
  listOf(accountId: string): Promise<Token[]>;
  touch(id: string, at: string): Promise<void>;
  remove(id: string): Promise<boolean>;
}

// Work --------------------------------------------------------------------------------------------------------------

/** What an account may see; every query about sessions and batches takes one, so that none forgets it. */
export type Scope =
  { kind: 'all' } | { kind: 'teams'; teams: readonly string[] } | { kind: 'agent'; agentId: string } | { kind: 'none' };

export interface Batches {
  /** With an `id` of the caller's choice it is idempotent: where that batch is there already, it is returned as it stands. */
  create(batch: {
    id?: string;
    title: string;
    team: string | null;
    createdBy: string;
    settings: BatchSettings;
  }): Promise<Batch>;
  get(id: string, scope: Scope): Promise<Batch | null>;
  list(scope: Scope, page: PageRequest & { state?: BatchState | undefined }): Promise<Page<Batch>>;
  /** Moves to `state` from one of `from`; null when it is in another. */
  move(id: string, from: readonly BatchState[], state: BatchState): Promise<Batch | null>;
  /** The priority holds for work that is queued from now on. */
  update(id: string, change: { title?: string; priority?: number }): Promise<Batch | null>;
  /**
   * No more files: sets `closedAt` once; `receiving` becomes `running`, a paused batch stays paused. Closing again
   * changes nothing. Null for a batch that was cancelled or is not there.
   */
  close(id: string): Promise<Batch | null>;
  /**
   * What was given up waits again: failed files become `stored`, dead sessions `waiting`, their failures are forgotten,
   * and a batch that was done goes on. Returns what came back.
   */
  revive(id: string): Promise<{ files: string[]; keys: string[] }>;
  /** Notes `done` where all files are read, all sessions recorded or dead, and it was closed. True whenever it is done, also when asked again. */
  finishIfComplete(id: string): Promise<boolean>;
  /**
   * A file that was uploaded. Where one of the same content was taken in before (and neither failed nor stands in a
   * cancelled batch), it is noted as its duplicate unless `again`; the caller then makes no job of it. With an `id` of
   * the caller's choice it is idempotent: where that file is there already, it is returned as it stands. Null where the
   * batch takes no more files: it was closed or cancelled, or is not there; asked in the same transaction.
   */
  addFile(file: {
    id?: string;
    batchId: string;
    name: string;
    sha256: string;
    bytes: number;
    again?: boolean;
    sidecar?: Record<string, unknown> | null;
  }): Promise<BatchFile | null>;
  /** Files in state `stored` whose job may be lost (after a crash between noting and adding): to be added again. */
  strandedFiles(options: { olderThan: string; limit: number }): Promise<{ id: string; batchId: string }[]>;
  file(id: string): Promise<BatchFile | null>;
  files(batchId: string, page: PageRequest): Promise<Page<BatchFile>>;
  moveFile(id: string, state: BatchFile['state'], problem?: Problem | null): Promise<void>;
  /** Idempotent by (file, problem): a file that is read again adds no failure twice. */
  addFailures(batchId: string, fileId: string | null, problems: readonly Problem[]): Promise<void>;
  failures(batchId: string, page: PageRequest): Promise<Page<Problem>>;
}

/** A session that intake found, waiting to be inspected. Its key is made of file id and position, so that reading a file again finds the same. */
export interface NewSession extends OrderedSession {
  batchId: string;
  fileId: string;
  state: 'waiting' | 'live';
}
export interface WaitingSession extends Omit<NewSession, 'state'> {
  /** Where it stands now: what is asked for is not always what still waits. */
  state: SessionSummary['state'];
  /** The session's own, else its batch's. */
  team: string | null;
}

export interface SessionFilter {
  batchId?: string | undefined;
  channel?: Session['channel'] | undefined;
  agentId?: string | undefined;
  team?: string | undefined;
  queue?: string | undefined;
  customerId?: string | undefined;
  band?: NonNullable<SessionSummary['band']> | undefined;
  passed?: boolean | undefined;
  state?: SessionSummary['state'] | undefined;
  scorecardId?: string | undefined;
  /** Instants, `from` included, `to` not; `startedAt` of the session, or when it came in where the source states none. */
  from?: string | undefined;
  to?: string | undefined;
  id?: string | undefined;
}
/** Latest first; highest risk first; lowest score first. What has no risk or score comes last. */
export type SessionOrder = 'newest' | 'risk' | 'score';

export interface Sessions {
  /** Idempotent by key. Returns the keys that were new. */
  addWaiting(list: readonly NewSession[]): Promise<string[]>;
  /** What was ordered, in whatever state it is now, in the order of the keys asked for; without those that are not there any more. */
  waiting(keys: readonly string[]): Promise<WaitingSession[]>;
  /**
   * Records results, all or none. A session is recorded once: one that is recorded already (by another delivery of the
   * same job) is left as it is and not counted; one that is not there, or was erased, is ignored. `again` (re-inspection wanted by a person) replaces.
   */
  record(
    list: readonly FinishedSession[],
    options?: { again?: boolean },
  ): Promise<{ recorded: string[]; repeated: string[] }>;
  /** Sessions whose work was given up. */
  bury(keys: readonly string[], problem: Problem): Promise<void>;
  /** Replaces the words of a live session, and its present verdicts. */
  updateLive(session: NewSession, finished: FinishedSession | null): Promise<void>;
  list(scope: Scope, filter: SessionFilter, page: PageRequest & { order: SessionOrder }): Promise<Page<SessionSummary>>;
  summary(key: string, scope: Scope): Promise<SessionSummary | null>;
  /** The whole result, or null where it is not there for this scope or not recorded. */
  result(key: string, scope: Scope): Promise<{ result: SessionResult; damaged: ('session' | 'result')[] } | null>;
  /** Whole results, streamed in the order of their keys; for export and reports of a batch. */
  results(scope: Scope, filter: SessionFilter): AsyncIterable<{ key: string; result: SessionResult }>;
  /** Waiting sessions whose job may be lost (after a crash between recording and adding): to be added again. */
  stranded(options: {
    olderThan: string;
    limit: number;
    /** Only keys that sort behind this one: they come in the order of their keys, so that all can be walked page by page. */
    after?: string | undefined;
  }): Promise<{ key: string; batchId: string }[]>;
}

export interface Bundles {
  pin(bundle: Bundle): Promise<void>;
  get(kind: Bundle['kind'], hash: string): Promise<PinnedFiles | null>;
  artefact(sha256: string): Promise<Uint8Array | null>;
  /** The scorecards that are in force, newest version of each. */
  published(): Promise<{ id: string; version: string; hash: string }[]>;
  publish(id: string, version: string, hash: string): Promise<void>;
  /** Everything that was ever published under this id, newest first. */
  versions(id: string): Promise<{ version: string; hash: string; publishedAt: string }[]>;
}

// Reports -----------------------------------------------------------------------------------------------------------

export interface PeriodRequest {
  /** UTC days, both included; of an instant its day is taken. */
  from: string;
  to: string;
  team?: string | undefined;
  channel?: Session['channel'] | undefined;
}
export interface PeriodFigures {
  sessions: number;
  scored: number;
  passed: number;
  autoFailed: number;
  provisional: number;
  scoreSum: number;
  scoreSquares: number;
  bands: Record<'critical' | 'high' | 'medium' | 'low', number>;
}
export interface PeriodReport extends PeriodFigures {
  from: string;
  to: string;
  days: (PeriodFigures & { day: string })[];
  agents: (PeriodFigures & { agentId: string | null; team: string | null })[];
  items: { scorecardId: string; item: string; pass: number; fail: number; unknown: number; na: number; cost: number }[];
}
/** Answered from sums that recording keeps up to date, never by reading every session. */
export interface Reports {
  period(scope: Scope, request: PeriodRequest): Promise<PeriodReport>;
}

// Proof, and what follows from recording ---------------------------------------------------------------------------------

export interface AuditEntry {
  seq: number;
  at: string;
  /** Account id, `token:ID`, `system` or `anonymous`. */
  actor: string;
  action: string;
  /** What it was done to, e.g. `session:KEY`. */
  target: string;
  detail: Record<string, unknown>;
  /** SHA-256 over the previous entry's hash and this entry's canonical JSON. */
  hash: string;
}
export interface Audit {
  append(entry: Pick<AuditEntry, 'actor' | 'action' | 'target' | 'detail'>): Promise<AuditEntry>;
  list(
    page: PageRequest & { actor?: string | undefined; action?: string | undefined; target?: string | undefined },
  ): Promise<Page<AuditEntry>>;
  /** Oldest first, for verification and export. */
  all(): AsyncIterable<AuditEntry>;
}

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  /** Only sessions and batches of this team; null: of all. */
  team: string | null;
  active: boolean;
  createdBy: string;
  createdAt: string;
}
export interface Delivery {
  id: string;
  webhookId: string;
  event: string;
  body: string;
  state: 'waiting' | 'delivered' | 'dead';
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: string;
  deliveredAt: string | null;
}
export interface Webhooks {
  create(webhook: Webhook & { secret: string }): Promise<void>;
  list(): Promise<Webhook[]>;
  get(id: string): Promise<(Webhook & { secret: string }) | null>;
  update(
    id: string,
    change: Partial<Pick<Webhook, 'url' | 'events' | 'active' | 'team'> & { secret: string }>,
  ): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  /** Idempotent by id (made of webhook and what it tells). True when new. */
  addDelivery(delivery: Pick<Delivery, 'id' | 'webhookId' | 'event' | 'body'>): Promise<boolean>;
  delivery(id: string): Promise<Delivery | null>;
  noteDelivery(id: string, outcome: Pick<Delivery, 'state' | 'lastStatus' | 'lastError'>): Promise<void>;
  deliveries(webhookId: string, page: PageRequest): Promise<Page<Delivery>>;
}

/** Answers to requests that carried an idempotency key. */
export interface Replies {
  /** Claims the key: `null` when it is ours now, else what was answered before (`pending` while the first still works). */
  claim(
    key: string,
    accountId: string,
    requestHash: string,
    now: string,
  ): Promise<null | { requestHash: string; reply: { status: number; body: string } | 'pending' }>;
  settle(key: string, accountId: string, reply: { status: number; body: string }): Promise<void>;
  release(key: string, accountId: string): Promise<void>;
  removeOlderThan(instant: string): Promise<number>;
}

/** Retention, legal hold, erasure, backup: what the law and the operator ask of kept data. */
export interface Upkeep {
  hold(select: { keys: readonly string[] } | { customerId: string }, on: boolean): Promise<number>;
  /** Keys, archive objects and times of what is older than `before` and not held, page by page. */
  expired(
    artefact: 'recording' | 'transcript' | 'result',
    before: string,
    limit: number,
  ): Promise<{ key: string; recordingSha256: string | null; fileSha256: string }[]>;
  /** How many of them there are, and how many more would be but for a legal hold. */
  due(artefact: 'recording' | 'transcript' | 'result', before: string): Promise<{ due: number; held: number }>;
  /** Every session of a customer, held ones too. */
  ofCustomer(
    customerId: string,
  ): Promise<{ key: string; held: boolean; recordingSha256: string | null; fileSha256: string }[]>;
  /** Leaves what is under legal hold alone. Forgets the recording's name, the words (quotes included), or everything but that it was there. */
  strip(keys: readonly string[], artefact: 'recording' | 'transcript' | 'result'): Promise<number>;
  /** Of these archive objects, those that nothing kept refers to any more. */
  unreferenced(objects: readonly string[]): Promise<string[]>;
  /** Every archive object that kept data refers to, once for each thing that does: `session:KEY` or `file:ID`. */
  references(): AsyncIterable<{ sha256: string; kind: 'recording' | 'file'; target: string }>;
  /**
   * These uploaded files were removed from the archive on purpose although sessions of others came from them: they are no
   * references from now on, their names are forgotten, and `reason` stands in their place. Returns how many.
   */
  forgetFiles(sha256s: readonly string[], reason: string): Promise<number>;
  /** Sessions under legal hold that came from these uploaded files: such a file stays. */
  heldIn(fileSha256s: readonly string[]): Promise<{ key: string; fileSha256: string }[]>;
  /** Leaves nothing of what was stripped in free pages, logs or side files. */
  scrub(): Promise<void>;
  /** A consistent copy of the whole database while it is in use. */
  backup(path: string): Promise<void>;
}
