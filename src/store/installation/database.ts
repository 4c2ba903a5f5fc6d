import { type Column, getTableColumns, type SQL, sql, type Table } from 'drizzle-orm';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { Tables } from './schema.ts';

/**
 * The query builder that repositories write to: drizzle's for SQLite, whose builders can be awaited. PostgreSQL's has the
 * same words and stands behind the same type. What only one of them has (`all`, `get`, `run`, `execute`) is not used
 * outside of the two files that open a backend.
 */
export type Db = Pick<
  BaseSQLiteDatabase<'async', unknown, Record<string, never>>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'
>;

/** The few things in which the dialects differ. Repositories are written against this alone. */
export interface Database {
  readonly backend: 'sqlite' | 'postgres';
  readonly t: Tables;
  /** Reads what has been committed. */
  readonly read: Db;
  /**
   * All of `work` or nothing, and nothing of it twice. Work may be run again after PostgreSQL has given it up for another
   * transaction's sake, so it must not change anything outside. Never call it from within `work`.
   */
  write<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /** Rows of a query that no builder can say, with the columns' names as keys and their values as the driver gives them. */
  rows(db: Db, query: SQL): Promise<Record<string, unknown>[]>;
  /** Waits until no other open transaction holds `name`; let go with this one. */
  lock(tx: Db, name: string): Promise<void>;
  /** `column` is one of `values`; one parameter however many there are. */
  among(column: Column, values: readonly string[]): SQL;
  amongNumbers(column: Column, values: readonly number[]): SQL;
  /** Keeps rows that were selected from being changed by others until this transaction ends. */
  locking<Q>(query: Q): Q;
  health(): Promise<void>;
  backup(path: string): Promise<void>;
  /** Overwrites what was deleted. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

/** So many rows in one statement: PostgreSQL counts parameters in sixteen bits. */
const rowsTogether = { sqlite: 1, postgres: 200 } as const;

/**
 * Inserts rows a part at a time. SQLite gets them one by one, because each length would be another statement to prepare and
 * a row costs it no way over a network.
 */
export async function insertEach<R>(
  database: Database,
  rows: readonly R[],
  insert: (part: R[]) => PromiseLike<unknown>,
): Promise<void> {
  const together = rowsTogether[database.backend];
  for (let from = 0; from < rows.length; from += together) await insert(rows.slice(from, from + together));
}

/**
 * `INSERT INTO table … SELECT …` of rows that come as one parameter, to be followed by ON CONFLICT and RETURNING: one
 * statement however many they are, and the same text for any number. Not for bytes.
 */
export function insertion({ backend }: Database, table: Table, rows: readonly Record<string, unknown>[]): SQL {
  const columns = Object.entries<Column>(getTableColumns(table)).filter(([name]) => rows[0]?.[name] !== undefined);
  const values = rows.map((row) =>
    columns.map(([name, column]) => (row[name] === null ? null : column.mapToDriverValue(row[name]))),
  );
  const list = (parts: SQL[]) => sql.join(parts, sql`, `);
  const names = list(columns.map(([, column]) => sql`${sql.identifier(column.name)}`));
  const taken = columns.map(([, column], n) =>
    sql.raw(backend === 'sqlite' ? `value ->> ${n}` : `(value ->> ${n})::${column.getSQLType()}`),
  );
  const json = JSON.stringify(values);
  const source = backend === 'sqlite' ? sql`json_each(${json})` : sql`json_array_elements(${json}::json)`;
  return sql`INSERT INTO ${table} (${names}) SELECT ${list(taken)} FROM ${source} WHERE true`;
}

/** What the row that was not inserted would have had. */
export const incoming = (column: Column): SQL => sql`excluded.${sql.identifier(column.name)}`;
