import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Annotator } from '../../annotate/index.ts';
import { type CompiledScorecard, didYouMean } from '../../scorecard/index.ts';
import type { Localised, Problem } from '../../session/index.ts';
import type { FixtureCase } from '../fixtures/fixture.ts';
import { type FixtureProblem, inOrder } from '../fixtures/problems.ts';
import { type FixtureFile, readFixture } from '../fixtures/read.ts';
import { reservedWords } from '../fixtures/schema.ts';
import { overrideSession } from '../fixtures/session.ts';
import { type CardSummary, summariseCard } from './cards.ts';
import { isWanted } from './only.ts';
import { type PreparedCase, prepareCases, prepareSession } from './prepare.ts';
import type { ReferenceReader } from './references.ts';
import type { CaseResult } from './result.ts';
import { runCases } from './run.ts';
import type { ScorecardFinder } from './scorecards.ts';
import { both } from './wording.ts';

/** What came of one fixture file. */
export interface FileResult {
  path: string;
  cases: CaseResult[];
  problems: FixtureProblem[];
}

/** A file's result with the scorecards that it was run by, and those that could not be used. */
export interface FileRun {
  file: FileResult;
  cards: CardSummary[];
  problems: Problem[];
}

export interface FileOptions {
  finder: ScorecardFinder;
  annotator: Annotator;
  /** Which cases to run; see `isWanted`. */
  only: readonly string[];
  /** How sessions in other files are read. */
  references: ReferenceReader;
}

const maxBytes = 2_000_000;

/** Reads one fixture file; one that cannot be read has a problem in place of cases. */
export async function loadFile(path: string): Promise<FixtureFile> {
  const refuse = (code: 'file-unreadable' | 'file-too-large', message: string, hint: string): FixtureFile => ({
    path,
    text: '',
    cases: [],
    problems: [{ file: path, line: 1, column: 1, code, message, hint }],
  });
  try {
    const { size } = await stat(path);
    if (size > maxBytes)
      return refuse('file-too-large', `The file has ${size} bytes; at most ${maxBytes} are read.`, 'Split it up.');
    return readFixture(path, await readFile(path, 'utf8'));
  } catch {
    return refuse('file-unreadable', 'The file cannot be read.', 'Check that it is there and may be read.');
  }
}

/** Runs the cases of one file. What cannot run is named and costs nothing else. */
export async function runFile(file: FixtureFile, options: FileOptions): Promise<FileRun> {
  const run = new FileRunner(file, options);
  for (const one of file.cases) if (isWanted(one, options.only)) await run.add(one);
  return run.finish();
}

class FileRunner {
  readonly #file: FixtureFile;
  readonly #options: FileOptions;
  readonly #found: FixtureProblem[];
  readonly #cases: CaseResult[] = [];
  readonly #cards = new Map<string, CardSummary>();
  readonly #problems: Problem[] = [];

  constructor(file: FixtureFile, options: FileOptions) {
    this.#file = file;
    this.#options = options;
    this.#found = [...file.problems];
  }

  async add(one: FixtureCase): Promise<void> {
    this.#cases.push(await this.#run(one));
  }

  finish(): FileRun {
    const { path } = this.#file;
    return {
      file: { path, cases: this.#cases, problems: inOrder(this.#found) },
      cards: [...this.#cards.values()],
      problems: this.#problems,
    };
  }

  async #run(one: FixtureCase): Promise<CaseResult> {
    if (one.skip !== null) return notRun(one, 'skipped', both(one.skip, one.skip), null);
    const card = await this.#card(one);
    if (!('ref' in card)) return card;
    const prepared = await this.#prepare(one, card);
    if (!('annotations' in prepared)) return prepared;
    return runCases(card, [prepared])[0]!;
  }

  async #card(one: FixtureCase): Promise<CompiledScorecard | CaseResult> {
    const found = await this.#options.finder.find(one.scorecard, this.#file.path);
    if ('problem' in found) {
      const { message, hint, path } = found.problem;
      if (path === this.#file.path)
        this.#found.push({ ...one.scorecardPlace, code: 'unknown-scorecard', message, hint });
      else this.#problems.push(found.problem);
      return notRun(one, 'could-not-run', both(message, message), hint);
    }
    this.#cards.set(found.card.path, summariseCard(found.card));
    const unknown = unknownItems(one, found.card);
    this.#found.push(...unknown);
    const first = unknown[0];
    return first ? notRun(one, 'could-not-run', both(first.message, first.message), first.hint) : found.card;
  }

  async #prepare(one: FixtureCase, card: CompiledScorecard): Promise<PreparedCase | CaseResult> {
    const { annotator, references } = this.#options;
    const { language } = card.ref;
    if (one.session.file === undefined) return prepareCases([one], { annotator, language })[0]!;
    const path = resolve(dirname(this.#file.path), one.session.file);
    const read = await references.read(path, one.session.id, one.session.language ?? language);
    if ('problem' in read) return notRun(one, 'could-not-run', read.problem.message, read.problem.hint);
    return prepareSession(one, overrideSession(read.session, one.session), annotator, read.audio);
  }
}

/** Items that a case names and its scorecard does not have. */
export function unknownItems(one: FixtureCase, card: CompiledScorecard): FixtureProblem[] {
  const known = card.sections.flatMap(({ items }) => items.map(({ id }) => id));
  return one.expect.flatMap((expected) => {
    if (expected.kind !== 'item' || known.includes(expected.item)) return [];
    return [
      {
        ...expected.place,
        code: 'unknown-item' as const,
        message: `The scorecard ${card.ref.id} has no item "${expected.item}".`,
        hint: didYouMean(expected.item, [...known, ...reservedWords]),
      },
    ];
  });
}

function notRun(
  one: FixtureCase,
  status: 'skipped' | 'could-not-run',
  message: Localised,
  hint: string | null,
): CaseResult {
  return {
    id: one.id,
    name: one.name,
    place: one.place,
    at: one.at,
    scorecard: null,
    status,
    assertions: [],
    problem: { message, hint },
    verdicts: {},
    confirmed: {},
    durationMs: 0,
  };
}
