import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ApiClient } from './client.ts';
import { fillStored } from './fill-stored.ts';
import { earwitness, freePort, kill, start, treeRss } from './processes.ts';

type Row = (what: string, figure: string, goal: string) => void;

/**
 * Lists, sessions, period reports and verification with `count` stored sessions: over HTTP on SQLite, and on PostgreSQL in a
 * database of its own where DATABASE_URL is set. The server counts no requests against its readers.
 */
export async function benchStored(count: number, row: Row): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'earwitness-bench-stored-'));
  const filled = async (name: string, url: string, data: string, env: NodeJS.ProcessEnv) => {
    const began = performance.now();
    await fillStored(url, count);
    row(`${name}: ${count} sessions put there, seconds`, seconds(began), '');
    await measureStored(name, data, env, row);
  };
  try {
    const data = join(dir, 'data');
    await filled('SQLite', `sqlite:${join(data, 'earwitness.sqlite')}`, data, {});
    const given = process.env['DATABASE_URL'];
    if (!given) return row('PostgreSQL', 'not measured: DATABASE_URL is not set', '');
    await withDatabase(given, (url) => filled('PostgreSQL', url, join(dir, 'pg'), { DATABASE_URL: url }));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const lists = {
  'list by date': ['order=newest'],
  'list by risk': ['order=risk'],
  'list by score': ['order=score'],
  'list, one filter': [
    ...['agentId=agent7', 'team=team3', 'queue=queue2', 'band=critical', 'passed=false', 'channel=chat'],
    ...['customerId=customer99', 'from=2026-05-01T00:00:00Z&to=2026-05-08T00:00:00Z'],
  ].flatMap((filter) => [`order=risk&${filter}`, `order=newest&${filter}`]),
  'list, several filters': [
    ...['team=team3&band=critical&passed=false', 'agentId=agent7&band=high', 'team=team3&queue=queue2&channel=call'],
    ...['queue=queue2&band=medium&from=2026-05-01T00:00:00Z', 'team=team3&agentId=agent23&passed=true'],
    ...['channel=ticket&band=critical&from=2026-05-01T00:00:00Z&to=2026-05-08T00:00:00Z'],
  ].flatMap((filter) => [`order=risk&${filter}`, `order=newest&${filter}`, `order=score&${filter}`]),
  'list, filters that match little or nothing': [
    ...['team=team3&agentId=agent7', 'state=waiting&team=team3', 'band=low&scorecardId=none', 'queue=none&passed=true'],
    ...[
      'team=team3&state=dead&band=low',
      'channel=chat&state=waiting&passed=true',
      'customerId=customer99&queue=queue2',
    ],
    ...['agentId=agent7&channel=call&band=critical&passed=false&queue=queue2', 'team=team3&customerId=customer98'],
    ...['queue=queue2&team=team3&band=critical&channel=call&to=2026-01-10T00:00:00Z', 'channel=chat&queue=none'],
    ...['passed=true&from=2027-05-01T00:00:00Z', 'band=critical&to=2025-06-01T00:00:00Z'],
  ].flatMap((filter) => [`order=risk&${filter}`, `order=newest&${filter}`, `order=score&${filter}`]),
};

const periods = {
  'report of a month': 'from=2026-03-01&to=2026-03-31',
  'report of a quarter': 'from=2026-01-01&to=2026-03-31',
  'report of a year': 'from=2026-01-01&to=2026-12-31',
  'report of a year, one team': 'from=2026-01-01&to=2026-12-31&team=team3',
  'report of a year but for a day at each end': 'from=2026-01-02&to=2026-12-30',
};

/** Asks a server over the database that is there already. */
async function measureStored(name: string, data: string, env: NodeJS.ProcessEnv, row: Row): Promise<void> {
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
      limitMs: 15 * 60_000,
    },
  );
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, treeRss(server.process.pid!))), 200);
  try {
    const client = await ApiClient.setUp(/http:\S+token=\S+/.exec(server.output())![0]);
    for (const readers of [1, 10]) {
      const told = (what: string, times: readonly number[], goal: string) =>
        row(`${name}, ${readers === 1 ? 'one reader' : `${readers} readers`}: ${what}`, spread(times), goal);
      for (const [what, queries] of Object.entries(lists)) {
        const first = await timed(client, readers, 200, (n) => `/sessions?limit=50&${queries[n % queries.length]}`);
        told(`${what}, first page`, first, 'p95 ≤ 200');
        const next = await cursors(client, queries);
        if (next.length > 0)
          told(`${what}, second page`, await timed(client, readers, 200, (n) => next[n % next.length]!), 'p95 ≤ 200');
      }
      const page = await client.get<{ items: { key: string }[] }>('/sessions?limit=50&order=risk');
      told(
        'a session with its evidence',
        await timed(client, readers, 200, (n) => `/sessions/${page.items[n % 50]!.key}`),
        '',
      );
      for (const [what, period] of Object.entries(periods))
        told(what, await timed(client, readers, 2 * readers, () => `/reports/period?${period}`), '≤ 2000');
    }
  } finally {
    clearInterval(watch);
    await kill(server, 'SIGTERM');
  }
  row(`${name}: peak RSS of the server, MB`, (peak / 1e6).toFixed(0), '');
  for (const command of [['verify'], ['audit', 'verify']]) {
    const began = performance.now();
    let most = 0;
    const run = await start([...earwitness(true), ...command, '--data', data], { env, ready: /^/ });
    const seen = setInterval(() => (most = Math.max(most, treeRss(run.process.pid!))), 50);
    await run.ended;
    clearInterval(seen);
    const failed = run.process.exitCode === 0 ? '' : ` (exit status ${run.process.exitCode})`;
    row(
      `${name}: earwitness ${command.join(' ')}, seconds, peak MB`,
      `${seconds(began)}, ${(most / 1e6).toFixed(0)}${failed}`,
      '',
    );
  }
}

/** Milliseconds of each of `count` requests, `readers` at once; NaN for one that was refused because the server was busy. */
async function timed(
  client: ApiClient,
  readers: number,
  count: number,
  path: (n: number) => string,
): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const read = async () => {
    for (let n = next++; n < count; n = next++) {
      const began = performance.now();
      const refused = (error: unknown) => {
        if (!String(error).includes('HTTP 503')) throw error;
        return true;
      };
      const busy = await client.get(path(n)).then(() => false, refused);
      times.push(busy ? NaN : performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: readers }, read));
  return times;
}

/** Where the second page of each list begins, for those that have one. */
async function cursors(client: ApiClient, queries: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const query of queries) {
    const { next } = await client.get<{ next: string | null }>(`/sessions?limit=50&${query}`);
    if (next !== null) found.push(`/sessions?limit=50&${query}&cursor=${encodeURIComponent(next)}`);
  }
  return found;
}

/** p50 / p95 / p99 in milliseconds; of few requests all of them. */
function spread(all: readonly number[]): string {
  const times = all.filter((ms) => !Number.isNaN(ms)).sort((a, b) => a - b);
  const refused = times.length < all.length ? `; ${all.length - times.length} of ${all.length} refused` : '';
  if (times.length < 20) return times.map((ms) => ms.toFixed(0)).join(', ') + refused;
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(part * times.length))]!.toFixed(1);
  return `${at(0.5)} / ${at(0.95)} / ${at(0.99)}${refused}`;
}

const seconds = (began: number): string => ((performance.now() - began) / 1000).toFixed(1);

/** A database of its own on the server of `url`, removed afterwards. */
async function withDatabase(url: string, use: (url: string) => Promise<void>): Promise<void> {
  const name = `earwitness_bench_${process.pid}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  try {
    const own = new URL(url);
    own.pathname = `/${name}`;
    await use(own.href);
  } finally {
    const last = new pg.Client({ connectionString: url });
    await last.connect();
    await last.query(`drop database if exists ${name} with (force)`);
    await last.end();
  }
}
