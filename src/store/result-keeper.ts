import type Database from 'better-sqlite3';
import { and, eq, type Placeholder, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { packResult, type SessionResult } from '../session/index.ts';
import { atomically, hold } from './database.ts';
import type { Guard } from './problems.ts';
import { artefacts, bundles, inputs, results } from './schema.ts';

/** What a pinned hash is made of, with the bytes. */
export interface Bundle {
  kind: 'scorecard' | 'sentiment';
  hash: string;
  id: string;
  version: string;
  path: string;
  files: readonly { path: string; sha256: string; bytes: Uint8Array }[];
}

export interface ResultKeeper {
  /** Keeps what results will pin. The same content is kept once. */
  pin(bundle: Bundle): void;
  /**
   * Keeps a result with its session. It replaces the one of the same session, scorecard hash and engine; those of other
   * scorecard versions and engines stay. Written together with others, at the latest by `flush`.
   */
  record(result: SessionResult): void;
  flush(): void;
}

/** One commit for so many results: a commit waits for the disk. */
const together = 64;

export function keeperOn(sqlite: Database.Database, guard: Guard): ResultKeeper {
  const write = statements(sqlite);
  const pending: SessionResult[] = [];
  const flush = () =>
    guard(() => {
      if (pending.length === 0) return;
      atomically(sqlite, () => {
        for (const result of pending) write.result(result);
      });
      pending.length = 0;
    });
  return {
    pin: (bundle) =>
      guard(() => {
        atomically(sqlite, () => write.bundle(bundle));
      }),
    record: (result) => {
      pending.push(result);
      if (pending.length >= together) flush();
    },
    flush,
  };
}

/** A placeholder under the name of each column. */
function row<K extends string>(...names: K[]): Record<K, Placeholder> {
  const entries = names.map((name): [K, Placeholder] => [name, sql.placeholder(name)]);
  return Object.fromEntries(entries) as Record<K, Placeholder>;
}

function statements(sqlite: Database.Database) {
  const db = drizzle(sqlite);
  const identity = and(
    eq(results.sessionId, sql.placeholder('sessionId')),
    eq(results.scorecardHash, sql.placeholder('scorecardHash')),
    eq(results.engine, sql.placeholder('engine')),
  );
  const bundleRow = row('kind', 'hash', 'id', 'version', 'path', 'files');
  const resultRow = row(
    'sessionId',
    'scorecardHash',
    'engine',
    'inputHash',
    'sentimentHash',
    'judgedAt',
    'jsonHash',
    'json',
  );
  // A damaged artefact heals when the same content comes again.
  const healed = { target: artefacts.sha256, set: { bytes: sql`excluded.bytes` } };
  const moved = { path: sql`excluded.path`, files: sql`excluded.files`, version: sql`excluded.version` };
  const [artefact, bundle, input, forget, result, unused] = hold(
    db.insert(artefacts).values(row('sha256', 'bytes')).onConflictDoUpdate(healed).prepare(),
    db
      .insert(bundles)
      .values(bundleRow)
      .onConflictDoUpdate({ target: [bundles.kind, bundles.hash], set: moved })
      .prepare(),
    db
      .insert(inputs)
      .values(row('hash', 'sessionId', 'json'))
      .onConflictDoUpdate({ target: inputs.hash, set: { json: sql`excluded.json` } })
      .prepare(),
    db.delete(results).where(identity).returning({ inputHash: results.inputHash }).prepare(),
    db.insert(results).values(resultRow).prepare(),
    db
      .delete(inputs)
      .where(
        and(
          eq(inputs.sessionId, sql.placeholder('sessionId')),
          sql`${inputs.hash} NOT IN (SELECT input_hash FROM results WHERE session_id = ${sql.placeholder('sessionId')})`,
        ),
      )
      .prepare(),
  );
  return {
    bundle({ files, ...row }: Bundle): void {
      for (const { sha256, bytes } of files) artefact.run({ sha256, bytes: Buffer.from(bytes) });
      bundle.run({ ...row, files: JSON.stringify(files.map(({ path, sha256 }) => ({ path, sha256 }))) });
    },
    result(one: SessionResult): void {
      const packed = packResult(one);
      const identity = { sessionId: one.id, scorecardHash: one.pins.scorecardHash ?? '', engine: one.pins.engine };
      const before = forget.all(identity);
      input.run({ hash: packed.inputHash, sessionId: one.id, json: packed.input });
      result.run({
        ...identity,
        inputHash: packed.inputHash,
        sentimentHash: one.pins.sentimentHash,
        judgedAt: Date.now(),
        jsonHash: packed.verdictsHash,
        json: packed.verdicts,
      });
      if (before.some(({ inputHash }) => inputHash !== packed.inputHash)) unused.run({ sessionId: one.id });
    },
  };
}
