import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SuiteResult } from './suite.ts';

/** Every file that a run's outcome rests on: fixtures, scorecards, lexicons, knowledge bases. */
export function filesBehind({ files, cards }: SuiteResult): Set<string> {
  return new Set([...files.map(({ path }) => path), ...cards.flatMap((card) => card.files)]);
}

/**
 * The fixture files that have to run again after some files have changed: those themselves, those that were run by a
 * scorecard made from one, and those with something that could not run, since what was missing may be there now.
 */
export function affectedFixtures(suite: SuiteResult, changed: ReadonlySet<string>): string[] {
  const stale = new Set(
    suite.cards.filter((card) => card.files.some((file) => changed.has(file))).map(({ path }) => path),
  );
  return suite.files
    .filter(
      ({ path, cases }) =>
        changed.has(path) ||
        cases.some(({ scorecard, status }) =>
          scorecard === null ? status === 'could-not-run' : stale.has(scorecard.path),
        ),
    )
    .map(({ path }) => path);
}

/** Editors write a file in several steps; they are taken as one change. */
const settleMs = 100;

export interface FileWatch {
  /** Watches the folders of these files too. */
  add(files: Iterable<string>): void;
  close(): void;
}

/**
 * Tells of changes of the files added, and of YAML files beside them, which may be new. Folders are watched and not files:
 * editors replace files.
 */
export function watchFiles(onChange: (changed: Set<string>) => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  const known = new Set<string>();
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const settle = () => {
    const batch = changed;
    changed = new Set();
    onChange(batch);
  };
  return {
    add(files) {
      const added = [...files];
      for (const file of added) known.add(file);
      for (const folder of new Set(added.map((file) => dirname(file)))) {
        if (watchers.has(folder)) continue;
        const watcher = watch(folder, (_event, name) => {
          if (name === null) return;
          const file = join(folder, name);
          if (!known.has(file) && !/\.ya?ml$/.test(name)) return;
          changed.add(file);
          clearTimeout(timer);
          timer = setTimeout(settle, settleMs);
        });
        // A folder that goes away is no reason to end.
        watcher.on('error', () => undefined);
        watchers.set(folder, watcher);
      }
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
