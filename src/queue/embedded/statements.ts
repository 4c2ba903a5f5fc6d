import type Database from 'better-sqlite3';
import type { JobKind } from '../../session/index.ts';
import { hold } from './database.ts';

export interface JobRow {
  seq: number;
  id: string;
  kind: JobKind;
  grp: string;
  priority: number;
  lane: string;
  payload: string;
  attempt: number;
  /** How many consumers have disappeared under it. */
  lost: number;
  reason: string | null;
  died_at: string | null;
}

export interface LineRow {
  line: number;
  grp: string;
  lane: string;
  priority: number;
  turn: number;
}

const job = 'seq, id, kind, grp, priority, lane, payload, attempt, lost, reason, died_at';
const clear = 'consumer = NULL, lease = NULL, lease_until = NULL, progress = NULL';

export type Statements = ReturnType<typeof prepareStatements>;

/** All questions and changes, prepared once for the life of the process. */
export function prepareStatements(sqlite: Database.Database) {
  const prepare = <P extends unknown[], R = unknown>(sql: string): Database.Statement<P, R> =>
    hold(sqlite.prepare<P, R>(sql));
  type NewColumns = [id: string, kind: string, group: string, priority: number, lane: string, payload: string];
  return {
    insertWaiting: prepare<NewColumns, { seq: number }>(
      `INSERT INTO jobs (id, kind, grp, priority, lane, payload, state) VALUES (?, ?, ?, ?, ?, ?, 'waiting')
       ON CONFLICT (id) DO NOTHING RETURNING seq`,
    ),
    insertDelayed: prepare<[...NewColumns, due: number]>(
      `INSERT INTO jobs (id, kind, grp, priority, lane, payload, due, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'delayed')
       ON CONFLICT (id) DO NOTHING`,
    ),

    findLine: prepare<[string, string, number, string], { line: number }>(
      'SELECT line FROM lines WHERE grp = ? AND kind = ? AND priority = ? AND lane = ?',
    ),
    turnOf: prepare<[string], { turn: number }>('SELECT turn FROM lines WHERE grp = ? LIMIT 1'),
    startLine: prepare<[string, string, number, string, string, number]>(
      `INSERT INTO lines (grp, kind, priority, lane, held, turn)
       VALUES (?, ?, ?, ?, EXISTS (SELECT 1 FROM held_groups WHERE grp = ?), ?)`,
    ),
    enter: prepare<[number | bigint, number]>('UPDATE jobs SET line = ? WHERE seq = ?'),
    endLine: prepare<[number]>('DELETE FROM lines WHERE line = ?'),
    endLines: prepare<[string]>('DELETE FROM lines WHERE grp = ?'),
    turnGroup: prepare<[number, string]>('UPDATE lines SET turn = ? WHERE grp = ?'),
    nextTurn: prepare<[], { value: number }>(`UPDATE meta SET value = value + 1 WHERE name = 'turn' RETURNING value`),
    firstLine: prepare<[string, string], LineRow>(
      `SELECT line, grp, lane, priority, turn FROM lines WHERE kind = ? AND lane = ? AND held = 0
       ORDER BY priority, turn LIMIT 1`,
    ),

    addLane: prepare<[string]>('INSERT INTO lanes (lane) VALUES (?) ON CONFLICT DO NOTHING'),
    lanes: prepare<[], { lane: string; tokens: number | null; at: number | null }>(
      'SELECT lane, tokens, at FROM lanes',
    ),
    keepTokens: prepare<[number, number | null, string]>('UPDATE lanes SET tokens = ?, at = ? WHERE lane = ?'),

    take: prepare<[consumer: string, lease: number, until: number, line: number], JobRow>(
      `UPDATE jobs SET state = 'running', line = NULL, consumer = ?, lease = ?, lease_until = ?, attempt = attempt + 1,
       progress = 0
       WHERE seq = (SELECT seq FROM jobs WHERE line = ? ORDER BY seq LIMIT 1) RETURNING ${job}`,
    ),
    hasNext: prepare<[number], { one: 1 }>('SELECT 1 AS one FROM jobs WHERE line = ? LIMIT 1'),
    leased: prepare<[string, number], JobRow>(
      `SELECT ${job} FROM jobs WHERE id = ? AND lease = ? AND state = 'running'`,
    ),
    renew: prepare<[number, string]>(`UPDATE jobs SET lease_until = ? WHERE consumer = ? AND state = 'running'`),
    leasesOf: prepare<[string], { lease: number }>(`SELECT lease FROM jobs WHERE consumer = ? AND state = 'running'`),
    lapsed: prepare<[number], JobRow>(
      `SELECT ${job} FROM jobs WHERE state = 'running' AND lease_until <= ? ORDER BY lease_until LIMIT 500`,
    ),
    due: prepare<[number], JobRow>(
      `SELECT ${job} FROM jobs WHERE state = 'delayed' AND due <= ? ORDER BY due LIMIT 500`,
    ),
    nextDue: prepare<[], { due: number | null }>(`SELECT min(due) AS due FROM jobs WHERE state = 'delayed'`),
    isDue: prepare<[number, number], { due: 0 | 1 }>(
      `SELECT (EXISTS (SELECT 1 FROM lines) AND NOT (SELECT value FROM meta WHERE name = 'held'))
        OR EXISTS (SELECT 1 FROM jobs WHERE state = 'delayed' AND due <= ?)
        OR EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND lease_until <= ?) AS due`,
    ),

    remove: prepare<[number]>('DELETE FROM jobs WHERE seq = ?'),
    toWaiting: prepare<[number, number, number]>(
      `UPDATE jobs SET state = 'waiting', attempt = ?, lost = ?, due = NULL, reason = NULL, died_at = NULL, ${clear} WHERE seq = ?`,
    ),
    toDelayed: prepare<[number, number, number]>(
      `UPDATE jobs SET state = 'delayed', attempt = ?, due = ?, ${clear} WHERE seq = ?`,
    ),
    toDead: prepare<[string, string, number]>(
      `UPDATE jobs SET state = 'dead', reason = ?, died_at = ?, ${clear} WHERE seq = ?`,
    ),
    setProgress: prepare<[number, string, number]>('UPDATE jobs SET progress = ? WHERE id = ? AND lease = ?'),
    progressOf: prepare<[string], { progress: number | null }>(
      `SELECT progress FROM jobs WHERE id = ? AND state = 'running'`,
    ),

    removeGroup: prepare<[string]>(`DELETE FROM jobs WHERE grp = ? AND state IN ('waiting', 'delayed', 'running')`),
    holdGroup: prepare<[string]>('INSERT INTO held_groups (grp) VALUES (?) ON CONFLICT DO NOTHING'),
    freeGroup: prepare<[string]>('DELETE FROM held_groups WHERE grp = ?'),
    holdLines: prepare<[number, string]>('UPDATE lines SET held = ? WHERE grp = ?'),
    readMeta: prepare<[string], { value: number }>('SELECT value FROM meta WHERE name = ?'),
    writeMeta: prepare<[number, string]>('UPDATE meta SET value = ? WHERE name = ?'),

    counts: prepare<[string | null, string | null], { state: 'waiting' | 'delayed' | 'running' | 'dead'; n: number }>(
      'SELECT state, count(*) AS n FROM jobs WHERE ? IS NULL OR kind = ? GROUP BY state',
    ),
    dead: prepare<[string, number], JobRow>(
      `SELECT ${job} FROM jobs WHERE state = 'dead' AND id > ? ORDER BY id LIMIT ?`,
    ),
    deadOf: prepare<[string, string, number], JobRow>(
      `SELECT ${job} FROM jobs WHERE grp = ? AND state = 'dead' AND id > ? ORDER BY id LIMIT ?`,
    ),
    deadOne: prepare<[string], JobRow>(`SELECT ${job} FROM jobs WHERE id = ? AND state = 'dead'`),
  };
}
