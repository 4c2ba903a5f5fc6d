import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import pg from 'pg';
import { createAnnotator } from '../../src/annotate/index.ts';
import { inspectSession } from '../../src/pipeline/index.ts';
import { loadScorecard } from '../../src/scorecard/index.ts';
import type { FinishedSession, OrderedSession } from '../../src/session/index.ts';
import { openStore } from '../../src/store/index.ts';
import { finish } from '../../src/worker/index.ts';
import { readInputs } from '../../src/intake/index.ts';
import { ApiClient } from './client.ts';
import { earwitness, freePort, kill, start } from './processes.ts';

type Row = (what: string, figure: string, goal: string) => void;

const rules = fileURLToPath(new URL('../../rules', import.meta.url));
const chats = fileURLToPath(new URL('../../fixtures/batches/demo/chats', import.meta.url));

/** Lists and period reports over HTTP with `count` stored sessions, on SQLite and where DATABASE_URL is set on PostgreSQL. */
export async function benchStored(count: number, row: Row): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'earwitness-bench-stored-'));
  const data = join(dir, 'data');
  try {
    await measure('SQLite', count, `sqlite:${join(data, 'earwitness.sqlite')}`, data, {}, row);
    const given = process.env['DATABASE_URL'];
    if (!given) return row('PostgreSQL', 'not measured: DATABASE_URL is not set', '');
    await withDatabase(given, (url) => measure('PostgreSQL', count, url, join(dir, 'pg'), { DATABASE_URL: url }, row));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(name: string, count: number, url: string, data: string, env: NodeJS.ProcessEnv, row: Row) {
  await fill(url, count);
  const port = String(await freePort());
  const server = await start(
    [...earwitness(true), 'serve', '--port', port, '--data', data, '--workers', '0', '--offline'],
    {
      env: {
        ...env,
        EARWITNESS_LOG_LEVEL: 'warn',
        EARWITNESS_REQUESTS_PER_MINUTE: '100000000',
        EARWITNESS_QUEUE: 'embedded',
      },
      ready: /token=\S+/,
    },
  );
  try {
    const client = await ApiClient.setUp(/http:\S+token=\S+/.exec(server.output())![0]);
    for (const order of ['newest', 'risk', 'score']) {
      const url = `${client.base}/api/v1/sessions?limit=50&order=${order}`;
      const { latency, errors, non2xx } = await autocannon({
        url,
        connections: 4,
        duration: 10,
        headers: client.headers,
      });
      row(`${name}, ${count} sessions: list by ${order}, p97.5 ms`, String(latency.p97_5), 'p95 ≤ 200');
      if (errors + non2xx > 0) row(`${name}: errors`, String(errors + non2xx), '0');
    }
    for (const [span, to] of [
      ['month', '2026-01-31'],
      ['quarter', '2026-03-31'],
      ['year', '2026-12-31'],
    ]) {
      const began = performance.now();
      await client.get(`/reports/period?from=2026-01-01&to=${to}`);
      row(`${name}, ${count} sessions: report of a ${span}, ms`, (performance.now() - began).toFixed(0), '≤ 2000');
    }
  } finally {
    await kill(server, 'SIGTERM');
  }
}

/** Stores the demo chats, inspected once, under ever new keys and days. */
async function fill(url: string, count: number): Promise<void> {
  const store = await openStore(url);
  try {
    const settings = { language: null, scorecards: [], priority: 5, agentChannel: 'left', recogniser: 'auto' } as const;
    const batch = await store.batches.create({
      title: 'Stored',
      team: null,
      createdBy: 'bench',
      settings: { ...settings, scorecards: [] },
    });
    const patterns = await inspected();
    for (let from = 0; from < count; from += 500) {
      const part = Array.from({ length: Math.min(500, count - from) }, (_, n) => {
        const at = from + n;
        const pattern = patterns[at % patterns.length]!;
        const day = new Date(Date.UTC(2026, 0, 1) + (at % 365) * 86_400_000 + (at % 86_400) * 1000).toISOString();
        const key = `stored-${String(at).padStart(8, '0')}`;
        const session = { ...pattern.ordered.session, id: key, startedAt: day, agentId: `agent${at % 400}` };
        const summary = { ...pattern.finished.summary, startedAt: day, agentId: session.agentId };
        return { ordered: { ...pattern.ordered, key, session }, finished: { ...pattern.finished, key, summary } };
      });
      await store.sessions.addWaiting(
        part.map(({ ordered }) => ({ ...ordered, batchId: batch.id, fileId: '', state: 'waiting' as const })),
      );
      await store.sessions.record(part.map(({ finished }) => finished));
    }
  } finally {
    await store.close();
  }
}

async function inspected(): Promise<{ ordered: OrderedSession; finished: FinishedSession }[]> {
  const cards = ['service.en.yaml', 'service.zh.yaml'].map((name) => loadScorecard(join(rules, name)));
  const judges = { scorecards: await Promise.all(cards), annotator: createAnnotator() };
  const found: { ordered: OrderedSession; finished: FinishedSession }[] = [];
  for await (const item of readInputs([chats], { defaultLanguage: 'en', tempDir: tmpdir() })) {
    if (item.kind === 'failure') continue;
    const { session, source, notices } = item;
    const ordered = { key: session.id, session, source, notices, recordingSha256: null, channelRoles: null };
    const result = inspectSession({ session, audio: null, source, notices }, judges);
    found.push({ ordered, finished: finish(session.id, result) });
  }
  return found;
}

/** A database of its own on the server of `url`, removed afterwards. */
async function withDatabase(url: string, use: (url: string) => Promise<void>): Promise<void> {
  const name = `earwitness_bench_${process.pid}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await admin.query(`create database ${name}`);
    const own = new URL(url);
    own.pathname = `/${name}`;
    await use(own.href);
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}
