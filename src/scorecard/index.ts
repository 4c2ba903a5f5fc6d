export { loadScorecard } from './load/load.ts';
export { evaluate } from './evaluate.ts';
export { scorecardJsonSchema } from './load/jsonSchema.ts';
export { ScorecardProblems, type ScorecardProblem, type ScorecardProblemCode } from './load/problems.ts';
export type { CompiledScorecard } from './scorecard.ts';
