import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '../../pipeline/index.ts';
import type { Bundle } from '../../store/index.ts';
import { forkProgram } from '../../worker/index.ts';
import type { Context } from '../context.ts';

export type FromShipped =
  { type: 'bundle'; name: string; bundle: Bundle } | { type: 'failed'; message: string } | { type: 'done' };

/** In force in a new installation: they fit every customer service. The others wait to be published by a lead. */
const atFirst = new Set(['service.en.yaml', 'service.zh.yaml']);

/**
 * Puts what results will pin into the store: the sentiment model, and every scorecard that comes with the program. Only an
 * installation where nothing was ever published gets scorecards into force; later versions are a lead's decision. Compiling
 * them takes seconds and memory, so a child does it, once for each version of the program.
 */
export async function keepShipped(
  { store: { bundles }, config }: Pick<Context, 'store' | 'config'>,
  rulesDir: string,
): Promise<void> {
  const marker = join(config.dataDir, 'shipped.txt');
  const isNew = (await bundles.published()).length === 0;
  if (!isNew && existsSync(marker) && readFileSync(marker, 'utf8') === engine) return;
  for (const { name, bundle } of await compiled(rulesDir)) {
    await bundles.pin(bundle);
    if (isNew && atFirst.has(name)) await bundles.publish(bundle.id, bundle.version, bundle.hash);
  }
  writeFileSync(marker, engine, { mode: 0o600 });
}

async function compiled(rulesDir: string): Promise<{ name: string; bundle: Bundle }[]> {
  const child = await forkProgram({
    bundle: 'shipped-child',
    source: 'shipped-child.ts',
    from: import.meta.url,
    heapMb: 1024,
  });
  const made: { name: string; bundle: Bundle }[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      child.process.on('message', (message: FromShipped) => {
        if (message.type === 'bundle') made.push(message);
        else if (message.type === 'failed') reject(new Error(message.message));
        else resolve();
      });
      void child.ended.then((how) => reject(new Error(`Compiling the shipped scorecards ended with ${how}.`)));
      child.process.send({ rulesDir }, (error) => error && reject(error));
    });
  } finally {
    await child.end();
  }
  return made;
}
