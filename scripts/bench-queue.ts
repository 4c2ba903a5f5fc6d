import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { openQueue } from '../src/queue/index.ts';
import type { NewJob, QueuePlace } from '../src/queue/index.ts';

/**
 * Adds and jobs each second: `tsx scripts/bench-queue.ts [URL|embedded] [JOBS] [CONCURRENCY]`. Handlers do nothing, so this is
 * the queue's own cost. Leaves its keys or schemas (prefix `earwitness_bench`) behind where it is interrupted.
 */
const [where = 'embedded', count = '20000', concurrency = '8'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'earwitness-bench-'));
const single = 500;

function place(): QueuePlace {
  if (where === 'embedded') return { kind: 'embedded', path: join(folder, 'queue.sqlite') };
  return { kind: where.startsWith('redis') ? 'redis' : 'postgres', url: where, prefix: 'earwitness_bench' };
}

function jobs(group: string, n: number): NewJob[] {
  return Array.from({ length: n }, (_, at) => {
    const id = `${group}:${at}`;
    return { id, kind: 'inspect', group, priority: 5, lane: null, payload: { batchId: group, keys: [id] } };
  });
}

/** What a phase cost: jobs a second, this process' CPU for each job, and what Redis was asked and computed for it. */
async function measured(what: string, n: number, phase: () => Promise<void>): Promise<void> {
  const [cpu, asked, begun] = [process.cpuUsage(), await serverCost(), performance.now()];
  await phase();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const after = await serverCost();
  const of = (total: number, digits: number) => (total / n).toFixed(digits);
  const redis =
    asked && after
      ? `, Redis: ${of(after.packets - asked.packets, 1)} reads of its sockets and ${of((after.cpuS - asked.cpuS) * 1_000, 2)} ms CPU a job`
      : '';
  console.log(`${what}: ${Math.round((n / ms) * 1_000)}/s, ${of((user + system) / 1_000, 2)} ms CPU a job${redis}`);
}

async function serverCost(): Promise<{ packets: number; cpuS: number } | null> {
  if (!redis) return null;
  const info = (await redis.info('stats')) + (await redis.info('cpu'));
  const value = (name: string) => Number(new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1] ?? 0);
  return { packets: value('total_reads_processed'), cpuS: value('used_cpu_user') + value('used_cpu_sys') };
}

const redis = where.startsWith('redis') ? new Redis(where) : null;
const queue = await openQueue(place());
try {
  await measured('added in bulk', Number(count), async () => void (await queue.add(jobs('bulk', Number(count)))));
  await measured('added one by one', single, async () => {
    for (const job of jobs('single', single)) await queue.add([job]);
  });
  const all = Number(count) + single;
  let done = 0;
  await measured(
    `done at concurrency ${concurrency}`,
    all,
    () =>
      new Promise<void>((resolve) => {
        queue.consume({ kinds: ['inspect'], concurrency: Number(concurrency) }, async () => {
          if (++done === all) resolve();
        });
      }),
  );
} finally {
  await queue.close();
  redis?.disconnect();
  rmSync(folder, { recursive: true });
}
