import type { Annotator } from '../../annotate/index.ts';
import type { Problem } from '../../session/index.ts';
import type { CardSummary } from './cards.ts';
import { type FileResult, type FileRun, loadFile, runFile } from './files.ts';
import { ReferenceReader, type References } from './references.ts';
import { ScorecardFinder, type ScorecardSearch } from './scorecards.ts';

export interface SuiteOptions {
  search: ScorecardSearch;
  annotator: Annotator;
  references: References;
  /** Run only the cases that one of these names; none: all. */
  only?: readonly string[];
}

export interface SuiteResult {
  files: FileResult[];
  /** Every scorecard that took part. */
  cards: CardSummary[];
  /** Scorecards that could not be used, each told once. */
  problems: Problem[];
  durationMs: number;
}

/**
 * Runs fixture files one after the other and gives their results in that order. What cannot run is named and costs
 * nothing else.
 */
export async function runSuite(files: readonly string[], options: SuiteOptions): Promise<SuiteResult> {
  const started = performance.now();
  const finder = new ScorecardFinder(options.search);
  const given = await finder.givenProblems();
  const { annotator, only = [] } = options;
  const references = new ReferenceReader(options.references);
  const runs: FileRun[] = [];
  for (const path of files) runs.push(await runFile(await loadFile(path), { finder, annotator, only, references }));
  return joined(runs, given, performance.now() - started);
}

/** Results of one run with those of another in the place of the files that both have; for a watcher. */
export function replaceFiles(before: SuiteResult, after: SuiteResult, files: readonly string[]): SuiteResult {
  const fresh = new Map(after.files.map((file) => [file.path, file]));
  const kept = new Map(before.files.map((file) => [file.path, file]));
  const cards = new Map([...before.cards, ...after.cards].map((card) => [card.path, card]));
  return {
    ...after,
    files: files.flatMap((path) => fresh.get(path) ?? kept.get(path) ?? []),
    cards: [...cards.values()],
  };
}

function joined(runs: readonly FileRun[], given: readonly Problem[], durationMs: number): SuiteResult {
  const problems = [...given, ...runs.flatMap((run) => run.problems)];
  return {
    files: runs.map(({ file }) => file),
    cards: [...new Map(runs.flatMap(({ cards }) => cards).map((card) => [card.path, card])).values()],
    problems: [...new Map(problems.map((problem) => [problem.message, problem])).values()],
    durationMs,
  };
}
