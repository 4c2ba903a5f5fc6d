import { basename, dirname, join, resolve, sep } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createAnnotator } from '../../annotate/index.ts';
import { type BatchOutcome, engine, inspectBatch } from '../../pipeline/index.ts';
import {
  buildReportModel,
  isRecordingCopy,
  reportFiles,
  reportFormats,
  type ReportFormat,
  writeReport,
} from '../../report/index.ts';
import {
  asksJudge,
  type CompiledScorecard,
  type Judge,
  loadScorecard,
  openJudge,
  readJudgeConfig,
} from '../../scorecard/index.ts';
import { type BatchResult, EarwitnessError, type UiLanguage } from '../../session/index.ts';
import { openRunStore } from '../../store/index.ts';
import { exitStatus, type FailOn, failOnLevels, statusOf } from '../exit-status.ts';
import { packageFile } from '../package-files.ts';
import { createProgress, progressKind } from '../progress.ts';
import { stopSignal } from '../stop-signal.ts';
import { summarise } from '../summary.ts';
import { keepResults } from '../keep-results.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { addHearingOptions, type HearingOptions, transcriberFor } from './shared.ts';

interface InspectOptions extends HearingOptions {
  scorecard: string[] | undefined;
  out: string;
  title: string | undefined;
  uiLanguage: UiLanguage;
  formats: ReportFormat[];
  recordings: 'link' | 'copy' | 'none';
  failOn: FailOn;
  json: boolean;
  judge: boolean;
  fresh: boolean;
  filePattern: string[] | undefined;
  companyDomain: string[] | undefined;
}

/** `earwitness inspect`: inputs in, report out. */
export function inspectCommand(report: (status: number) => void): Command {
  const command = new Command('inspect')
    .description('Inspect recordings, chats and tickets and write a report.')
    .argument('<paths...>', 'files, folders, globs or zip archives')
    .option(
      '--scorecard <file>',
      'scorecard; repeat it for several, the first that fits a session judges it (default: the shipped service.en and service.zh)',
      collect,
    )
    .option('--out <folder>', 'where the report and the state of the run are written', 'earwitness-report')
    .option('--title <text>', 'title of the report (default: Quality inspection, or 服务质检)')
    .addOption(new Option('--ui-language <tag>', 'language of report and summary').choices(['en', 'zh']).default('en'))
    .addOption(
      new Option('--formats <list>', `what to write, of ${reportFormats.join(',')}`)
        .argParser(formatList)
        .default([...reportFormats], reportFormats.join(',')),
    )
    .addOption(
      new Option('--recordings <how>', 'how the report reaches the recordings')
        .choices(['link', 'copy', 'none'])
        .default('link'),
    )
    .addOption(new Option('--fail-on <level>', 'what makes the exit status 1').choices(failOnLevels).default('never'))
    .option('--json', 'print the whole result as JSON on standard output instead of the summary', false)
    .option(
      '--judge',
      'put the questions of scorecards to the language model that EARWITNESS_JUDGE_URL and _MODEL name (sends the words in question there)',
      false,
    )
    .option('--no-judge', 'ask no language model; its questions stay unknown (default)')
    .option('--fresh', 'hear every recording again instead of going on from an earlier run', false)
    .option(
      '--file-pattern <pattern>',
      'metadata in recording names, e.g. {startedAt}_{agentId}_{queue}; repeat it for several',
      collect,
    )
    .option('--company-domain <domain>', 'mail domain whose addresses are agents; repeat it for several', collect);
  return addHearingOptions(command).action(async (paths: string[], options: InspectOptions) => {
    report(await inspect(paths, options));
  });
}

/** Repeated options and not `<file...>`, which would take the paths that follow for further values. */
function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** Where a run keeps what a language model answered, in its output folder. */
const judgeFolder = 'judge-answers';

/** Tells what a run leaves in its output folder, which may lie among the inputs (`inspect .`). */
function leftBy(out: string): (path: string) => boolean {
  const state = ['', '-wal', '-shm', '-journal'].map((end) => `state.sqlite${end}`);
  const own = new Set([...state, ...reportFiles].map((name) => join(out, name)));
  const answers = join(out, judgeFolder) + sep;
  return (path) =>
    own.has(path) ||
    path.startsWith(answers) ||
    (dirname(path) === join(out, 'recordings') && isRecordingCopy(basename(path)));
}

function formatList(text: string): ReportFormat[] {
  const names = text.split(',').map((name) => name.trim());
  const known = reportFormats.filter((format) => names.includes(format));
  const unknown = names.filter((name) => !known.some((format) => format === name));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`Give one or several of ${reportFormats.join(', ')}, with commas between them.`);
  return known;
}

async function inspect(paths: string[], options: InspectOptions): Promise<number> {
  const scorecards = await loadScorecards(options.scorecard);
  const out = resolve(options.out);
  const judgeConfig = options.judge ? judgeConfigOf(options) : null;
  const store = openRunStore(join(out, 'state.sqlite'));
  const temp = makeTempFolder();
  const progress = createProgress(progressKind(options.quiet), process.stderr, options.uiLanguage);
  const stop = stopSignal(() =>
    process.stderr.write(
      options.uiLanguage === 'zh'
        ? '\n正在停止，已完成的录音会保留。再按一次 Ctrl-C 立即结束。\n'
        : '\nStopping; finished recordings are kept. Ctrl-C again to end at once.\n',
    ),
  );
  const transcriber = transcriberFor(options);
  const annotator = createAnnotator();
  const keeping = keepResults(store.results, scorecards, annotator);
  const wanted = scorecards.some(asksJudge);
  const judge =
    judgeConfig && wanted ? openJudge(judgeConfig, { cacheDir: join(out, judgeFolder), signal: stop.signal }) : null;
  try {
    const outcome = await inspectBatch({
      inputs: paths,
      intake: {
        defaultLanguage: options.language,
        tempDir: temp.path,
        agentChannel: options.agentChannel,
        signal: stop.signal,
        passOver: leftBy(out),
        ...(options.filePattern ? { fileNamePatterns: options.filePattern } : {}),
        ...(options.companyDomain ? { companyDomains: options.companyDomain } : {}),
      },
      transcriber,
      judges: { scorecards, annotator },
      judge,
      cache: options.fresh ? { get: () => null, put: (...kept) => store.put(...kept) } : store,
      concurrency: options.jobs,
      signal: stop.signal,
      onEvent: (event) => {
        progress.on(event);
        if (event.type === 'inspected') keeping.record(event.result);
      },
    });
    progress.done();
    keeping.finish();
    if (judge && !options.quiet) process.stderr.write(spentLine(judge, options.uiLanguage));
    if (outcome.interrupted) return stopped(outcome, store.count(), options.uiLanguage);
    return await conclude(outcome, scorecards, paths, out, options);
  } finally {
    progress.done();
    await transcriber.close();
    stop.dispose();
    store.close();
    temp.remove();
  }
}

/** `--judge` sends words to another machine; `--offline` forbids that. */
function judgeConfigOf({ offline }: InspectOptions) {
  if (offline)
    throw new EarwitnessError(
      'usage',
      '',
      '--judge asks a language model over the network, and --offline forbids that.',
      'Leave out one of them.',
    );
  return readJudgeConfig(process.env);
}

function spentLine(judge: Judge, language: UiLanguage): string {
  const { asked, kept, tokens } = judge.spent();
  return language === 'zh'
    ? `大模型评审：提问 ${asked} 次（约 ${tokens} 个 token），沿用已有回答 ${kept} 次。\n`
    : `Language model: ${asked} question${asked === 1 ? '' : 's'} asked (about ${tokens} tokens), ${kept} answered from before.\n`;
}

async function conclude(
  outcome: BatchOutcome,
  scorecards: CompiledScorecard[],
  inputs: string[],
  out: string,
  options: InspectOptions,
) {
  const batch = batchResult(outcome, scorecards, inputs, options.title ?? defaultTitle[options.uiLanguage]);
  const files = await writeReport(batch, {
    dir: out,
    language: options.uiLanguage,
    formats: options.formats,
    recordings: options.recordings,
    unpacked: outcome.unpacked,
  });
  if (options.json) process.stdout.write(`${JSON.stringify(batch)}\n`);
  else process.stdout.write(summarise(buildReportModel(batch), batch, files, options.uiLanguage, process.stdout.isTTY));
  return statusOf(outcome.sessions, outcome.failures.length, options.failOn);
}

const defaultTitle = { en: 'Quality inspection', zh: '服务质检' } as const;

function batchResult(
  outcome: BatchOutcome,
  scorecards: CompiledScorecard[],
  inputs: string[],
  title: string,
): BatchResult {
  return {
    schema: 'earwitness/report/1',
    engine,
    generatedAt: new Date().toISOString(),
    title,
    recogniser: outcome.recognisers[0]?.choice ?? null,
    scorecards: scorecards.map((card) => ({
      ...card.ref,
      path: card.path,
      passMark: card.passMark,
      method: card.method,
    })),
    inputs,
    sessions: outcome.sessions,
    failures: outcome.failures,
  };
}

function stopped(outcome: BatchOutcome, kept: number, language: UiLanguage): number {
  const sessions = outcome.sessions.length;
  process.stderr.write(
    language === 'zh'
      ? `已停止：质检了 ${sessions} 个会话，保留了 ${kept} 个录音的转写。再次运行同一命令即可继续。\n`
      : `Stopped with ${sessions} session${sessions === 1 ? '' : 's'} inspected; ${kept} recording${kept === 1 ? ' is' : 's are'} kept. Run the same command to go on.\n`,
  );
  return exitStatus.interrupted;
}

function withPath({ problem: { path, message } }: EarwitnessError): string {
  return message.includes(path) ? message : `${path}: ${message}`;
}

/** Loads every scorecard before anything else is touched; the problems of all files are shown together. */
async function loadScorecards(paths: string[] | undefined): Promise<CompiledScorecard[]> {
  const files = paths ?? [packageFile('rules', 'service.en.yaml'), packageFile('rules', 'service.zh.yaml')];
  const loaded = await Promise.allSettled(files.map((file) => loadScorecard(file)));
  const errors = loaded.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  const foreign = errors.find((error) => !(error instanceof EarwitnessError));
  if (foreign) throw foreign;
  if (errors.length > 1) {
    const messages = errors.map((error) => withPath(error as EarwitnessError)).join('\n');
    throw new EarwitnessError(
      'scorecard-invalid',
      '',
      messages,
      'Nothing was inspected. Correct the scorecards and run again.',
    );
  }
  for (const error of errors) throw error;
  return loaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
