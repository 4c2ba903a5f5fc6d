import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * What a run keeps so that the next one can go on where it stopped. Keys are content hashes: the same recording heard
 * by the same model, or the same session judged by the same rules, is found again; anything changed is not.
 */
export const kept = sqliteTable(
  'kept',
  {
    kind: text('kind', { enum: ['transcript', 'result'] }).notNull(),
    key: text('key').notNull(),
    sessionId: text('session_id').notNull(),
    json: text('json').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.key] })],
);
