import { parseArgs } from 'node:util';
import { runChaos } from './server/chaos.ts';
import { hasRedisServer } from './server/processes.ts';
import { breaches } from './server/reckoning.ts';

// npm run chaos -- --kills 200 --seed 1: kills servers, workers, their children and Redis under a running batch.

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '15' },
    chats: { type: 'string', default: '100' },
    calls: { type: 'string', default: '4' },
    embedded: { type: 'boolean', default: false },
  },
});

const redis = !values.embedded && hasRedisServer();
if (!redis) console.log('Without Redis: one process tree on the embedded queue, no worker of its own.');
const outcome = await runChaos({
  kills: Number(values.kills),
  seed: Number(values.seed),
  chats: Number(values.chats),
  calls: Number(values.calls),
  limitMs: Number(values.minutes) * 60_000,
  built: true,
  redis,
  log: console.log,
});

const total = Object.values(outcome.kills).reduce((sum, n) => sum + n, 0);
const rows: [string, string | number][] = [
  ['queue, seed', `${redis ? 'redis' : 'embedded'}, ${values.seed}`],
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
  ['seconds, of which with kills', `${outcome.seconds}, ${outcome.killSeconds}`],
];
console.log('| what | count |\n| --- | --- |');
for (const [what, n] of rows) console.log(`| ${what} | ${n} |`);
for (const [reason, n] of Object.entries(outcome.reasons)) console.log(`given up ${n} times: ${reason}`);
const wrong = breaches(outcome);
if (outcome.unfinished > 0) wrong.push(`${outcome.unfinished} batches were not done in time`);
if (total < Number(values.kills)) wrong.push(`${total} of ${values.kills} kills in the time that was given`);
for (const one of wrong) console.log(`BREACH: ${one}`);
if (wrong.length > 0) process.exitCode = 1;
