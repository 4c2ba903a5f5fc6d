import type { Page } from './store.ts';
import { badCursor } from './problems.ts';

/**
 * A place in a list: the list's name and the values that its rows are sorted by. It is opaque to callers, not secret: what
 * it says decides where a page begins, never what may be seen.
 */
type Value = string | number;

export function cursorOf(list: string, values: readonly Value[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

/** The values of a cursor. Throws `cursor-invalid` for one of another list, or that nobody gave out. */
export function readCursor<T extends readonly ('string' | 'number')[]>(
  cursor: string,
  list: string,
  ...types: T
): { [K in keyof T]: T[K] extends 'string' ? string : number } {
  let parsed: unknown;
  try {
    parsed = cursor.length <= 2_000 ? JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) : null;
  } catch {
    throw badCursor();
  }
  if (!Array.isArray(parsed) || parsed.length !== types.length + 1 || parsed[0] !== list) throw badCursor();
  const values = parsed.slice(1) as unknown[];
  const fits = values.every(
    (value, n) => typeof value === types[n] && (typeof value !== 'number' || Number.isFinite(value)),
  );
  if (!fits) throw badCursor();
  return values as unknown as { [K in keyof T]: T[K] extends 'string' ? string : number };
}

/** A place in a list that is sorted by `seq` alone. */
export function readSeq(cursor: string | undefined, list: string): number | null {
  if (cursor === undefined) return null;
  const [seq] = readCursor(cursor, list, 'number');
  if (!Number.isSafeInteger(seq)) throw badCursor();
  return seq;
}

/** A page of rows of which one more than `limit` was asked for. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  cursor: (row: R) => string,
  item: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), next: rows.length > limit && last !== undefined ? cursor(last) : null };
}

/** Pages are never longer than this, whatever is asked for. */
export const longestPage = 1_000;

export function limitOf(asked: number): number {
  return Math.max(1, Math.min(longestPage, Math.trunc(asked)));
}
