export { checkAnswers, type CheckOptions } from './check.ts';
export type { KnowledgeBase } from './compile.ts';
export type { AnswerFinding, AnswerKind } from './findings.ts';
export { KnowledgeError, loadKnowledge, parseKnowledge } from './load.ts';
