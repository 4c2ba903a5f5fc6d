import {
  bigint,
  boolean,
  customType as pgCustomType,
  doublePrecision,
  index as pgIndex,
  pgSchema,
  primaryKey as pgPrimaryKey,
  uniqueIndex as pgUniqueIndex,
} from 'drizzle-orm/pg-core';
import { blob, customType, index, integer, primaryKey, real, sqliteTable, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * Words of which both dialects' tables are made, so that schema.ts describes each table once. The SQLite words give the
 * types; those of PostgreSQL have the same names and take and return the same values.
 */

/**
 * Text as both backends can keep it: PostgreSQL takes no NUL, and UTF-8 no half of a surrogate pair. They become U+FFFD,
 * in values that are stored and in those that are looked for.
 */
export function clean(text: string): string {
  return text.replace(/\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

const textType = customType<{ data: string; driverData: string }>({ dataType: () => 'text', toDriver: clean });
const jsonType = customType<{ data: unknown; driverData: string }>({
  // As text, not jsonb: it comes back as it was put, and may say \u0000.
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (json) => JSON.parse(json) as unknown,
});

const sqliteKit = {
  table: sqliteTable,
  /** Rises with every row; decides between rows that are otherwise alike. */
  serial: (name: string) => integer(name).primaryKey(),
  text: (name: string) => textType(name),
  json: <T>(name: string) => jsonType(name).$type<T>(),
  int: (name: string) => integer(name),
  real: (name: string) => real(name),
  flag: (name: string) => integer(name, { mode: 'boolean' }),
  bytes: (name: string) => blob(name, { mode: 'buffer' }),
  index,
  uniqueIndex,
  primaryKey,
};
export type Kit = typeof sqliteKit;

/** Everything of ours stands in a schema of its own: a database can be shared with other programs. */
export const pgSchemaName = 'earwitness';
const schema = pgSchema(pgSchemaName);

// Order by bytes, as SQLite does; whatever the database's own collation is.
const pgTextDataType = 'text COLLATE "C"';
const pgTextType = pgCustomType<{ data: string; driverData: string }>({
  dataType: () => pgTextDataType,
  toDriver: clean,
});
const pgJsonType = pgCustomType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (json) => JSON.parse(json) as unknown,
});
const pgBytesType = pgCustomType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

const postgresKit = {
  table: schema.table,
  serial: (name: string) => bigint(name, { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
  text: (name: string) => pgTextType(name),
  json: (name: string) => pgJsonType(name),
  int: (name: string) => bigint(name, { mode: 'number' }),
  real: (name: string) => doublePrecision(name),
  flag: (name: string) => boolean(name),
  bytes: (name: string) => pgBytesType(name),
  index: pgIndex,
  uniqueIndex: pgUniqueIndex,
  primaryKey: pgPrimaryKey,
} as unknown as Kit;

export const kits = { sqlite: sqliteKit, postgres: postgresKit } as const;
