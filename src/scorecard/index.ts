export { loadScorecard, type LoadOptions } from './load/load.ts';
export type { ReadText, ScorecardSource } from './load/files.ts';
export { evaluate, Hearing } from './evaluate.ts';
export { operators } from './operators/registry.ts';
export type { ExampleSession, OperatorDefinition, OperatorExample } from './operators/operator.ts';
export { fragmentsJsonSchema, lexiconJsonSchema, publishedSchema, scorecardJsonSchema } from './load/jsonSchema.ts';
export type { ScorecardPart } from './load/compose/compose.ts';
export { ScorecardProblems, type ScorecardProblem, type ScorecardProblemCode } from './load/problems.ts';
export type { CompiledScorecard } from './scorecard.ts';
export { closestName, didYouMean } from './load/suggest.ts';
export { lowerFirst, shownValue, typeName } from './load/shownValue.ts';
export { offsetOf } from './load/yamlPlaces.ts';
export { Variants } from './variants.ts';
export { asksJudge } from './judge/collect.ts';
export { readJudgeConfig, type JudgeConfig } from './judge/config.ts';
export { openJudge, opinionsOf, type Judge, type JudgeOptions, type JudgeSpending } from './judge/panel.ts';
export { statedOpinions } from './judge/stated.ts';
export type { Opinions } from './judge/question.ts';
export {
  checkIndex,
  checkPage,
  checks,
  type Finding,
  findScorecards,
  githubReport,
  inOrder,
  jsonReport,
  ledgerPath,
  ledgerText,
  lintJsonSchema,
  lintScorecards,
  planFixes,
  type PublishedEntry,
  reaches,
  readLedger,
  requireSome,
  sarifReport,
  severities,
  type Severity,
  textReport,
} from './lint/index.ts';
