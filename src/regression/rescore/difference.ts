import { createHash } from 'node:crypto';
import type { Difference, SessionResult } from '../../session/index.ts';

/** What two results are held against each other by. */
export interface Comparison {
  /** Single values that were compared. */
  values: number;
  storedHash: string;
  replayedHash: string;
  differences: Difference[];
  differing: number;
}

/** Differences spelled out at most; the rest is counted. */
const shown = 50;

/** Longest text of a value in a difference, in characters. */
const longest = 200;

/**
 * Holds every value of two results against each other. Left out: the pins, which are checked one by one, and the notice that no
 * scorecard fits, which lists the scorecards of its run.
 */
export function compareResults(stored: SessionResult, replayed: SessionResult): Comparison {
  // Through JSON, as the stored one has gone: what JSON cannot hold is no difference.
  const [a, b] = [comparable(stored), comparable(replayed)];
  const state = { values: 0, differences: [] as Difference[], differing: 0 };
  walk('', a, b, state);
  return { ...state, storedHash: hashOf(a), replayedHash: hashOf(b) };
}

function comparable({ pins: _pins, ...result }: SessionResult): unknown {
  const notices = result.notices.filter(({ code }) => code !== 'scorecard-missing');
  return JSON.parse(JSON.stringify({ ...result, notices })) as unknown;
}

function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

/** The order in which keys were written says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

interface Walk {
  values: number;
  differences: Difference[];
  differing: number;
}

function walk(path: string, a: unknown, b: unknown, state: Walk): void {
  if (Array.isArray(a) && Array.isArray(b)) {
    const [left, right] = [keyed(a), keyed(b)];
    for (const key of new Set([...left.keys(), ...right.keys()]))
      walk(join(path, key), left.get(key), right.get(key), state);
    return;
  }
  if (isRecord(a) && isRecord(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) walk(join(path, key), a[key], b[key], state);
    return;
  }
  state.values++;
  if (Object.is(a, b)) return;
  state.differing++;
  if (state.differences.length < shown) state.differences.push({ path, stored: text(a), replayed: text(b) });
}

/** Items and sections by their ids, so that one that is new does not move all that follow; anything else by position. */
function keyed(list: readonly unknown[]): Map<string, unknown> {
  const ids = list.map((one) => (isRecord(one) && typeof one['id'] === 'string' ? one['id'] : null));
  const byId = ids.every((id) => id !== null) && new Set(ids).size === ids.length;
  return new Map(list.map((one, index) => [byId ? ids[index]! : String(index + 1), one]));
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function text(value: unknown): string {
  if (value === undefined) return '–';
  const full = typeof value === 'string' ? value : JSON.stringify(value);
  return full.length > longest ? `${full.slice(0, longest)}…` : full;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
