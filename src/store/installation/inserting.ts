import { type Column, getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Database, Db } from './database.ts';

/** What becomes of a row whose key is there already: nothing, or these columns take its values. */
export type OnConflict = 'nothing' | { target: Column; take: readonly string[] };

interface Prepared {
  execute(values: Record<string, unknown>): PromiseLike<unknown>;
}

/** Statements of SQLite by connection and text: building one costs ten times what running it does. */
const prepared = new WeakMap<Db, Map<string, Prepared>>();

/** So many rows in one statement: PostgreSQL counts parameters in sixteen bits. */
const rowsTogether = 200;

/**
 * Inserts rows that all have the same columns. SQLite gets them one by one with a statement that is kept, because a row costs
 * it no way over a network; PostgreSQL many at a time.
 * @returns of those that were inserted, the values of column `returning`; nothing where none is asked for
 */
export async function insertRows<T extends SQLiteTable>(
  database: Database,
  tx: Db,
  table: T,
  rows: readonly T['$inferInsert'][],
  onConflict: OnConflict,
  returning?: Column,
): Promise<unknown[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const columns: Record<string, Column> = getTableColumns(table);
  const statement = (values: unknown) => {
    const insert = tx.insert(table).values(values as T['$inferInsert']);
    const guarded =
      onConflict === 'nothing'
        ? insert.onConflictDoNothing()
        : insert.onConflictDoUpdate({
            target: onConflict.target as never,
            set: taken(columns, onConflict.take) as never,
          });
    return returning === undefined ? guarded : guarded.returning({ value: returning as never });
  };
  const found: unknown[] = [];
  const note = (answer: unknown) => {
    if (returning !== undefined) found.push(...(answer as { value: unknown }[]).map(({ value }) => value));
  };
  if (database.backend === 'postgres') {
    for (let from = 0; from < rows.length; from += rowsTogether)
      note(await statement(rows.slice(from, from + rowsTogether)));
    return found;
  }
  const names = Object.keys(first);
  const run = kept(tx, ['insert', getTableName(table), onConflict === 'nothing', returning?.name, ...names], () =>
    statement(placeholders(names)).prepare(),
  );
  for (const row of rows) note(await run.execute(encoded(columns, names, row)));
  return found;
}

/** Sets these columns of the one row whose `key` column has this value. */
export async function updateRow<T extends SQLiteTable>(
  database: Database,
  tx: Db,
  table: T,
  key: Column,
  value: string,
  set: Partial<T['$inferSelect']>,
): Promise<void> {
  const statement = (values: unknown, is: unknown) =>
    tx
      .update(table)
      .set(values as never)
      .where(sql`${key} = ${is}`);
  if (database.backend === 'postgres') {
    await statement(set, key.mapToDriverValue(value));
    return;
  }
  const columns: Record<string, Column> = getTableColumns(table);
  const names = Object.keys(set);
  const run = kept(tx, ['update', getTableName(table), key.name, ...names], () =>
    statement(placeholders(names), sql.placeholder('the key')).prepare(),
  );
  await run.execute({ ...encoded(columns, names, set), 'the key': key.mapToDriverValue(value) });
}

function kept(tx: Db, about: readonly (string | boolean | undefined)[], prepare: () => unknown): Prepared {
  const known = prepared.get(tx) ?? new Map<string, Prepared>();
  prepared.set(tx, known);
  const id = about.join('\n');
  const statement = known.get(id) ?? (prepare() as Prepared);
  known.set(id, statement);
  return statement;
}

function placeholders(names: readonly string[]): Record<string, SQL> {
  return Object.fromEntries(names.map((name) => [name, sql`${sql.placeholder(name)}`]));
}

function encoded(columns: Record<string, Column>, names: readonly string[], row: Record<string, unknown>) {
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const value = row[name];
    values[name] = value === null || value === undefined ? null : columns[name]!.mapToDriverValue(value);
  }
  return values;
}

const taken = (columns: Record<string, Column>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, sql`excluded.${sql.identifier(columns[name]!.name)}`]));
