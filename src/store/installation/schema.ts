import { isNotNull, sql } from 'drizzle-orm';
import type {
  Account,
  Band,
  Batch,
  BatchFile,
  BatchSettings,
  Channel,
  FinishedSession,
  Localised,
  Problem,
  SessionSummary,
} from '../../session/index.ts';
import { type Kit, kits } from './kit.ts';
import type { Delivery } from './store.ts';

/** By item: how often it was passed, failed, unknown, not applicable; and its cost in millionths of a point. */
export type ItemCounts = Record<string, number[]>;

/** The tables of an installation, once for both dialects. Migrations make the same ones; a test compares. */
function tablesOf(k: Kit) {
  const accounts = k.table(
    'accounts',
    {
      id: k.text('id').primaryKey(),
      login: k.text('login').notNull(),
      name: k.text('name').notNull(),
      role: k.text('role').$type<Account['role']>().notNull(),
      teams: k.json<string[]>('teams').notNull(),
      agentId: k.text('agent_id'),
      mayReadRaw: k.flag('may_read_raw').notNull(),
      active: k.flag('active').notNull(),
      language: k.text('language').$type<Account['language']>().notNull(),
      createdAt: k.text('created_at').notNull(),
      passwordHash: k.text('password_hash'),
      external: k.text('external'),
      failedLogins: k.int('failed_logins').notNull(),
      lockedUntil: k.text('locked_until'),
    },
    (t) => [k.uniqueIndex('accounts_login').on(t.login), k.uniqueIndex('accounts_external').on(t.external)],
  );

  const logins = k.table(
    'logins',
    {
      idHash: k.text('id_hash').primaryKey(),
      accountId: k
        .text('account_id')
        .notNull()
        .references(() => accounts.id),
      csrf: k.text('csrf').notNull(),
      createdAt: k.text('created_at').notNull(),
      lastSeenAt: k.text('last_seen_at').notNull(),
      expiresAt: k.text('expires_at').notNull(),
    },
    (t) => [k.index('logins_account').on(t.accountId), k.index('logins_expires').on(t.expiresAt)],
  );

  const tokens = k.table(
    'tokens',
    {
      id: k.text('id').primaryKey(),
      accountId: k
        .text('account_id')
        .notNull()
        .references(() => accounts.id),
      name: k.text('name').notNull(),
      hash: k.text('hash').notNull(),
      scopes: k.json<string[]>('scopes').notNull(),
      createdAt: k.text('created_at').notNull(),
      expiresAt: k.text('expires_at'),
      lastUsedAt: k.text('last_used_at'),
    },
    (t) => [k.uniqueIndex('tokens_hash').on(t.hash), k.index('tokens_account').on(t.accountId)],
  );

  const batches = k.table(
    'batches',
    {
      seq: k.serial('seq'),
      id: k.text('id').notNull(),
      title: k.text('title').notNull(),
      team: k.text('team'),
      createdBy: k.text('created_by').notNull(),
      createdAt: k.text('created_at').notNull(),
      closedAt: k.text('closed_at'),
      finishedAt: k.text('finished_at'),
      state: k.text('state').$type<Batch['state']>().notNull(),
      settings: k.json<BatchSettings>('settings').notNull(),
      // Counts are kept, not counted: each changes in the transaction of what it counts.
      files: k.int('files').notNull(),
      filesDone: k.int('files_done').notNull(),
      filesDuplicate: k.int('files_duplicate').notNull(),
      sessions: k.int('sessions').notNull(),
      recorded: k.int('recorded').notNull(),
      dead: k.int('dead').notNull(),
      failures: k.int('failures').notNull(),
    },
    (t) => [
      k.uniqueIndex('batches_id').on(t.id),
      k.index('batches_team').on(t.team, t.seq),
      k.index('batches_state').on(t.state, t.seq),
    ],
  );

  const batchFiles = k.table(
    'batch_files',
    {
      seq: k.serial('seq'),
      id: k.text('id').notNull(),
      batchId: k
        .text('batch_id')
        .notNull()
        .references(() => batches.id),
      name: k.text('name').notNull(),
      sha256: k.text('sha256').notNull(),
      bytes: k.int('bytes').notNull(),
      state: k.text('state').$type<BatchFile['state']>().notNull(),
      duplicateOf: k.text('duplicate_of'),
      problem: k.json<Problem>('problem'),
      sessions: k.int('sessions').notNull(),
      createdAt: k.text('created_at').notNull(),
      sidecar: k.json<Record<string, unknown>>('sidecar'),
      /** Why its bytes were removed from the archive on purpose; null while they are there. */
      forgotten: k.text('forgotten'),
    },
    (t) => [
      k.uniqueIndex('batch_files_id').on(t.id),
      k.index('batch_files_batch').on(t.batchId, t.seq),
      k.index('batch_files_sha256').on(t.sha256, t.seq),
      k
        .index('batch_files_unread')
        .on(t.createdAt)
        .where(sql`state IN ('stored', 'reading')`),
    ],
  );

  const failures = k.table(
    'failures',
    {
      seq: k.serial('seq'),
      /** SHA-256 of what it is about, so that the same one is noted once. */
      id: k.text('id').notNull(),
      batchId: k
        .text('batch_id')
        .notNull()
        .references(() => batches.id),
      fileId: k.text('file_id'),
      sessionKey: k.text('session_key'),
      problem: k.json<Problem>('problem').notNull(),
    },
    (t) => [
      k.uniqueIndex('failures_id').on(t.id),
      k.index('failures_batch').on(t.batchId, t.seq),
      k.index('failures_file').on(t.fileId),
      k.index('failures_session').on(t.sessionKey),
    ],
  );

  /** What lists need; what is long stands in `orders` and `results`. */
  const sessions = k.table(
    'sessions',
    {
      seq: k.serial('seq'),
      key: k.text('key').notNull(),
      id: k.text('id').notNull(),
      batchId: k
        .text('batch_id')
        .notNull()
        .references(() => batches.id),
      fileId: k.text('file_id').notNull(),
      channel: k.text('channel').$type<Channel>().notNull(),
      language: k.text('language').notNull(),
      agentId: k.text('agent_id'),
      customerId: k.text('customer_id'),
      /** The session's own, else its batch's. */
      team: k.text('team'),
      /** The batch's, where that is another one: it sees the session too. */
      otherTeam: k.text('other_team'),
      queue: k.text('queue'),
      startedAt: k.text('started_at'),
      /** Milliseconds since 1970 of `startedAt`, or of `createdAt` where there is none. */
      at: k.int('at').notNull(),
      durationMs: k.int('duration_ms'),
      state: k.text('state').$type<SessionSummary['state']>().notNull(),
      createdAt: k.text('created_at').notNull(),
      recordedAt: k.text('recorded_at'),
      scorecardId: k.text('scorecard_id'),
      scorecardVersion: k.int('scorecard_version'),
      scorecardHash: k.text('scorecard_hash'),
      score: k.real('score'),
      /** `score`, or what sorts behind every score. */
      scoreOrder: k.real('score_order').notNull(),
      passed: k.flag('passed'),
      provisional: k.flag('provisional').notNull(),
      autoFails: k.int('auto_fails').notNull(),
      probability: k.real('probability'),
      /** `probability`, or what sorts below every one. */
      riskOrder: k.real('risk_order').notNull(),
      band: k.text('band').$type<Band>(),
      reason: k.json<Localised>('reason'),
      recordingSha256: k.text('recording_sha256'),
      /** Whether it came with a recording, kept or not. */
      spoken: k.flag('spoken').notNull(),
      /** 0 nothing, 1 its words, 2 all but that it was there. */
      stripped: k.int('stripped').notNull(),
      held: k.flag('held').notNull(),
    },
    (t) => [
      k.uniqueIndex('sessions_key').on(t.key),
      // With what is most often filtered by, so that rows that do not fit are passed over without being read.
      k.index('sessions_at').on(t.at, t.seq, t.channel, t.band, t.passed, t.state),
      k.index('sessions_risk').on(t.riskOrder, t.seq, t.channel, t.band, t.passed, t.state),
      k.index('sessions_score').on(t.scoreOrder, t.seq, t.channel, t.band, t.passed, t.state),
      k.index('sessions_team_at').on(t.team, t.at, t.seq),
      k.index('sessions_team_risk').on(t.team, t.riskOrder, t.seq),
      k.index('sessions_team_score').on(t.team, t.scoreOrder, t.seq),
      k.index('sessions_other_team_at').on(t.otherTeam, t.at, t.seq).where(isNotNull(t.otherTeam)),
      k.index('sessions_other_team_risk').on(t.otherTeam, t.riskOrder, t.seq).where(isNotNull(t.otherTeam)),
      k.index('sessions_other_team_score').on(t.otherTeam, t.scoreOrder, t.seq).where(isNotNull(t.otherTeam)),
      k.index('sessions_agent_at').on(t.agentId, t.at, t.seq),
      k.index('sessions_agent_risk').on(t.agentId, t.riskOrder, t.seq),
      k.index('sessions_agent_score').on(t.agentId, t.scoreOrder, t.seq),
      k.index('sessions_batch_at').on(t.batchId, t.at, t.seq),
      k.index('sessions_batch_risk').on(t.batchId, t.riskOrder, t.seq),
      k.index('sessions_batch_score').on(t.batchId, t.scoreOrder, t.seq),
      k.index('sessions_batch_key').on(t.batchId, t.key),
      k.index('sessions_customer').on(t.customerId, t.at, t.seq),
      k.index('sessions_queue').on(t.queue, t.at, t.seq),
      k.index('sessions_band_at').on(t.band, t.at, t.seq),
      k.index('sessions_band_risk').on(t.band, t.riskOrder, t.seq),
      k.index('sessions_band_score').on(t.band, t.scoreOrder, t.seq),
      k.index('sessions_passed_risk').on(t.passed, t.riskOrder, t.seq),
      k.index('sessions_passed_score').on(t.passed, t.scoreOrder, t.seq),
      k.index('sessions_state').on(t.state, t.at, t.seq),
      k.index('sessions_scorecard').on(t.scorecardId, t.at, t.seq),
      k.index('sessions_id').on(t.id),
      k.index('sessions_file').on(t.fileId),
      k
        .index('sessions_waiting')
        .on(t.key)
        .where(sql`state = 'waiting'`),
      k.index('sessions_recording').on(t.recordingSha256).where(isNotNull(t.recordingSha256)),
      k.index('sessions_stripped').on(t.stripped, t.at),
      k.index('sessions_heard').on(t.at).where(isNotNull(t.recordingSha256)),
    ],
  );

  /** What is to be inspected: session, source, notices and channel roles as compressed JSON. */
  const orders = k.table('orders', {
    key: k
      .text('key')
      .primaryKey()
      .references(() => sessions.key),
    json: k.bytes('json').notNull(),
  });

  const results = k.table('results', {
    key: k
      .text('key')
      .primaryKey()
      .references(() => sessions.key),
    engine: k.text('engine').notNull(),
    sentimentHash: k.text('sentiment_hash').notNull(),
    inputHash: k.text('input_hash').notNull(),
    input: k.bytes('input').notNull(),
    verdictsHash: k.text('verdicts_hash').notNull(),
    verdicts: k.bytes('verdicts').notNull(),
    /** What it added to the sums, to be taken off again when it is replaced. */
    items: k.json<FinishedSession['items']>('items').notNull(),
  });

  // In the tables of sums '' stands for none, so that a group has one key.
  const team = { team: k.text('team').notNull(), otherTeam: k.text('other_team').notNull() };
  const agent = { agentId: k.text('agent_id').notNull() };
  const what = {
    channel: k.text('channel').$type<Channel>().notNull(),
    scorecardId: k.text('scorecard_id').notNull(),
  };
  const figures = {
    sessions: k.int('sessions').notNull(),
    scored: k.int('scored').notNull(),
    passed: k.int('passed').notNull(),
    autoFailed: k.int('auto_failed').notNull(),
    provisional: k.int('provisional').notNull(),
    // Whole numbers, so that what was added can be taken off again to the last digit.
    scoreMillionths: k.int('score_millionths').notNull(),
    squareTenThousandths: k.int('square_ten_thousandths').notNull(),
    critical: k.int('critical').notNull(),
    high: k.int('high').notNull(),
    medium: k.int('medium').notNull(),
    low: k.int('low').notNull(),
  };
  /** UTC, `YYYY-MM-DD`. */
  const day = k.text('day').notNull();
  /** UTC, `YYYY-MM`. */
  const month = k.text('month').notNull();
  /** In the group's own row: a row for each item would be thirty times as much to write with every session. */
  const items = k.json<ItemCounts>('items').notNull();
  const sums = k.table('sums', { day, ...team, ...agent, ...what, ...figures, items }, (t) => [
    k.primaryKey({ columns: [t.day, t.team, t.otherTeam, t.agentId, t.channel, t.scorecardId] }),
    k.index('sums_agent').on(t.agentId, t.day),
  ]);
  // The same without agents, by month, and both: few enough rows to be added up over years.
  const teamSums = k.table('team_sums', { day, ...team, ...what, ...figures, items }, (t) => [
    k.primaryKey({ columns: [t.day, t.team, t.otherTeam, t.channel, t.scorecardId] }),
  ]);
  const monthSums = k.table('month_sums', { month, ...team, ...agent, ...what, ...figures }, (t) => [
    k.primaryKey({ columns: [t.month, t.team, t.otherTeam, t.agentId, t.channel, t.scorecardId] }),
  ]);
  const teamMonthSums = k.table('team_month_sums', { month, ...team, ...what, ...figures, items }, (t) => [
    k.primaryKey({ columns: [t.month, t.team, t.otherTeam, t.channel, t.scorecardId] }),
  ]);

  const artefacts = k.table('artefacts', { sha256: k.text('sha256').primaryKey(), bytes: k.bytes('bytes').notNull() });
  const bundles = k.table(
    'bundles',
    {
      kind: k.text('kind').$type<'scorecard' | 'sentiment'>().notNull(),
      hash: k.text('hash').notNull(),
      id: k.text('id').notNull(),
      version: k.text('version').notNull(),
      path: k.text('path').notNull(),
      files: k.json<{ path: string; sha256: string }[]>('files').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.kind, t.hash] })],
  );
  /** Every publication; the last one of a scorecard is in force. */
  const publications = k.table(
    'publications',
    {
      seq: k.serial('seq'),
      id: k.text('id').notNull(),
      version: k.text('version').notNull(),
      hash: k.text('hash').notNull(),
      publishedAt: k.text('published_at').notNull(),
    },
    (t) => [k.index('publications_id').on(t.id, t.seq)],
  );

  const audit = k.table(
    'audit',
    {
      seq: k.int('seq').primaryKey(),
      at: k.text('at').notNull(),
      actor: k.text('actor').notNull(),
      action: k.text('action').notNull(),
      target: k.text('target').notNull(),
      detail: k.json<Record<string, unknown>>('detail').notNull(),
      hash: k.text('hash').notNull(),
    },
    (t) => [
      k.index('audit_actor').on(t.actor, t.seq),
      k.index('audit_action').on(t.action, t.seq),
      k.index('audit_target').on(t.target, t.seq),
    ],
  );

  const webhooks = k.table(
    'webhooks',
    {
      seq: k.serial('seq'),
      id: k.text('id').notNull(),
      url: k.text('url').notNull(),
      events: k.json<string[]>('events').notNull(),
      team: k.text('team'),
      active: k.flag('active').notNull(),
      createdBy: k.text('created_by').notNull(),
      createdAt: k.text('created_at').notNull(),
      secret: k.text('secret').notNull(),
    },
    (t) => [k.uniqueIndex('webhooks_id').on(t.id)],
  );
  const deliveries = k.table(
    'deliveries',
    {
      seq: k.serial('seq'),
      id: k.text('id').notNull(),
      webhookId: k
        .text('webhook_id')
        .notNull()
        .references(() => webhooks.id),
      event: k.text('event').notNull(),
      body: k.text('body').notNull(),
      state: k.text('state').$type<Delivery['state']>().notNull(),
      attempts: k.int('attempts').notNull(),
      lastStatus: k.int('last_status'),
      lastError: k.text('last_error'),
      createdAt: k.text('created_at').notNull(),
      deliveredAt: k.text('delivered_at'),
      /** Key of the session that the body tells of. */
      about: k.text('about'),
    },
    (t) => [
      k.uniqueIndex('deliveries_id').on(t.id),
      k.index('deliveries_webhook').on(t.webhookId, t.seq),
      k.index('deliveries_about').on(t.about),
    ],
  );
  const replies = k.table(
    'replies',
    {
      key: k.text('key').notNull(),
      accountId: k.text('account_id').notNull(),
      requestHash: k.text('request_hash').notNull(),
      /** Null while the first request still works. */
      status: k.int('status'),
      body: k.text('body'),
      about: k.text('about'),
      createdAt: k.text('created_at').notNull(),
    },
    (t) => [
      k.primaryKey({ columns: [t.accountId, t.key] }),
      k.index('replies_created').on(t.createdAt),
      k.index('replies_about').on(t.about),
    ],
  );

  return {
    accounts,
    logins,
    tokens,
    batches,
    batchFiles,
    failures,
    sessions,
    orders,
    results,
    sums,
    teamSums,
    monthSums,
    teamMonthSums,
    artefacts,
    bundles,
    publications,
    audit,
    webhooks,
    deliveries,
    replies,
  };
}

/** In the order in which rows can be put in: what is referred to first. */
export const tables = { sqlite: tablesOf(kits.sqlite), postgres: tablesOf(kits.postgres) };
export type Tables = (typeof tables)['sqlite'];
