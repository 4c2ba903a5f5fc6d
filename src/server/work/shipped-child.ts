import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createAnnotator, modelFiles } from '../../annotate/index.ts';
import { type CompiledScorecard, loadScorecard } from '../../scorecard/index.ts';
import type { Bundle } from '../../store/index.ts';
import { endWithParent } from '../../worker/index.ts';
import type { FromShipped } from './shipped.ts';

// Makes the bundles of what comes with the program, so that the server's own memory holds no compiled scorecard.

const send = (message: FromShipped) => void process.send?.(message);

function scorecardBundle({ ref, path, sources }: CompiledScorecard): Bundle {
  const files = sources.map(({ path, text, sha256 }) => ({ path, sha256, bytes: Buffer.from(text) }));
  return { kind: 'scorecard', hash: ref.hash, id: ref.id, version: String(ref.version), path, files };
}

function sentimentBundle(): Bundle {
  const { folder, files } = modelFiles();
  const withHashes = files.map(({ path, bytes }) => ({
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes,
  }));
  return { kind: 'sentiment', ...createAnnotator().model, path: folder, files: withHashes };
}

async function compile(rulesDir: string): Promise<void> {
  send({ type: 'bundle', name: 'sentiment', bundle: sentimentBundle() });
  for (const name of (await readdir(rulesDir)).sort())
    if (name.endsWith('.yaml'))
      send({ type: 'bundle', name, bundle: scorecardBundle(await loadScorecard(join(rulesDir, name))) });
  send({ type: 'done' });
}

process.on('message', ({ rulesDir }: { rulesDir: string }) => {
  compile(rulesDir).catch((error: unknown) => send({ type: 'failed', message: String(error) }));
});

endWithParent();
