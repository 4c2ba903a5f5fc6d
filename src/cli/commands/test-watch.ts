import {
  affectedFixtures,
  filesBehind,
  findFixtures,
  replaceFiles,
  runSuite,
  type SuiteResult,
  watchFiles,
} from '../../regression/index.ts';
import { exitStatus } from '../exit-status.ts';
import type { TestRun } from './test-run.ts';
import { writeReports } from './test-reporters.ts';

/** Runs, waits for changes and runs again what they affect, until Ctrl-C. */
export async function watchFixtures(run: TestRun): Promise<number> {
  const { options, signal, text } = run;
  let files = await findFixtures(run.paths);
  let suite = await runSuite(files, run.suite);
  let pending = new Set<string>();
  let wake: () => void = () => undefined;
  const watching = watchFiles((changed) => {
    for (const file of changed) pending.add(file);
    wake();
  });
  const show = async (shown: SuiteResult) => {
    await writeReports(shown, options.reporter, text);
    watching.add(filesBehind(suite));
    process.stdout.write(
      options.uiLanguage === 'zh' ? '正在监视文件变化，按 Ctrl-C 结束。\n' : 'Watching for changes; Ctrl-C ends.\n',
    );
  };
  try {
    watching.add(filesBehind(suite));
    await show(suite);
    while (!signal.aborted) {
      if (pending.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        continue;
      }
      const changed = pending;
      pending = new Set();
      files = await findFixtures(run.paths).catch(() => files);
      const known = new Set(suite.files.map(({ path }) => path));
      const again = files.filter((file) => !known.has(file) || new Set(affectedFixtures(suite, changed)).has(file));
      const before = suite;
      const fresh = await runSuite(again, run.suite);
      suite = replaceFiles(before, fresh, files);
      if (again.length > 0) await show(fresh);
    }
    return exitStatus.interrupted;
  } finally {
    watching.close();
  }
}
