export { createReplayer, type ReplayTools } from './rescore/replay.ts';
export { Backtester } from './backtest/backtest.ts';
export { parseReviews } from './backtest/reviews.ts';
export { backtestStored } from './backtest/stored.ts';
export { inputOf } from './input.ts';
export { findFixtures } from './fixtures/discover.ts';
export type { Expectation, FixtureCase } from './fixtures/fixture.ts';
export { type FixtureFile, readFixture } from './fixtures/read.ts';
export { fixtureJsonSchema } from './fixtures/schema.ts';
export { type PreparedCase, prepareCases } from './run/prepare.ts';
export type { Assertion, CaseResult } from './run/result.ts';
export { runCases } from './run/run.ts';
export { type FileResult, loadFile, unknownItems } from './run/files.ts';
export { ScorecardFinder, type ScorecardSearch } from './run/scorecards.ts';
export { replaceFiles, runSuite, type SuiteOptions, type SuiteResult } from './run/suite.ts';
export { affectedFixtures, filesBehind, watchFiles } from './run/watch.ts';
export { belowCoverage, type CardCoverage, coverageOf } from './coverage/coverage.ts';
export { reporterNames, reporters, type ReporterName } from './reporters/index.ts';
export { coverText, matrixReport } from './reporters/matrix.ts';
export { testReportJsonSchema } from './reporters/json.ts';
export type { TextOptions } from './reporters/text.ts';
export { diffLines } from './update/diff.ts';
export { planUpdates, writeUpdates } from './update/apply.ts';
export {
  collectCases,
  defaultKinds,
  type MutantKind,
  mutantKinds,
  mutationJsonSchema,
  mutationMarkdown,
  type MutationReport,
  mutationReport,
  type MutationResult,
  mutationTree,
  reportWords,
  testMutants,
} from './mutate/index.ts';
