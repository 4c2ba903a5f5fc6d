import { relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { planUpdates, replaceFiles, runSuite, type SuiteResult, writeUpdates } from '../../regression/index.ts';
import type { TestRun } from './test-run.ts';

/**
 * Shows what would change, asks, writes, and runs the changed files again. Without a terminal to ask at, and without
 * --yes, nothing is written.
 */
export async function updateFixtures(suite: SuiteResult, files: readonly string[], run: TestRun): Promise<SuiteResult> {
  const plans = await planUpdates(suite.files);
  if (plans.length === 0) return suite;
  const { text, options, signal } = run;
  const zh = options.uiLanguage === 'zh';
  const paint = (line: string) => {
    const style = line.startsWith('- ')
      ? 'red'
      : line.startsWith('+ ')
        ? 'green'
        : line.startsWith('@@')
          ? 'cyan'
          : null;
    return text.colour && style !== null ? styleText(style, line, { validateStream: false }) : line;
  };
  for (const { path, diff } of plans)
    process.stderr.write(`${relative(text.cwd, path)}\n${diff.map((line) => `  ${paint(line)}\n`).join('')}\n`);
  const cases = plans.reduce((sum, plan) => sum + plan.cases, 0);
  const what = zh
    ? `${plans.length} 个文件中的 ${cases} 个用例`
    : `${cases} case${cases === 1 ? '' : 's'} in ${plans.length} file${plans.length === 1 ? '' : 's'}`;
  if (
    !options.yes &&
    !(await confirmed(zh ? `更新${what}的期望吗？` : `Update the expectations of ${what}?`, signal))
  ) {
    process.stderr.write(
      zh ? '未写入任何内容。加上 --yes 可直接写入。\n' : 'Nothing was written; --yes writes without asking.\n',
    );
    return suite;
  }
  await writeUpdates(plans);
  process.stderr.write(zh ? `已更新${what}。\n` : `Updated ${what}.\n`);
  const again = await runSuite(
    plans.map(({ path }) => path),
    run.suite,
  );
  return replaceFiles(suite, again, files);
}

async function confirmed(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*(y|yes|是|好)\s*$/i.test(await terminal.question(`${question} [y/N] `, { signal }));
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
