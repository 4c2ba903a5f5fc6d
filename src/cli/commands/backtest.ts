import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createAnnotator } from '../../annotate/index.ts';
import { inspectBatch } from '../../pipeline/index.ts';
import { Backtester, backtestStored, inputOf, parseReviews } from '../../regression/index.ts';
import { writeBacktest } from '../../report/index.ts';
import { type CompiledScorecard, loadScorecard } from '../../scorecard/index.ts';
import { type Backtest, batchResultSchema, EarwitnessError, type UiLanguage } from '../../session/index.ts';
import { backtestText } from '../backtest-text.ts';
import { exitStatus } from '../exit-status.ts';
import { createProgress, progressKind } from '../progress.ts';
import { stopSignal } from '../stop-signal.ts';
import { openStore, storeOption } from '../store-option.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { addHearingOptions, type HearingOptions, transcriberFor } from './shared.ts';

interface BacktestOptions extends HearingOptions {
  against: string | undefined;
  store: string;
  reviews: string | undefined;
  html: string | undefined;
  json: boolean;
  failOn: 'flips' | 'autofail' | 'never';
  limit: number;
  uiLanguage: UiLanguage;
}

/** `earwitness backtest`: what a changed scorecard would do to sessions that were inspected already. */
export function backtestCommand(report: (status: number) => void): Command {
  const command = new Command('backtest')
    .description('Judge stored sessions by a changed scorecard and show whom the change would hit.')
    .argument('<candidate>', 'the changed scorecard')
    .argument('[paths...]', 'sessions to use instead of the stored ones: files, folders, zips, or a report.json')
    .option(
      '--against <scorecard>',
      'scorecard to compare with (default: for every stored session the version that judged it)',
    )
    .addOption(storeOption())
    .option('--reviews <file>', 'verdicts of people as CSV or JSON: session, item, verdict, reviewer, at')
    .option('--html <file>', 'write a page to read and to send around')
    .option('--json', 'print everything as JSON instead of the summary', false)
    .addOption(
      new Option('--fail-on <what>', 'what makes the exit status 1')
        .choices(['flips', 'autofail', 'never'])
        .default('never'),
    )
    .option('--limit <n>', 'examples per item and sessions per list; everything is counted', limit, 10)
    .addOption(new Option('--ui-language <tag>', 'language of what is printed').choices(['en', 'zh']).default('en'));
  return addHearingOptions(command).action(async (candidate: string, paths: string[], options: BacktestOptions) => {
    report(await backtest(candidate, paths, options));
  });
}

function limit(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 10_000)
    throw new InvalidArgumentError('Give a whole number from 0 to 10000.');
  return value;
}

async function backtest(candidatePath: string, paths: string[], options: BacktestOptions): Promise<number> {
  if (paths.length > 0 && options.against === undefined)
    throw new EarwitnessError(
      'usage',
      '',
      'Sessions that are not stored name no scorecard to compare with.',
      `Say against what: earwitness backtest ${candidatePath} --against CURRENT.yaml ${paths.join(' ')}`,
    );
  const candidate = await loadScorecard(candidatePath);
  const against = options.against === undefined ? null : await loadScorecard(options.against);
  const reviews = options.reviews === undefined ? null : await readReviews(options.reviews);
  const tester = new Backtester({ candidate, annotator: createAnnotator(), limit: options.limit, reviews });
  const stop = stopSignal(() => process.stderr.write('\nStopping. Ctrl-C again to end at once.\n'));
  try {
    if (against !== null && paths.length > 0) await backtestPaths(tester, against, paths, options, stop.signal);
    else {
      const store = openStore(options.store);
      try {
        const sessions = { results: store.newest(), artefact: store.artefact };
        await backtestStored(tester, sessions, { candidate, against, signal: stop.signal });
      } finally {
        store.close();
      }
    }
  } finally {
    stop.dispose();
  }
  // Half of the sessions would look like an answer.
  if (stop.signal.aborted) return exitStatus.interrupted;
  return conclude(tester.result(), options);
}

async function conclude(result: Backtest, options: BacktestOptions): Promise<number> {
  const files = options.html === undefined ? [] : [resolve(options.html)];
  for (const file of files) await writeBacktest(result, file, options.uiLanguage);
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(backtestText(result, files, options.uiLanguage, process.stdout.isTTY));
  if (result.failures.length > 0 || result.sessions.judged === 0) return exitStatus.couldNotRun;
  const found = {
    never: false,
    autofail: result.newlyAutoFailed.total > 0,
    flips: result.sessions.flipped > 0,
  }[options.failOn];
  return found ? exitStatus.findings : exitStatus.clean;
}

async function readReviews(path: string) {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new EarwitnessError(
      'path-not-found',
      path,
      'There is no such file of reviews.',
      'Check the path after --reviews.',
      {
        cause,
      },
    );
  });
  return parseReviews(text, path);
}

/** Sessions that are not stored: what a report holds, and everything else as `inspect` would take it. */
async function backtestPaths(
  tester: Backtester,
  against: CompiledScorecard,
  paths: string[],
  options: BacktestOptions,
  signal: AbortSignal,
): Promise<void> {
  tester.compareWith(against);
  const current = { card: against, judged: false };
  const others: string[] = [];
  for (const path of paths) {
    const sessions = await sessionsOfReport(path);
    if (sessions === null) others.push(path);
    for (const session of sessions ?? []) tester.add(inputOf(session), current);
  }
  if (others.length === 0) return;
  const temp = makeTempFolder();
  const transcriber = transcriberFor(options);
  const progress = createProgress(progressKind(options.quiet), process.stderr, options.uiLanguage);
  try {
    await inspectBatch({
      inputs: others,
      intake: { defaultLanguage: options.language, tempDir: temp.path, agentChannel: options.agentChannel, signal },
      transcriber,
      judges: { scorecards: [], annotator: createAnnotator() },
      cache: null,
      concurrency: options.jobs,
      signal,
      onEvent: (event) => {
        progress.on(event);
        if (event.type === 'inspected') tester.add(inputOf(event.result), current);
        if (event.type === 'failed') tester.fail(event.problem);
      },
    });
  } finally {
    progress.done();
    await transcriber.close();
    temp.remove();
  }
}

/** The sessions of a report.json; null where the path is something else. */
async function sessionsOfReport(path: string) {
  if (!path.endsWith('.json')) return null;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (!text.slice(0, 200).includes('"earwitness/report/')) return null;
  const parsed = batchResultSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data.sessions;
  throw new EarwitnessError(
    'json-invalid',
    path,
    'This report is of a shape that this version does not know.',
    'Write it again with this version, or use the store that lies beside it: --store FOLDER',
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
