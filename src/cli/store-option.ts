import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { EarwitnessError } from '../session/index.ts';
import { openResults, type ResultStore } from '../store/index.ts';

export function storeOption(): Option {
  return new Option('--store <folder>', 'folder that inspect wrote with --out; its results are kept there').default(
    'earwitness-report',
  );
}

/** Opens the results that `inspect` kept in a folder. Throws `result-missing` where there are none. */
export function openStore(folder: string): ResultStore {
  const path = join(resolve(folder), 'state.sqlite');
  if (!existsSync(path))
    throw new EarwitnessError(
      'result-missing',
      folder,
      'No results are kept here.',
      'Run inspect first, or name the folder that its --out wrote with --store.',
    );
  return openResults(path);
}
