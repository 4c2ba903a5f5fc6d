import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Finished transcripts. The key is a content hash of the recording, the recogniser and its model, and how the channels
 * are read: the same sound heard the same way is found again, anything changed is not. Verdicts are not kept here; they
 * take milliseconds to make again and must follow every change of a rule.
 */
export const transcripts = sqliteTable('transcripts', {
  key: text('key').primaryKey(),
  sessionId: text('session_id').notNull(),
  json: text('json').notNull(),
  createdAt: integer('created_at').notNull(),
});
