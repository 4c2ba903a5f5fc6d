import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { createAnnotator } from '../../annotate/index.ts';
import { findFixtures, runSuite, type SuiteResult } from '../../regression/index.ts';
import {
  type CompiledScorecard,
  type Finding,
  ledgerPath,
  ledgerText,
  lintScorecards,
  type PublishedEntry,
  readLedger,
  textReport,
} from '../../scorecard/index.ts';
import { EarwitnessError, type UiLanguage } from '../../session/index.ts';
import { createTranscriber } from '../../speech/index.ts';
import { exitStatus, statusOfTests } from '../exit-status.ts';
import { packageFile } from '../package-files.ts';
import { makeTempFolder } from '../temp-folder.ts';

interface PublishOptions {
  fixtures: string[];
  uiLanguage: UiLanguage;
}

/** `earwitness publish`: records that a version of a scorecard is in use, once nothing speaks against it. */
export function publishCommand(report: (status: number) => void): Command {
  return new Command('publish')
    .description('Record a version of a scorecard in published.json, once it is free of errors and its fixtures pass.')
    .argument('<scorecard>', 'the scorecard')
    .requiredOption('--fixtures <path>', 'its fixtures: files, folders or globs; repeatable', more, [])
    .addOption(new Option('--ui-language <tag>', 'language of the output').choices(['en', 'zh']).default('en'))
    .addHelpText('after', '\nExit status: 0 published, 1 something speaks against it, 2 could not run.')
    .action(async (path: string, options: PublishOptions) => {
      report(await publish(resolve(path), options));
    });
}

const more = (value: string, before: string[]) => [...before, value];

async function publish(path: string, { fixtures, uiLanguage: language }: PublishOptions): Promise<number> {
  if (fixtures.length === 0)
    throw new EarwitnessError(
      'usage',
      path,
      'Nothing is published untested.',
      'Name the fixtures: --fixtures fixtures/rules/service-en.',
    );
  const zh = language === 'zh';
  const ledger = ledgerPath(path);
  const published = await readLedger(ledger);
  const { cards, findings } = await lintScorecards([path]);
  const [card] = cards;
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (!card || errors.length > 0) return refuse(cards, errors, language);
  const { id, version, hash } = card.ref;
  if (published.some((one) => one.id === id && one.version === version && one.hash === hash)) {
    process.stdout.write(
      zh
        ? `● ${id} 第 ${version} 版已发布，内容未变。\n`
        : `● ${id} version ${version} is published already, with this content.\n`,
    );
    return exitStatus.clean;
  }
  const suite = await runFixtures(await findFixtures(fixtures), path);
  const cases = suite.files.flatMap((file) => file.cases).filter((one) => one.scorecard?.id === id);
  const status = statusOfTests(suite, false);
  if (status !== exitStatus.clean || cases.length === 0) {
    process.stdout.write(complaint(suite, cases.length, card, fixtures, zh));
    return status === exitStatus.clean ? exitStatus.findings : status;
  }
  await record(ledger, [...published, entryOf(card)]);
  process.stdout.write(
    zh
      ? `● 已发布 ${id} 第 ${version} 版（${cases.length} 个用例通过），记录于 ${relative(process.cwd(), ledger)}。\n`
      : `● Published ${id} version ${version} (${cases.length} ${cases.length === 1 ? 'case passes' : 'cases pass'}); recorded in ${relative(process.cwd(), ledger)}.\n`,
  );
  return exitStatus.clean;
}

function refuse(cards: readonly CompiledScorecard[], errors: readonly Finding[], language: UiLanguage): number {
  process.stdout.write(
    textReport({ cards, findings: errors }, { language, cwd: process.cwd(), colour: false, least: 'error' }),
  );
  process.stdout.write(
    language === 'zh' ? '■ 未发布：请先消除上述错误。\n' : '■ Not published: mend the errors above first.\n',
  );
  return exitStatus.findings;
}

function complaint(
  suite: SuiteResult,
  cases: number,
  { ref: { id }, path }: CompiledScorecard,
  fixtures: readonly string[],
  zh: boolean,
): string {
  const run = `earwitness test ${fixtures.join(' ')} --scorecard ${relative(process.cwd(), path)}`;
  if (cases === 0 && suite.problems.length === 0 && suite.files.every(({ problems }) => problems.length === 0))
    return zh ? `■ 未发布：没有针对 ${id} 的用例。\n` : `■ Not published: no case is about ${id}.\n`;
  const failed = suite.files
    .flatMap((file) => file.cases)
    .filter(({ status }) => status !== 'passed' && status !== 'skipped');
  const lines = failed.slice(0, 20).map(({ name }) => `  ■ ${name}\n`);
  return `${lines.join('')}${zh ? `■ 未发布：用例未全部通过。详情：${run}\n` : `■ Not published: not every fixture passes. ${run} says why.\n`}`;
}

async function runFixtures(files: readonly string[], path: string): Promise<SuiteResult> {
  const temp = makeTempFolder();
  const transcriber = createTranscriber({
    recogniser: 'given',
    offline: true,
    modelsDir: packageFile('models', 'cache'),
    concurrency: 1,
  });
  const annotator = createAnnotator();
  try {
    return await runSuite(files, {
      search: { given: [path], shipped: packageFile('rules') },
      annotator,
      references: { transcriber, annotator, tempDir: temp.path, signal: new AbortController().signal },
    });
  } finally {
    await transcriber.close();
    temp.remove();
  }
}

function entryOf({ ref, path, sources, sections }: CompiledScorecard): PublishedEntry {
  const name = (file: string) => relative(dirname(path), file).replaceAll('\\', '/');
  return {
    id: ref.id,
    version: ref.version,
    hash: ref.hash,
    at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    items: sections.flatMap(({ items }) => items.map(({ id }) => id)),
    files: Object.fromEntries(
      sources.map(({ path: file, sha256 }) => [name(file), sha256]).sort(([a], [b]) => (a! < b! ? -1 : 1)),
    ) as Record<string, string>,
  };
}

async function record(ledger: string, entries: readonly PublishedEntry[]): Promise<void> {
  try {
    await writeFile(ledger, ledgerText(entries));
  } catch (error) {
    throw new EarwitnessError(
      'output-unwritable',
      ledger,
      'The version cannot be recorded.',
      'Check the permissions.',
      {
        cause: error,
      },
    );
  }
}
