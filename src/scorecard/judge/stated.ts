import { holdAnswer, type OpinionSource } from './question.ts';

/** An answer that a person states in the place of a language model's, to test a rule with it. */
export interface StatedOpinion {
  choice: string;
  /** Words of a turn in scope. */
  quote: string;
  /** The turn that they stand in; default: the first that holds them. */
  turn?: number | undefined;
  /** 0…1 (1). */
  confidence?: number | undefined;
}

/**
 * Opinions by the text of their question. They are held to what a model's answers are held to: another choice, or words
 * that do not stand in scope, leave the question unknown.
 */
export function statedOpinions(stated: Readonly<Record<string, StatedOpinion>>): OpinionSource {
  return (question) => {
    const given = Object.hasOwn(stated, question.question) ? stated[question.question] : undefined;
    return given ? holdAnswer(question, { ...given, confidence: given.confidence ?? 1 }) : null;
  };
}
