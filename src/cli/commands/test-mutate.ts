import { writeFile } from 'node:fs/promises';
import cliProgress from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import {
  collectCases,
  defaultKinds,
  findFixtures,
  type MutantKind,
  mutantKinds,
  mutationMarkdown,
  mutationReport,
  type MutationReport,
  type MutationResult,
  mutationTree,
  reportWords,
  type SuiteOptions,
  testMutants,
} from '../../regression/index.ts';
import { didYouMean } from '../../scorecard/index.ts';
import { EarwitnessError, type UiLanguage } from '../../session/index.ts';
import { exitStatus } from '../exit-status.ts';
import { progressKind } from '../progress.ts';

export interface MutateOptions {
  /** True: the kinds that are made by default. */
  mutate: true | MutantKind[] | undefined;
  seed: number;
  maxMutants: number | undefined;
  minKill: number | undefined;
  words: number;
  sketches: number;
  mutateJson: string | undefined;
  mutateMarkdown: string | undefined;
}

/** What the rest of the command says, as far as mutation testing needs it. */
interface Surroundings {
  only: string[];
  quiet: boolean;
  uiLanguage: UiLanguage;
}

/** The options of `test --mutate`. */
export function addMutateOptions(command: Command): Command {
  return command
    .option(
      '--mutate [kinds]',
      `change the scorecard in one place at a time and show which changes no fixture notices; kinds: ${mutantKinds.join(',')} (default: all but boundary,scoring)`,
      readKinds,
    )
    .option('--seed <n>', 'which words of long lists are mutated, and which mutants are drawn', wholeNumber, 1)
    .option('--max-mutants <n>', 'try at most so many, drawn by the seed', wholeNumber)
    .option('--words <n>', 'words dropped per list', wholeNumber, 4)
    .option('--sketches <n>', 'survivors for which a fixture is sketched', wholeNumber, 50)
    .option('--min-kill <percent>', 'exit status 1 where a smaller share of mutants is noticed', percent)
    .option('--mutate-json <file>', 'write the mutation report as JSON')
    .option('--mutate-markdown <file>', 'write the mutation report as Markdown');
}

/** `earwitness test --mutate`: every scorecard of the fixtures, one after the other. */
export async function runMutation(
  paths: readonly string[],
  options: MutateOptions & Surroundings,
  suite: SuiteOptions,
  signal: AbortSignal,
): Promise<number> {
  const { cards, problems } = await collectCases(await findFixtures(paths), suite);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const kinds = options.mutate === true || options.mutate === undefined ? defaultKinds : options.mutate;
  const only = itemsNamed(
    options.only,
    cards.flatMap(({ card }) => card.sections.flatMap(({ items }) => items)),
  );
  const results: MutationResult[] = [];
  for (const { card, prepared } of cards) {
    const progress = showProgress(options.quiet, card.ref.id);
    results.push(
      await testMutants(card.path, prepared, {
        kinds,
        seed: options.seed,
        words: options.words,
        only,
        maxMutants: options.maxMutants ?? null,
        sketches: options.sketches,
        annotator: suite.annotator,
        onProgress: progress.on,
        signal,
      }).finally(progress.done),
    );
    if (signal.aborted) return exitStatus.interrupted;
  }
  const report = mutationReport(results, { seed: options.seed, kinds: [...kinds], cwd: process.cwd() });
  await writeReports(report, options);
  return statusOf(report, options, problems.length > 0 || cards.length === 0);
}

/** Null: every item. A pattern is an item's id, `*` stands for anything. */
function itemsNamed(patterns: readonly string[], items: readonly { id: string }[]): string[] | null {
  if (patterns.length === 0) return null;
  const found = patterns.flatMap((pattern) => {
    const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    const named = items.filter(({ id }) => new RegExp(`^${source.join('.*')}$`).test(id)).map(({ id }) => id);
    if (named.length > 0) return named;
    throw new EarwitnessError(
      'usage',
      '',
      `No scorecard of these fixtures has an item "${pattern}".`,
      `With --mutate, --only takes an item. ${didYouMean(
        pattern,
        items.map(({ id }) => id),
      )}`.trim(),
    );
  });
  return [...new Set(found)];
}

async function writeReports(report: MutationReport, options: MutateOptions & Surroundings): Promise<void> {
  const { mutateJson, mutateMarkdown, uiLanguage } = options;
  const colour = process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['CI'] !== 'true';
  process.stdout.write(mutationTree(report, { language: uiLanguage, colour }));
  if (mutateJson !== undefined) await writeFile(mutateJson, `${JSON.stringify(report, null, 2)}\n`);
  if (mutateMarkdown !== undefined) await writeFile(mutateMarkdown, mutationMarkdown(report, uiLanguage));
}

function statusOf(
  report: MutationReport,
  { minKill, uiLanguage }: MutateOptions & Surroundings,
  broken: boolean,
): number {
  const low = report.scorecards.filter(({ killRate }) => (killRate ?? 100) < (minKill ?? 0));
  for (const { id, killRate } of low)
    process.stderr.write(`${id}: ${reportWords(uiLanguage).below(minKill!, killRate)}\n`);
  if (broken) return exitStatus.couldNotRun;
  const failing = report.scorecards.some((card) => card.failing.length > 0);
  return low.length > 0 || failing ? exitStatus.findings : exitStatus.clean;
}

/** A bar on a terminal; nothing elsewhere, where the report itself says how many there were. */
function showProgress(quiet: boolean, name: string) {
  if (progressKind(quiet) !== 'bar') return { on: () => undefined, done: () => undefined };
  const bar = new cliProgress.SingleBar(
    {
      format: `{bar} {value}/{total} ${name} · {eta_formatted}`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  return {
    on: (done: number, all: number) => {
      if (!started) bar.start(all, 0);
      started = true;
      bar.update(done);
    },
    done: () => {
      if (started) bar.stop();
    },
  };
}

function readKinds(text: string): MutantKind[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('all')) return [...mutantKinds];
  const strange = names.find((name) => !(mutantKinds as readonly string[]).includes(name));
  if (strange !== undefined)
    throw new InvalidArgumentError(
      `"${strange}" is no kind of mutant; kinds are ${mutantKinds.join(', ')}, or all. Paths stand before --mutate.`,
    );
  return names as MutantKind[];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Give a whole number.');
  return value;
}

function percent(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || value > 100)
    throw new InvalidArgumentError('Give a share from 0 to 100.');
  return value;
}
