import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionResult } from '../session/index.ts';
import { openResults, openRunStore } from './index.ts';
import * as schema from './schema.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The parts of a result that the store looks at, and a few that it only carries. */
function resultOf(
  id: string,
  scorecardHash: string | null,
  more: { text?: string; score?: number; engine?: string } = {},
) {
  const { text = '您好', score = 80, engine = 'earwitness 1' } = more;
  return {
    id,
    channel: 'chat',
    turns: [{ n: 1, speaker: 'agent', startMs: 0, endMs: 0, text, visibility: 'public' }],
    attributes: { tier: 'gold' },
    source: { path: 'a.json', entry: null },
    audio: null,
    notices: [],
    score,
    pins: { engine, scorecardHash, sentimentHash: 'm', modelHash: null, transcriptHash: 't' },
  } as unknown as SessionResult;
}

describe('stored results', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'earwitness-results-'));
    path = join(dir, 'state.sqlite');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function keep(...results: SessionResult[]): void {
    const store = openRunStore(path);
    for (const result of results) store.results.record(result);
    store.close();
  }
  const rows = (table: string) => {
    const raw = new Database(path);
    const { n } = raw.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number };
    raw.close();
    return n;
  };

  it('come back whole, with what their pins stand for', async () => {
    const store = openRunStore(path);
    const card = 'id: c';
    const files = [{ path: '/cards/c.yaml', sha256: sha256(card), bytes: Buffer.from(card) }];
    store.results.pin({ kind: 'scorecard', hash: 'c1', id: 'c', version: '1', path: '/cards/c.yaml', files });
    const result = resultOf('s1', 'c1');
    store.results.record(result);
    store.close();
    const kept = openResults(path);
    const [found] = await kept.ofSession('s1');
    expect(found).toEqual({
      seq: 1,
      judgedAt: expect.any(String) as string,
      result,
      damaged: [],
      sentiment: null,
      scorecard: {
        hash: 'c1',
        id: 'c',
        version: '1',
        path: '/cards/c.yaml',
        files: [{ path: '/cards/c.yaml', sha256: sha256(card) }],
      },
    });
    expect(Buffer.from((await kept.artefact(sha256(card)))!).toString()).toBe(card);
    expect(await kept.artefact('0'.repeat(64))).toBeNull();
    kept.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('replace the same session, scorecard and engine, and stay beside all others, newest first', async () => {
    keep(
      resultOf('s1', 'c1'),
      resultOf('s1', 'c2'),
      resultOf('s1', 'c1', { engine: 'earwitness 2' }),
      resultOf('s2', null),
    );
    keep(resultOf('s1', 'c1', { score: 10 }));
    const kept = openResults(path);
    const seen = (await kept.ofSession('s1')).map(({ result }) => [
      result.pins.scorecardHash,
      result.pins.engine,
      result.score,
    ]);
    expect(seen).toEqual([
      ['c1', 'earwitness 1', 10],
      ['c1', 'earwitness 2', 80],
      ['c2', 'earwitness 1', 80],
    ]);
    const newest: string[] = [];
    for await (const { result } of kept.newest()) newest.push(`${result.id} ${result.score}`);
    expect([newest, await kept.counts()]).toEqual([['s1 10', 's2 80'], { sessions: 2, results: 4 }]);
    kept.close();
    // The same words were judged three times and are kept once.
    expect(rows('inputs')).toBe(2);
  });

  it('drop a session’s words when nothing was judged by them any more', () => {
    keep(resultOf('s1', 'c1'), resultOf('s1', 'c2'));
    keep(resultOf('s1', 'c1', { text: 'corrected' }));
    expect(rows('inputs')).toBe(2);
    keep(resultOf('s1', 'c2', { text: 'corrected' }));
    expect(rows('inputs')).toBe(1);
  });

  it('are read page by page in the order of their ids, whatever the order of writing', async () => {
    const ids = Array.from({ length: 150 }, (_, i) => `s${String(i).padStart(3, '0')}`);
    keep(...[...ids].reverse().map((id) => resultOf(id, 'c1')));
    const kept = openResults(path);
    const newest: string[] = [];
    for await (const { result } of kept.newest()) newest.push(result.id);
    const all: number[] = [];
    for await (const { seq } of kept.all()) all.push(seq);
    kept.close();
    expect([newest, all]).toEqual([ids, ids.map((_, i) => i + 1)]);
  });

  it('say which part is no longer as it was kept', async () => {
    keep(resultOf('s1', 'c1'), resultOf('s2', 'c1'));
    const raw = new Database(path);
    raw.exec(`UPDATE inputs SET hash = 'x' WHERE session_id = 's1';
      UPDATE results SET input_hash = 'x' WHERE session_id = 's1'; UPDATE results SET json_hash = 'y' WHERE session_id = 's2'`);
    raw.close();
    const kept = openResults(path);
    const damaged: unknown[] = [];
    for await (const one of kept.newest()) damaged.push(one.damaged);
    kept.close();
    expect(damaged).toEqual([['session'], ['result']]);
  });

  it('bring a file of the first version to the present one and keep its transcripts', () => {
    const raw = new Database(path);
    raw.exec(`CREATE TABLE transcripts (key TEXT PRIMARY KEY, session_id TEXT NOT NULL, json TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
      INSERT INTO transcripts VALUES ('k', 's', '[1,2]', 0); PRAGMA user_version = 1`);
    raw.close();
    expect(() => openResults(path)).toThrowError(/of version 1, results are kept from version 2 on/);
    const store = openRunStore(path);
    expect([store.get('k'), store.count()]).toEqual([[1, 2], 1]);
    store.results.record(resultOf('s1', 'c1'));
    store.close();
    expect(rows('results')).toBe(1);
  });

  it('are not written into a database of another program', () => {
    const raw = new Database(path);
    raw.exec('CREATE TABLE letters (id INTEGER)');
    raw.close();
    expect(() => openRunStore(path)).toThrowError(/a database of another program/);
    expect(rows('letters')).toBe(0);
  });

  it('have the columns that the program reads them by', () => {
    openRunStore(path).close();
    const raw = new Database(path);
    for (const table of [schema.transcripts, schema.artefacts, schema.bundles, schema.inputs, schema.results]) {
      const { name, columns } = getTableConfig(table);
      const found = raw.prepare(`PRAGMA table_info(${name})`).all() as { name: string }[];
      expect(found.map((column) => column.name)).toEqual(columns.map((column) => column.name));
    }
    raw.close();
  });
});
