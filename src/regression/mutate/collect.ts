import { dirname, resolve } from 'node:path';
import type { Annotator } from '../../annotate/index.ts';
import type { CompiledScorecard } from '../../scorecard/index.ts';
import type { FixtureCase } from '../fixtures/fixture.ts';
import { overrideSession } from '../fixtures/session.ts';
import { loadFile, unknownItems } from '../run/files.ts';
import { prepareCases, type PreparedCase, prepareSession } from '../run/prepare.ts';
import { ReferenceReader, type References } from '../run/references.ts';
import { ScorecardFinder, type ScorecardSearch } from '../run/scorecards.ts';

/** A scorecard with the cases that fixtures state for it. */
export interface CardCases {
  card: CompiledScorecard;
  prepared: PreparedCase[];
}

interface CollectOptions {
  search: ScorecardSearch;
  annotator: Annotator;
  references: References;
}

/** Fixtures by scorecard, in the order of their files; what cannot be used is named, one line each. */
export async function collectCases(
  files: readonly string[],
  { search, annotator, references }: CollectOptions,
): Promise<{ cards: CardCases[]; problems: string[] }> {
  const finder = new ScorecardFinder(search);
  const reader = new ReferenceReader(references);
  const problems = (await finder.givenProblems()).map(({ message }) => message);
  const cards = new Map<string, CardCases>();
  for (const path of files) {
    const file = await loadFile(path);
    problems.push(...file.problems.map(({ file: at, line, column, message }) => `${at}:${line}:${column}: ${message}`));
    for (const one of file.cases) {
      if (one.skip !== null) continue;
      const found = await finder.find(one.scorecard, path);
      if ('problem' in found) {
        problems.push(`${path}:${one.place.line}: ${found.problem.message}`);
        continue;
      }
      const { card } = found;
      const unknown = unknownItems(one, card);
      problems.push(...unknown.map(({ file: at, line, message }) => `${at}:${line}: ${message}`));
      if (unknown.length > 0) continue;
      const prepared = await prepare(one, path, card.ref.language, annotator, reader);
      if (typeof prepared === 'string') {
        problems.push(`${path}:${one.place.line}: ${prepared}`);
        continue;
      }
      const known = cards.get(card.path);
      if (known) known.prepared.push(prepared);
      else cards.set(card.path, { card, prepared: [prepared] });
    }
  }
  return { cards: [...cards.values()], problems: [...new Set(problems)] };
}

/** The case with its session; or why there is none. */
async function prepare(
  one: FixtureCase,
  fixture: string,
  language: string,
  annotator: Annotator,
  references: ReferenceReader,
): Promise<PreparedCase | string> {
  if (one.session.file === undefined) return prepareCases([one], { annotator, language })[0]!;
  const path = resolve(dirname(fixture), one.session.file);
  const read = await references.read(path, one.session.id, one.session.language ?? language);
  if ('problem' in read) return read.problem.message.en;
  return prepareSession(one, overrideSession(read.session, one.session), annotator, read.audio);
}
