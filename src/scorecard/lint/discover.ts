import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { EarwitnessError } from '../../session/index.ts';

const ignore = ['**/node_modules/**', '**/.*/**', '**/dist/**'];
const pattern = '**/*.{yaml,yml}';
const isFixture = (path: string) => /\.fixture\.ya?ml$/.test(path);

export interface Discovered {
  scorecards: string[];
  fixtures: string[];
}

/**
 * What lies behind the paths that a user names: files as they are; of folders and globs the scorecards (YAML with an id
 * and sections, or one that extends another) and the fixtures. Absolute, sorted, each once.
 * @throws EarwitnessError `path-not-found` for a path that leads nowhere
 */
export async function findScorecards(paths: readonly string[], cwd = process.cwd()): Promise<Discovered> {
  const scorecards = new Set<string>();
  const fixtures = new Set<string>();
  for (const path of paths) {
    const at = resolve(cwd, path);
    const info = await stat(at).catch(() => null);
    if (info?.isFile()) {
      (isFixture(at) ? fixtures : scorecards).add(at);
      continue;
    }
    if (!info?.isDirectory() && !(info === null && isDynamicPattern(path)))
      throw new EarwitnessError(
        'path-not-found',
        path,
        'There is no such file or folder.',
        'Check the path; quote globs.',
      );
    const found = info
      ? await glob([pattern], { cwd: at, absolute: true, ignore })
      : await glob([path], { cwd, absolute: true, ignore });
    for (const one of found)
      if (isFixture(one)) fixtures.add(one);
      else if (await isScorecard(one)) scorecards.add(one);
  }
  return { scorecards: [...scorecards].sort(), fixtures: [...fixtures].sort() };
}

async function isScorecard(path: string): Promise<boolean> {
  if (!/\.ya?ml$/.test(path)) return false;
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^id:/m.test(text) && /^(sections|extends):/m.test(text);
}
