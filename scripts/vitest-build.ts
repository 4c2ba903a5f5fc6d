import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Tests of the command line run what is shipped, which starts in a fifth of the time that the sources take. Builds it
 * where a source is newer.
 */
export default function buildIfStale(): void {
  const built = statSync(join(root, 'dist', 'cli.mjs'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'tsdown.config.ts', 'package.json'].map((name) => join(root, name));
  if (newest(sources) < built) return;
  const { status, stderr } = spawnSync('npx', ['tsdown', '--log-level', 'error'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The program cannot be built, so its command line cannot be tested:\n${stderr}`);
}

/** Of what goes into the program: a test that was changed does not make it stale. */
function newest(paths: readonly string[]): number {
  let last = 0;
  for (const path of paths) {
    if (path.endsWith('.test.ts')) continue;
    const stat = statSync(path);
    last = Math.max(
      last,
      stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs,
    );
  }
  return last;
}
