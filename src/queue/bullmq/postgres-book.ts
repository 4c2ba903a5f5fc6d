import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { JobKind } from '../../session/index.ts';
import { abandoned, backoff, burstOf } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import type { DeadJob, NewJob, QueuedJob, QueueCounts, QueueSettings } from '../queue.ts';
import type { Book, Started, Ticket } from './book.ts';
import { schema } from './postgres-schema.ts';

interface Row {
  seq: string;
  id: string;
  kind: JobKind;
  grp: string;
  priority: number;
  lane: string;
  payload: string;
  attempt: number;
  lost: number;
  claim: string | null;
  reason: string | null;
  died_at: string | null;
}

type Query = <T extends QueryResultRow = Row>(text: string, values?: unknown[]) => Promise<T[]>;

const columns = 'seq, id, kind, grp, priority, lane, payload, attempt, lost, claim, reason, died_at';
const clear = 'line = NULL, due = NULL, claim = NULL, run = 0, taken = NULL, progress = NULL';
/** Tries and losses of a taken job without the try under way: whoever had begun one has disappeared. */
const unbegun = 'attempt = attempt - (run > 0)::int, lost = lost + (run > 0)::int,';
const later = "clock_timestamp() + $1 * interval '1 millisecond'";

/**
 * The book in PostgreSQL. Changes come one after another, under one advisory lock: the order of groups is one order for
 * all, and what BullMQ carries is slower than this.
 */
export class PostgresBook implements Book {
  readonly #pool: Pool;
  readonly #settings: QueueSettings;
  readonly #lock: string;

  constructor(pool: Pool, name: string, settings: QueueSettings) {
    this.#pool = pool;
    this.#lock = name;
    this.#settings = settings;
  }

  /** Creates the tables where they are not there yet. */
  async prepare(): Promise<void> {
    await this.#change(async (query) => {
      await query(`CREATE SCHEMA IF NOT EXISTS ${this.#lock}`);
      const [found] = await query<{ there: boolean; lost: boolean }>(
        `SELECT to_regclass('jobs') IS NOT NULL AS there,
           EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('jobs') AND attname = 'lost') AS lost`,
      );
      if (!found!.there) for (const statement of schema.split(';')) if (statement.trim()) await query(statement);
      // Made before losses were counted.
      if (found!.there && !found!.lost) await query('ALTER TABLE jobs ADD COLUMN lost int NOT NULL DEFAULT 0');
    });
  }

  async #ask<T extends QueryResultRow = Row>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.#pool.query<T>(text, values)).rows;
  }

  /** What producers and operators were told must outlive a power cut; what consumers note may be done again after it. */
  async #change<T>(work: (query: Query) => Promise<T>, durable = true): Promise<T> {
    const client: PoolClient = await this.#pool.connect();
    let broken = false;
    const query: Query = async <R extends QueryResultRow>(text: string, values: unknown[] = []) =>
      (await client.query<R>(text, values)).rows;
    try {
      const commit = `SET LOCAL synchronous_commit = ${durable ? 'on' : 'off'}`;
      await client.query(`BEGIN; ${commit}; SELECT pg_advisory_xact_lock(hashtext('${this.#lock}'))`);
      const result = await work(query);
      await query('COMMIT');
      return result;
    } catch (error) {
      await query('ROLLBACK').catch(() => (broken = true));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async add(jobs: readonly NewJob[]): Promise<number> {
    return this.#change(async (query) => {
      const column = (of: (job: NewJob) => unknown): unknown[] => jobs.map(of);
      const rows = await query<{ seq: string; state: string }>(
        `INSERT INTO jobs (id, kind, grp, priority, lane, payload, state, due)
         SELECT id, kind, grp, priority, lane, payload, CASE WHEN delay > 0 THEN 'delayed' ELSE 'waiting' END,
           CASE WHEN delay > 0 THEN clock_timestamp() + delay * interval '1 millisecond' END
         FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::float8[])
           WITH ORDINALITY AS new (id, kind, grp, priority, lane, payload, delay, n) ORDER BY n
         ON CONFLICT (id) DO NOTHING RETURNING seq, state`,
        [
          column((job) => job.id),
          column((job) => job.kind),
          column((job) => job.group),
          column((job) => job.priority),
          column((job) => job.lane ?? ''),
          column((job) => JSON.stringify(job.payload ?? null)),
          column((job) => job.delayMs ?? 0),
        ],
      );
      await this.#enter(
        query,
        rows.filter((row) => row.state === 'waiting').map((row) => row.seq),
      );
      return rows.length;
    });
  }

  /** Lets waiting jobs join their lines; a group that comes anew takes its place behind those that wait already. */
  async #enter(query: Query, seqs: string[]): Promise<void> {
    if (seqs.length === 0) return;
    await query(
      `INSERT INTO lines (grp, kind, priority, lane, held, turn)
       SELECT grp, kind, priority, lane, EXISTS (SELECT 1 FROM held_groups h WHERE h.grp = new.grp),
         coalesce((SELECT max(turn) FROM lines l WHERE l.grp = new.grp), nextval('turns'))
       FROM (SELECT grp, kind, priority, lane FROM jobs WHERE seq = ANY ($1)
             GROUP BY grp, kind, priority, lane ORDER BY min(seq)) AS new
       ON CONFLICT DO NOTHING`,
      [seqs],
    );
    await query(
      `UPDATE jobs SET line = l.line FROM lines l WHERE seq = ANY ($1)
       AND l.grp = jobs.grp AND l.kind = jobs.kind AND l.priority = jobs.priority AND l.lane = jobs.lane`,
      [seqs],
    );
  }

  async #wait(query: Query, seqs: string[], counts: string): Promise<void> {
    const fresh = `state = 'waiting', ${counts} reason = NULL, died_at = NULL, ${clear}`;
    await query(`UPDATE jobs SET ${fresh} WHERE seq = ANY ($1)`, [seqs]);
    await this.#enter(query, seqs);
  }

  async take(kinds: readonly JobKind[], free: number): Promise<Ticket[]> {
    const [look] = await this.#ask<{ due: boolean; open: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'delayed' AND due <= clock_timestamp()) AS due,
         EXISTS (SELECT 1 FROM lines WHERE NOT held) AND NOT EXISTS (SELECT 1 FROM held_all) AS open`,
    );
    if (!look!.due && (!look!.open || free <= 0)) return [];
    return this.#change(async (query) => {
      const due = await query(
        `SELECT seq FROM jobs WHERE state = 'delayed' AND due <= clock_timestamp() ORDER BY due LIMIT 500`,
      );
      if (due.length)
        await this.#wait(
          query,
          due.map((row) => row.seq),
          '',
        );
      const [now] = await query<{ pending: number; held: boolean }>(
        `SELECT (SELECT count(*)::int FROM jobs WHERE state = 'out' AND run = 0 AND kind = ANY ($1)) AS pending,
           EXISTS (SELECT 1 FROM held_all) AS held`,
        [kinds],
      );
      return now!.held ? [] : this.#takeSome(query, kinds, free - now!.pending);
    }, false);
  }

  async #takeSome(query: Query, kinds: readonly JobKind[], free: number): Promise<Ticket[]> {
    const tickets: Ticket[] = [];
    const tokens = await this.#tokens(query);
    while (tickets.length < free) {
      const closed = [...tokens].filter(([, saved]) => saved < 1).map(([lane]) => lane);
      const [line] = await query<{ line: string; grp: string; lane: string }>(
        `SELECT line, grp, lane FROM lines WHERE NOT held AND kind = ANY ($1) AND lane <> ALL ($2)
         ORDER BY priority, turn LIMIT 1`,
        [kinds, closed],
      );
      if (!line) break;
      const [row] = await query(
        `UPDATE jobs SET state = 'out', line = NULL, claim = nextval('claims'), run = 0, taken = clock_timestamp()
         WHERE seq = (SELECT seq FROM jobs WHERE line = $1 ORDER BY seq LIMIT 1) RETURNING ${columns}`,
        [line.line],
      );
      await query('DELETE FROM lines WHERE line = $1 AND NOT EXISTS (SELECT 1 FROM jobs WHERE line = $1)', [line.line]);
      await query(`UPDATE lines SET turn = t.turn FROM (SELECT nextval('turns') AS turn) AS t WHERE grp = $1`, [
        line.grp,
      ]);
      if (!row) continue;
      tickets.push({ id: row.id, kind: row.kind, claim: Number(row.claim) });
      const saved = tokens.get(line.lane);
      if (saved === undefined) continue;
      tokens.set(line.lane, saved - 1);
      await query(
        `INSERT INTO lanes VALUES ($1, $2, clock_timestamp())
         ON CONFLICT (lane) DO UPDATE SET tokens = excluded.tokens, at = excluded.at`,
        [line.lane, saved - 1],
      );
    }
    return tickets;
  }

  /** What each limited lane has saved up. */
  async #tokens(query: Query): Promise<Map<string, number>> {
    const kept = await query<{ lane: string; tokens: number; ms: number }>(
      'SELECT lane, tokens, extract(epoch FROM clock_timestamp() - at)::float8 * 1000 AS ms FROM lanes',
    );
    return new Map(
      Object.entries(this.#settings.rates).map(([lane, rate]) => {
        const row = kept.find((one) => one.lane === lane);
        const burst = burstOf(rate);
        return [lane, row ? Math.min(burst, row.tokens + (Math.max(0, row.ms) * rate) / 60_000) : burst];
      }),
    );
  }

  async start(ticket: Ticket): Promise<Started | DeadJob | null> {
    return this.#change(async (query) => {
      const [row] = await query<Row & { held: boolean; run: number }>(
        `SELECT ${columns}, run::float8 AS run, EXISTS (SELECT 1 FROM held_all)
           OR EXISTS (SELECT 1 FROM held_groups h WHERE h.grp = jobs.grp) AS held
         FROM jobs WHERE id = $1 AND state = 'out' AND claim = $2`,
        [ticket.id, ticket.claim],
      );
      if (!row) return null;
      if (row.held) {
        await this.#wait(query, [row.seq], unbegun);
        return null;
      }
      if (row.lost + (row.run > 0 ? 1 : 0) >= this.#settings.losses)
        return this.#bury(query, row, abandoned(this.#settings));
      const [begun] = await query<Row & { run: string }>(
        `UPDATE jobs SET run = nextval('claims'), progress = 0, attempt = attempt + (run = 0)::int,
           lost = lost + (run > 0)::int WHERE seq = $1 RETURNING ${columns}, run`,
        [row.seq],
      );
      return { job: jobOf(begun!), run: Number(begun!.run) };
    }, false);
  }

  async settle(id: string, run: number, outcome: Outcome): Promise<DeadJob | null> {
    return this.#change(async (query) => {
      const row = await this.#running(query, id, run);
      if (!row) return null;
      switch (outcome.end) {
        case 'done':
          await query('DELETE FROM jobs WHERE seq = $1', [row.seq]);
          return null;
        case 'later':
          await this.#delay(query, row.seq, row.attempt - 1, outcome.afterMs);
          return null;
        case 'given-up':
          return this.#bury(query, row, outcome.reason);
        case 'failed':
          if (row.attempt >= this.#settings.attempts) return this.#bury(query, row, outcome.reason);
          await this.#delay(query, row.seq, row.attempt, backoff(this.#settings, row.attempt));
          return null;
      }
    }, false);
  }

  async #running(query: Query, id: string, run: number): Promise<Row | undefined> {
    const [row] = await query(`SELECT ${columns} FROM jobs WHERE id = $1 AND state = 'out' AND run = $2 AND run > 0`, [
      id,
      run,
    ]);
    return row;
  }

  async #delay(query: Query, seq: string, attempt: number, ms: number): Promise<void> {
    const set = `state = 'delayed', attempt = $2, ${clear.replace('due = NULL', `due = ${later}`)}`;
    await query(`UPDATE jobs SET ${set} WHERE seq = $3`, [ms, attempt, seq]);
  }

  async #bury(query: Query, row: Row, reason: string): Promise<DeadJob> {
    const diedAt = new Date().toISOString();
    const set = `state = 'dead', reason = $1, died_at = $2, ${clear}`;
    await query(`UPDATE jobs SET ${set} WHERE seq = $3`, [reason, diedAt, row.seq]);
    return { ...jobOf(row), reason, diedAt };
  }

  async giveBack(id: string, run: number): Promise<void> {
    await this.#change(async (query) => {
      const row = await this.#running(query, id, run);
      if (row) await this.#wait(query, [row.seq], 'attempt = attempt - 1,');
    }, false);
  }

  async putBack(ticket: Ticket): Promise<void> {
    await this.#change(async (query) => {
      const values = [ticket.id, ticket.claim];
      const [row] = await query(`SELECT seq FROM jobs WHERE id = $1 AND state = 'out' AND claim = $2`, values);
      if (row) await this.#wait(query, [row.seq], unbegun);
    }, false);
  }

  async lost(olderMs: number): Promise<Ticket[]> {
    const rows = await this.#ask(
      `SELECT ${columns} FROM jobs WHERE state = 'out' AND taken <= ${later} ORDER BY taken LIMIT 500`,
      [-olderMs],
    );
    return rows.map((row) => ({ id: row.id, kind: row.kind, claim: Number(row.claim) }));
  }

  async alive(tries: readonly { id: string; run: number }[]): Promise<boolean[]> {
    const rows = await this.#ask<{ alive: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM jobs j WHERE j.id = t.id AND j.run = t.run AND j.state = 'out') AS alive
       FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS t (id, run, n) ORDER BY n`,
      [tries.map(({ id }) => id), tries.map(({ run }) => run)],
    );
    return rows.map((row) => row.alive);
  }

  async progress(id: string, run: number, fraction: number): Promise<void> {
    await this.#ask(`UPDATE jobs SET progress = $3 WHERE id = $1 AND run = $2`, [id, run, fraction]);
  }

  async progressOf(id: string): Promise<number | null> {
    const sql = `SELECT progress FROM jobs WHERE id = $1 AND state = 'out' AND run > 0`;
    const [row] = await this.#ask<{ progress: number | null }>(sql, [id]);
    return row?.progress ?? null;
  }

  async cancel(group: string): Promise<number> {
    return this.#change(async (query) => {
      await query('DELETE FROM lines WHERE grp = $1', [group]);
      const [gone] = await query<{ n: number }>(
        `WITH gone AS (DELETE FROM jobs WHERE grp = $1 AND state <> 'dead' RETURNING 1) SELECT count(*)::int AS n FROM gone`,
        [group],
      );
      return gone!.n;
    });
  }

  async hold(group: string | undefined, held: boolean): Promise<void> {
    await this.#change(async (query) => {
      if (group === undefined)
        await query(held ? 'INSERT INTO held_all VALUES (true) ON CONFLICT DO NOTHING' : 'DELETE FROM held_all');
      else {
        const insert = 'INSERT INTO held_groups VALUES ($1) ON CONFLICT DO NOTHING';
        await query(held ? insert : 'DELETE FROM held_groups WHERE grp = $1', [group]);
        await query('UPDATE lines SET held = $2 WHERE grp = $1', [group, held]);
      }
    });
  }

  async counts(kind?: JobKind): Promise<QueueCounts> {
    const counts: QueueCounts = { waiting: 0, delayed: 0, running: 0, dead: 0 };
    const rows = await this.#ask<{ as: keyof QueueCounts; n: number }>(
      `SELECT CASE WHEN state <> 'out' THEN state WHEN run = 0 THEN 'waiting' ELSE 'running' END AS as, count(*)::int AS n
       FROM jobs WHERE $1::text IS NULL OR kind = $1 GROUP BY 1`,
      [kind ?? null],
    );
    for (const row of rows) counts[row.as] = row.n;
    return counts;
  }

  async dead(group: string | undefined, after: string, limit: number): Promise<DeadJob[]> {
    const rows = await this.#ask(
      `SELECT ${columns} FROM jobs WHERE state = 'dead' AND id > $1 AND ($2::text IS NULL OR grp = $2) ORDER BY id LIMIT $3`,
      [after, group ?? null, limit],
    );
    return rows.map((row) => ({ ...jobOf(row), reason: row.reason ?? '', diedAt: row.died_at ?? '' }));
  }

  async redrive(select: { ids: readonly string[] } | { group: string }): Promise<number> {
    return this.#change(async (query) => {
      const [where, value] = 'ids' in select ? ['id = ANY ($1)', select.ids] : ['grp = $1', select.group];
      const rows = await query(`SELECT seq FROM jobs WHERE state = 'dead' AND ${where} ORDER BY seq`, [value]);
      await this.#wait(
        query,
        rows.map((row) => row.seq),
        'attempt = 0, lost = 0,',
      );
      return rows.length;
    });
  }

  async health(): Promise<void> {
    const [row] = await this.#ask<{ replica: boolean }>('SELECT pg_is_in_recovery() AS replica');
    if (row!.replica) throw new Error('the server is a replica, it takes no writes');
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function jobOf(row: Row): QueuedJob {
  return {
    id: row.id,
    kind: row.kind,
    group: row.grp,
    priority: row.priority,
    lane: row.lane === '' ? null : row.lane,
    payload: JSON.parse(row.payload) as unknown,
    attempt: row.attempt,
  };
}
