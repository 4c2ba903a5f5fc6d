import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

function report(what: string, n: number, begun: number): void {
  console.log(`${what}: ${Math.round((n / (performance.now() - begun)) * 1_000)}/s`);
}

const queue = await openQueue(place());
try {
  let begun = performance.now();
  await queue.add(jobs('bulk', Number(count)));
  report('added in bulk', Number(count), begun);

  begun = performance.now();
  for (const job of jobs('single', single)) await queue.add([job]);
  report('added one by one', single, begun);

  begun = performance.now();
  const all = Number(count) + single;
  let done = 0;
  await new Promise<void>((resolve) => {
    queue.consume({ kinds: ['inspect'], concurrency: Number(concurrency) }, async () => {
      if (++done === all) resolve();
    });
  });
  report(`done at concurrency ${concurrency}`, all, begun);
} finally {
  await queue.close();
  rmSync(folder, { recursive: true });
}
