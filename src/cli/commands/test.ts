import { Command, InvalidArgumentError, Option } from 'commander';
import { createAnnotator } from '../../annotate/index.ts';
import {
  belowCoverage,
  coverageOf,
  coverText,
  findFixtures,
  matrixReport,
  runSuite,
  type SuiteResult,
  type TextOptions,
} from '../../regression/index.ts';
import { EarwitnessError, type UiLanguage } from '../../session/index.ts';
import { createTranscriber } from '../../speech/index.ts';
import { exitStatus, statusOfTests } from '../exit-status.ts';
import { packageFile } from '../package-files.ts';
import { stopSignal } from '../stop-signal.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { addMutateOptions, runMutation } from './test-mutate.ts';
import { parseReporter, refuseTwoOnOutput, writeReports } from './test-reporters.ts';
import type { TestOptions, TestRun } from './test-run.ts';
import { updateFixtures } from './test-update.ts';
import { watchFixtures } from './test-watch.ts';

/** `earwitness test`: fixtures in, what broke out. */
export function testCommand(report: (status: number) => void): Command {
  const command = new Command('test')
    .description('Run regression fixtures: sessions with the verdicts that are expected of them.')
    .argument('[paths...]', 'fixture files, folders or globs', ['.'])
    .option('--scorecard <file>', 'stands in for the scorecard of the same id that fixtures name; repeatable', more, [])
    .option(
      '--only <pattern>',
      'only cases with this in their name, about this item, or of this file; repeatable',
      more,
      [],
    )
    .option('--update', 'rewrite expectations that no longer hold, after showing the difference', false)
    .option('--yes', 'with --update: write without asking', false)
    .option('--min-coverage <percent>', 'least share of items with a passing and a failing case', percent)
    .option('--matrix', 'show how many cases each item has for each verdict', false)
    .addOption(
      new Option('--reporter <name[=file]>', 'tree, junit, json, tap or github; repeatable')
        .argParser(parseReporter)
        .default([], 'tree'),
    )
    .option('--watch', 'run again what a changed fixture, scorecard, lexicon or knowledge base affects', false)
    .addOption(new Option('--ui-language <tag>', 'language of the output').choices(['en', 'zh']).default('en'))
    .addOption(
      new Option('--recogniser <id>', 'who hears recordings that cases refer to; given: nobody, transcripts only')
        .choices(['given', 'auto', 'sherpa', 'pocketsphinx'])
        .default('given'),
    )
    .option('--quiet', 'no progress', false)
    .option('--offline', 'never touch the network', false)
    .option('--models-dir <folder>', 'where speech models are kept (default: models/cache)')
    .addHelpText('after', '\nExit status: 0 clean, 1 a case failed or coverage is too low, 2 something could not run.')
    .action(async (paths: string[], options: TestOptions) => {
      refuseNonsense(options);
      report(await test(paths, options));
    });
  return addMutateOptions(command);
}

async function test(paths: string[], options: TestOptions): Promise<number> {
  const temp = makeTempFolder();
  const stop = stopSignal(() => undefined);
  const transcriber = createTranscriber({
    recogniser: options.recogniser,
    offline: options.offline,
    modelsDir: options.modelsDir ?? packageFile('models', 'cache'),
    concurrency: 1,
  });
  const annotator = createAnnotator();
  try {
    const run: TestRun = {
      paths,
      options,
      suite: {
        search: { given: options.scorecard, shipped: packageFile('rules') },
        annotator,
        references: { transcriber, annotator, tempDir: temp.path, signal: stop.signal },
        only: options.only,
      },
      text: textOptions(options.uiLanguage),
      signal: stop.signal,
    };
    if (options.mutate !== undefined) return await runMutation(paths, options, run.suite, run.signal);
    if (options.watch) return await watchFixtures(run);
    return await once(run);
  } finally {
    await transcriber.close();
    stop.dispose();
    temp.remove();
  }
}

async function once(run: TestRun): Promise<number> {
  const files = await findFixtures(run.paths);
  const first = await runSuite(files, run.suite);
  const suite = run.options.update ? await updateFixtures(first, files, run) : first;
  if (run.signal.aborted) return exitStatus.interrupted;
  return conclude(suite, run);
}

/** Reports a finished run; coverage is shown where somebody asked for it. */
async function conclude(suite: SuiteResult, { options, text }: TestRun): Promise<number> {
  await writeReports(suite, options.reporter, text);
  const coverage = coverageOf(
    suite.cards,
    suite.files.flatMap(({ cases }) => cases),
  );
  if (options.matrix) say(options, matrixReport(coverage, text));
  const least = options.minCoverage;
  const low = least === undefined ? [] : belowCoverage(coverage, least);
  const zh = options.uiLanguage === 'zh';
  for (const card of low) {
    const figure = coverText(card, options.uiLanguage);
    say(
      options,
      zh
        ? `■ ${card.scorecard} 覆盖率不足：${figure}，要求至少 ${least} %。运行 --matrix 查看缺口。\n`
        : `■ ${card.scorecard}: coverage is too low: ${figure}; at least ${least} % wanted. --matrix shows the gaps.\n`,
    );
  }
  return statusOfTests(suite, low.length > 0);
}

/** Beside a report that a program reads, what is meant for people goes to the error output. */
function say({ reporter }: TestOptions, text: string): void {
  const taken = reporter.some(({ name, path }) => path === null && name !== 'tree' && name !== 'github');
  (taken ? process.stderr : process.stdout).write(text);
}

function textOptions(language: UiLanguage): TextOptions {
  const { isTTY, columns } = process.stdout;
  const colour = isTTY && !process.env['NO_COLOR'] && process.env['CI'] !== 'true';
  return { language, colour, width: isTTY ? Math.max(60, columns) : Infinity, cwd: process.cwd() };
}

function refuseNonsense({ update, watch, yes, only, minCoverage, reporter, mutate, matrix }: TestOptions): void {
  const refuse = (message: string, hint: string) => {
    throw new EarwitnessError('usage', '', message, hint);
  };
  if (update && watch) refuse('--update and --watch do not go together.', 'Update once, then watch.');
  if (yes && !update) refuse('--yes answers the question of --update.', 'Give --update too.');
  if (minCoverage !== undefined && only.length > 0)
    refuse('--min-coverage says nothing about a part of the cases.', 'Leave out --only.');
  if (mutate !== undefined && (update || watch || matrix || minCoverage !== undefined || reporter.length > 0))
    refuse(
      '--mutate is a run of its own.',
      'It goes with --only, --seed, --max-mutants, --min-kill, --mutate-json and --mutate-markdown.',
    );
  refuseTwoOnOutput(reporter);
}

const more = (value: string, before: string[]) => [...before, value];

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('Give a number from 0 to 100.');
  return value;
}
