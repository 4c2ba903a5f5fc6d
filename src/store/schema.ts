import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * Finished transcripts. The key is a content hash of the recording, the recogniser and its model, and how the channels
 * are read: the same sound heard the same way is found again, anything changed is not.
 */
export const transcripts = sqliteTable('transcripts', {
  key: text('key').primaryKey(),
  sessionId: text('session_id').notNull(),
  json: text('json').notNull(),
  createdAt: integer('created_at').notNull(),
});

/** Bytes by their SHA-256: scorecards, lexicons, knowledge bases, models. */
export const artefacts = sqliteTable('artefacts', {
  sha256: text('sha256').primaryKey(),
  bytes: blob('bytes', { mode: 'buffer' }).notNull(),
});

/** What a pinned hash is made of. */
export const bundles = sqliteTable(
  'bundles',
  {
    kind: text('kind', { enum: ['scorecard', 'sentiment'] }).notNull(),
    hash: text('hash').notNull(),
    id: text('id').notNull(),
    version: text('version').notNull(),
    path: text('path').notNull(),
    /** JSON: [{ path, sha256 }]. */
    files: text('files').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.hash] })],
);

/** Sessions as they were judged, by the SHA-256 of their JSON; compressed. */
export const inputs = sqliteTable(
  'inputs',
  {
    hash: text('hash').primaryKey(),
    sessionId: text('session_id').notNull(),
    json: blob('json', { mode: 'buffer' }).notNull(),
  },
  (table) => [index('inputs_session').on(table.sessionId)],
);

/** One result per session, scorecard (by hash) and engine; the highest `seq` of a session is its newest. */
export const results = sqliteTable(
  'results',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    sessionId: text('session_id').notNull(),
    /** Empty where no scorecard applied. */
    scorecardHash: text('scorecard_hash').notNull(),
    engine: text('engine').notNull(),
    inputHash: text('input_hash').notNull(),
    sentimentHash: text('sentiment_hash').notNull(),
    judgedAt: integer('judged_at').notNull(),
    /** SHA-256 of the JSON. */
    jsonHash: text('json_hash').notNull(),
    json: blob('json', { mode: 'buffer' }).notNull(),
  },
  (table) => [
    uniqueIndex('results_identity').on(table.sessionId, table.scorecardHash, table.engine),
    index('results_newest').on(table.sessionId, table.seq),
  ],
);
