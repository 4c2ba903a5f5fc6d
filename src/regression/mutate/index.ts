export { collectCases } from './collect.ts';
export { defaultKinds, type MutantKind, mutantKinds } from './mutant.ts';
export { mutationMarkdown } from './report/markdown.ts';
export { mutationJsonSchema, type MutationReport, mutationReport } from './report/model.ts';
export { mutationTree } from './report/tree.ts';
export { reportWords } from './report/words.ts';
export { type MutationResult, testMutants } from './run.ts';
