import type Database from 'better-sqlite3';
import { and, asc, count, countDistinct, desc, eq, gt, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { type PinnedFiles, type ReadArtefact, type StoredResult, unpackResult } from '../session/index.ts';
import { hold } from './database.ts';
import type { Guard } from './problems.ts';
import { artefacts, bundles, inputs, results } from './schema.ts';

/** Everything is read through promises, though SQLite answers at once: a store behind a network has the same door. */
export interface ResultReader {
  counts(): Promise<{ sessions: number; results: number }>;
  /** The newest result of every session, by session id; a few at a time in memory. */
  newest(): AsyncIterable<StoredResult>;
  /** Every result that is kept, oldest first. */
  all(): AsyncIterable<StoredResult>;
  /** All results of one session, newest first. */
  ofSession(id: string): Promise<StoredResult[]>;
  artefact: ReadArtefact;
}

const page = 32;

export function readerOn(sqlite: Database.Database, guard: Guard): ResultReader {
  const read = statements(sqlite);
  const pins = new Map<string, PinnedFiles | null>();
  const pinned = (kind: 'scorecard' | 'sentiment', hash: string): PinnedFiles | null => {
    const key = `${kind}:${hash}`;
    let known = pins.get(key);
    if (known === undefined) {
      const row = read.bundle.get({ kind, hash });
      known = row ? { ...row, files: JSON.parse(row.files) as PinnedFiles['files'] } : null;
      pins.set(key, known);
    }
    return known;
  };
  type Row = ReturnType<typeof read.after.all>[number];
  const stored = ({ seq, judgedAt, sentimentHash, scorecardHash, ...packed }: Row): StoredResult => ({
    seq,
    judgedAt: new Date(judgedAt).toISOString(),
    ...unpackResult(packed),
    scorecard: scorecardHash === '' ? null : pinned('scorecard', scorecardHash),
    sentiment: pinned('sentiment', sentimentHash),
  });
  // Pages and not one long query: nothing stays open while the caller works on a result.
  async function* newest() {
    for (let after = ''; ;) {
      const rows = guard(() => read.newest.all({ after, page }));
      for (const row of rows) yield await Promise.resolve(guard(() => stored(row)));
      if (rows.length < page) return;
      after = rows.at(-1)!.sessionId;
    }
  }
  async function* all() {
    for (let after = 0; ;) {
      const rows = guard(() => read.after.all({ after, page }));
      for (const row of rows) yield await Promise.resolve(guard(() => stored(row)));
      if (rows.length < page) return;
      after = rows.at(-1)!.seq;
    }
  }
  return {
    counts: () => Promise.resolve(guard(() => read.counts.get() ?? { sessions: 0, results: 0 })),
    newest,
    all,
    ofSession: (id) => Promise.resolve(guard(() => read.ofSession.all({ id }).map(stored))),
    artefact: (sha256) => Promise.resolve(guard(() => read.artefact.get({ sha256 })?.bytes ?? null)),
  };
}

function statements(sqlite: Database.Database) {
  const db = drizzle(sqlite);
  const columns = {
    seq: results.seq,
    sessionId: results.sessionId,
    judgedAt: results.judgedAt,
    scorecardHash: results.scorecardHash,
    sentimentHash: results.sentimentHash,
    inputHash: inputs.hash,
    input: inputs.json,
    verdictsHash: results.jsonHash,
    verdicts: results.json,
  };
  const joined = () => db.select(columns).from(results).innerJoin(inputs, eq(inputs.hash, results.inputHash));
  const isNewest = sql`${results.seq} = (SELECT max(seq) FROM results AS other WHERE other.session_id = ${results.sessionId})`;
  const [newest, after, ofSession, artefact, bundle, counts] = hold(
    joined()
      .where(and(gt(results.sessionId, sql.placeholder('after')), isNewest))
      .orderBy(asc(results.sessionId))
      .limit(sql.placeholder('page'))
      .prepare(),
    joined()
      .where(gt(results.seq, sql.placeholder('after')))
      .orderBy(asc(results.seq))
      .limit(sql.placeholder('page'))
      .prepare(),
    joined()
      .where(eq(results.sessionId, sql.placeholder('id')))
      .orderBy(desc(results.seq))
      .prepare(),
    db
      .select({ bytes: artefacts.bytes })
      .from(artefacts)
      .where(eq(artefacts.sha256, sql.placeholder('sha256')))
      .prepare(),
    db
      .select({
        hash: bundles.hash,
        id: bundles.id,
        version: bundles.version,
        path: bundles.path,
        files: bundles.files,
      })
      .from(bundles)
      .where(and(eq(bundles.kind, sql.placeholder('kind')), eq(bundles.hash, sql.placeholder('hash'))))
      .prepare(),
    db
      .select({ sessions: countDistinct(results.sessionId), results: count() })
      .from(results)
      .prepare(),
  );
  return { newest, after, ofSession, artefact, bundle, counts };
}
