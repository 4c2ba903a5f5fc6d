import { parseArgs } from 'node:util';
import { runChaos } from './server/chaos.ts';
import { hasRedisServer } from './server/processes.ts';

// npm run chaos -- --kills 200 --seed 1: kills servers, workers, their children and Redis under a running batch.

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '20' },
    chats: { type: 'string', default: '300' },
    embedded: { type: 'boolean', default: false },
  },
});

const redis = !values.embedded && hasRedisServer();
if (!redis) console.log('Without Redis: one process tree on the embedded queue, no worker of its own.');
const outcome = await runChaos({
  kills: Number(values.kills),
  seed: Number(values.seed),
  chats: Number(values.chats),
  limitMs: Number(values.minutes) * 60_000,
  built: true,
  redis,
  log: console.log,
});

const total = Object.values(outcome.kills).reduce((sum, n) => sum + n, 0);
const rows: [string, string | number][] = [
  ...Object.entries(outcome.kills).map(([what, n]): [string, number] => [`killed: ${what}`, n]),
  ['kills', total],
  ['uploads', outcome.uploads],
  ['sessions', outcome.sessions],
  ['recorded', outcome.recorded],
  ['lost', outcome.lost.length],
  ['recorded twice', outcome.doubled.length],
  ['damaged results', outcome.damaged],
  ['summed in the report', outcome.summed],
  ['given up under fire, then retried', outcome.retries],
  ['audit chain', outcome.auditWhole ? `whole, ${outcome.auditEntries} entries` : 'BROKEN'],
  ['seconds', outcome.seconds],
];
console.log('| what | count |\n| --- | --- |');
for (const [what, n] of rows) console.log(`| ${what} | ${n} |`);
const good =
  outcome.lost.length + outcome.doubled.length + outcome.damaged === 0 &&
  outcome.auditWhole &&
  outcome.summed === outcome.recorded &&
  outcome.recorded === outcome.sessions &&
  total >= Number(values.kills);
if (!good) process.exitCode = 1;
