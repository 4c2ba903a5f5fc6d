import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { type Annotator, createAnnotator } from '../annotate/index.ts';
import { type CompiledScorecard, loadScorecard } from '../scorecard/index.ts';
import type { Verdict } from '../session/index.ts';
import { readFixture } from './fixtures/read.ts';
import type {
  BandLimits,
  CaseInput,
  EvidenceInput,
  FactsInput,
  ItemExpectationInput,
  NumberLimits,
  SessionInput,
  TurnInput,
} from './fixtures/schema.ts';
import { failureLines } from './reporters/text.ts';
import { unknownItems } from './run/files.ts';
import { prepareCases } from './run/prepare.ts';
import type { CaseResult } from './run/result.ts';
import { runCases } from './run/run.ts';

// The door of `earwitness/testing`: scorecards under the tests of a TypeScript project.

export type { Assertion, CaseResult } from './run/result.ts';
export type { EvidenceInput, FactsInput, SessionInput, TurnInput } from './fixtures/schema.ts';

/** A session that must give one verdict of one item; turns alone where nothing else matters. */
export type Sample =
  | TurnInput[]
  | {
      /** Title of the test; default: the first words said. */
      name?: string;
      /** Default: the item of the group. */
      item?: string;
      session: TurnInput[] | SessionInput;
      evidence?: EvidenceInput | EvidenceInput[];
      near?: EvidenceInput | EvidenceInput[];
      facts?: FactsInput;
    };

/** A case as in a fixture file: item → verdict, and `score`, `passed`, `provisional`, `risk`, `applies`. */
export type FixtureInput = Omit<CaseInput, 'scorecard' | 'expect'> & {
  expect: Record<string, Verdict | ItemExpectationInput | NumberLimits | BandLimits | boolean>;
};

export interface ScorecardTests {
  /** The item that samples without one of their own are about. */
  item?: string;
  passing?: Sample[];
  failing?: Sample[];
  unknown?: Sample[];
  na?: Sample[];
  /** Whole cases as in a fixture file. */
  cases?: FixtureInput[];
}

/** The two functions that a test runner has to have. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

/**
 * Registers tests of a scorecard with the test runner that is running (vitest; also any with global `describe` and `it`).
 * `scorecard` is a path relative to the working folder, or the text of a scorecard. A test that fails says what was
 * expected, what was found, why, and with which words.
 * @throws Error where no test runner is running, or nothing is given to test
 */
export function testScorecard(
  name: string,
  scorecard: string,
  tests: ScorecardTests,
  runner: TestRunner = currentRunner(),
): void {
  const cases = casesOf(tests);
  if (cases.length === 0) throw new Error(`testScorecard("${name}"): give passing, failing, unknown, na or cases.`);
  let loaded: Promise<CompiledScorecard> | undefined;
  runner.describe(name, () => {
    for (const one of cases)
      runner.it(one.case, async () => {
        const result = await evaluateFixture(await (loaded ??= loadText(scorecard)), one);
        if (result.status !== 'passed') throw new Error(explain(result));
      });
  });
}

/**
 * Runs one case and says what came of it; for test runners of another kind.
 * @throws Error with every problem of the case, ScorecardProblems with every problem of the scorecard
 */
export async function evaluateFixture(
  scorecard: string | CompiledScorecard,
  fixture: FixtureInput,
): Promise<CaseResult> {
  const card = typeof scorecard === 'string' ? await loadText(scorecard) : scorecard;
  const text = stringify({ scorecard: card.ref.id, ...fixture }, { aliasDuplicateObjects: false });
  const { cases, problems } = readFixture(fixture.case, text);
  const all = [...problems, ...cases.flatMap((one) => unknownItems(one, card))];
  if (all.length > 0)
    throw new Error(
      `${fixture.case}: ${all.map(({ message, hint }) => [message, hint ?? ''].join(' ').trim()).join('\n')}`,
    );
  if (cases[0]?.session.file !== undefined)
    throw new Error(`${fixture.case}: give the turns of the session; files are read by "earwitness test".`);
  const prepared = prepareCases(cases, { annotator: sharedAnnotator(), language: card.ref.language });
  return runCases(card, prepared)[0]!;
}

/** What failed, as lines for people. */
export function explain(result: CaseResult, language: 'en' | 'zh' = 'en'): string {
  return result.assertions
    .filter(({ pass }) => !pass)
    .map((one) =>
      // The place in a fixture file means nothing here; the rule's does.
      failureLines(one, language, process.cwd())
        .map((line) => line.replace(/^(?:fixture|用例) \S.*?:\d+:\d+(?: · )?/u, ''))
        .filter((line) => line !== '')
        .join('\n  '),
    )
    .join('\n');
}

function casesOf({ item, cases = [], ...groups }: ScorecardTests): FixtureInput[] {
  const lists: [Verdict, Sample[] | undefined][] = [
    ['pass', groups.passing],
    ['fail', groups.failing],
    ['unknown', groups.unknown],
    ['na', groups.na],
  ];
  const titles: Record<Verdict, string> = { pass: 'passes', fail: 'fails', unknown: 'is unknown', na: 'is n/a' };
  const samples = lists.flatMap(([verdict, list = []]) =>
    list.map((given) => {
      const sample = Array.isArray(given) ? { session: given } : given;
      const session = Array.isArray(sample.session) ? { turns: sample.session } : sample.session;
      const about = sample.item ?? item;
      if (about === undefined) throw new Error('A sample needs an item, its own or that of the group.');
      const { evidence, near } = sample;
      return {
        case: sample.name ?? `${about} ${titles[verdict]}: ${firstWords(session)}`,
        session,
        expect: { [about]: { verdict, ...(evidence ? { evidence } : {}), ...(near ? { near } : {}) } },
        ...(sample.facts ? { facts: sample.facts } : {}),
      };
    }),
  );
  return [...samples, ...cases];
}

function firstWords({ turns }: SessionInput): string {
  const [first] = turns ?? [];
  const text = first === undefined ? '' : Array.isArray(first) ? String(first.at(-1)) : first.text;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A path, or (with more than one line) the scorecard itself. */
async function loadText(scorecard: string): Promise<CompiledScorecard> {
  if (!scorecard.includes('\n')) return loadScorecard(resolve(scorecard));
  const path = resolve('scorecard.yaml');
  return loadScorecard(path, {
    read: async (file) => (file === path ? scorecard : readFile(file, 'utf8')),
  });
}

let annotator: Annotator | undefined;
const sharedAnnotator = () => (annotator ??= createAnnotator());

/** vitest is found by its name at run time: who tests with another runner need not have it. */
const vitestName = 'vitest';
const vitest = process.env['VITEST'] ? ((await import(vitestName)) as TestRunner) : null;

function currentRunner(): TestRunner {
  const { describe, it } = globalThis as unknown as Partial<TestRunner>;
  if (typeof describe === 'function' && typeof it === 'function') return { describe, it };
  if (vitest) return vitest;
  throw new Error(
    'testScorecard registers tests and no test runner is running. Call it in a file that vitest runs, or use evaluateFixture.',
  );
}
