import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { benchStored } from './server/bench-stored.ts';
import { writeChats } from './server/chats.ts';
import { ApiClient } from './server/client.ts';
import { earwitness, freePort, kill, start, treePss, treeRss } from './server/processes.ts';

// npm run bench:server: uploads to the built server and waits until all is recorded; then reads with many at once, and with
// `--stored N` asks a server with N stored sessions for lists and reports (on PostgreSQL too where DATABASE_URL is set).
// `--only stored` leaves all but that out.

const values = options();

function options() {
  try {
    const { values } = parseArgs({
      options: {
        chats: { type: 'string', default: '10000' },
        readers: { type: 'string', default: '500' },
        stored: { type: 'string', default: '0' },
        only: { type: 'string' },
      },
    });
    const { only, ...counts } = values;
    for (const [name, value] of Object.entries(counts))
      if (!/^\d+$/.test(value)) throw new Error(`--${name} takes a number, not '${value}'.`);
    if (only !== undefined && only !== 'stored') throw new Error(`--only takes 'stored', not '${only}'.`);
    if (only === 'stored' && Number(counts.stored) === 0) throw new Error('--only stored needs --stored N.');
    return values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

interface Walked {
  seconds: number;
  peakRssBytes: number;
  peakPssBytes: number;
  recorded: number;
}

/** From the first byte of the upload until every chat is recorded and the report of the period is answered. */
async function walk(count: number, workers: number, then?: (client: ApiClient) => Promise<void>): Promise<Walked> {
  const dir = await mkdtemp(join(tmpdir(), 'earwitness-bench-'));
  const port = String(await freePort());
  const server = await start(
    [
      ...earwitness(true),
      'serve',
      '--port',
      port,
      '--data',
      join(dir, 'data'),
      '--workers',
      String(workers),
      '--offline',
    ],
    {
      env: { EARWITNESS_LOG_LEVEL: 'warn', EARWITNESS_REQUESTS_PER_MINUTE: '100000000', EARWITNESS_QUEUE: 'embedded' },
      ready: /token=\S+/,
    },
  );
  let peakRssBytes = 0;
  let peakPssBytes = 0;
  const watch = setInterval(() => {
    peakRssBytes = Math.max(peakRssBytes, treeRss(server.process.pid!));
    peakPssBytes = Math.max(peakPssBytes, treePss(server.process.pid!) ?? 0);
  }, 500);
  try {
    const client = await ApiClient.setUp(/http:\S+token=\S+/.exec(server.output())![0]);
    const path = join(dir, 'chats.jsonl');
    await writeChats(path, 'bench', count);
    const began = performance.now();
    const id = await client.upload('Benchmark', [path]);
    const batch = await client.finished(id, 15 * 60_000);
    await client.get(`/reports/period?from=2026-01-01&to=2026-12-31`);
    const seconds = (performance.now() - began) / 1000;
    clearInterval(watch);
    await then?.(client);
    return { seconds, peakRssBytes, peakPssBytes, recorded: batch.counts.recorded };
  } finally {
    clearInterval(watch);
    await kill(server, 'SIGTERM');
    await rm(dir, { recursive: true, force: true });
  }
}

function row(what: string, figure: string, goal: string): void {
  console.log(`| ${what} | ${figure} | ${goal} |`);
}

async function read(client: ApiClient): Promise<void> {
  const answered = await autocannon({
    url: `${client.base}/api/v1/sessions?limit=50&order=risk`,
    connections: Number(values.readers),
    duration: 15,
    headers: client.headers,
  });
  row(`${values.readers} readers: refused (503)`, String(answered.non2xx), '0');
  row(`${values.readers} readers: no answer within 10 s`, String(answered.errors), '0');
  row(`${values.readers} readers: requests a second`, answered.requests.average.toFixed(0), '');
}

const count = Number(values.chats);
console.log(
  `${(await readFile('/proc/cpuinfo', 'utf8').catch(() => '')).match(/^processor/gm)?.length ?? '?'} cores\n`,
);
console.log('| what | measured | goal |\n| --- | --- | --- |');
if (values.only === undefined) {
  const two = await walk(count, 2, read);
  row(`${two.recorded} chats, upload to report, 2 workers: seconds`, two.seconds.toFixed(1), '≤ 60');
  row('peak RSS summed over all processes, MB', (two.peakRssBytes / 1e6).toFixed(0), '≤ 500');
  row('peak memory of all processes, what they share counted once, MB', (two.peakPssBytes / 1e6).toFixed(0), '');
  const one = await walk(count, 1);
  row(`${one.recorded} chats, 1 worker: seconds`, one.seconds.toFixed(1), '');
  row('2 workers against 1', (one.seconds / two.seconds).toFixed(2), '≥ 1.8');
}
if (Number(values.stored) > 0) await benchStored(Number(values.stored), row);
