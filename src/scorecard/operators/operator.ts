import type { z } from 'zod';
import type { Localised } from '../../session/index.ts';
import type { KnowledgeRef } from '../load/knowledge.ts';
import type { Path, ScorecardProblemCode } from '../load/problems.ts';
import type { Condition, Evaluator } from '../evaluate/condition.ts';
import type { ScopeSpec } from '../scope/types.ts';
import type { Finder } from '../matching.ts';

/** The scope keys an operator can honour beside the window keys. */
export type ScopeKey = 'by' | 'turns' | 'time' | 'zero' | 'quantifier' | 'unit' | 'visibility' | 'anchor';

/** What an operator may ask of the scorecard that is being compiled. Paths are relative to the condition. */
export interface OperatorContext {
  scope: ScopeSpec;
  problem(at: Path, code: ScorecardProblemCode, message: string, hint?: string | null): void;
  /** Literal phrases, `$lexicon` references, or both → a finder over the scorecard's one automaton. */
  phrases(given: unknown, at: Path, options?: { maxGap?: number; sound?: 'exact' | 'near' | 'homophone' }): Finder;
  pattern(given: unknown, at: Path): Finder;
  /** A knowledge base by path, or the scorecard's own where none is named; null after a problem. */
  knowledge(file: string | undefined, at: Path): KnowledgeRef | null;
  /** A condition inside an operator (the steps of a sequence). */
  condition(given: unknown, at: Path): Condition | null;
}

/** An operator: a name, the shape of what is written under it, a valid example, and how it is asked. */
export interface OperatorDefinition<Value = unknown, Options = Record<string, unknown>> {
  name: string;
  /** What it looks for, in a few words. */
  summary: Localised;
  /** A valid condition, shown in messages and in the reference. */
  example: string;
  /** The value written under the operator's name. */
  value: z.ZodType<Value>;
  /** Further keys written beside it. */
  options: z.ZodObject;
  scope: readonly ScopeKey[];
  /** Whether its hits are places that other rules can be anchored at. */
  hits: boolean;
  compile(value: Value, options: Options, context: OperatorContext): Evaluator;
}

/** Checks a definition's types and lets the registry hold them all alike. */
export function defineOperator<Value extends z.ZodType, Options extends z.ZodObject>(
  definition: Omit<OperatorDefinition<z.infer<Value>, z.infer<Options>>, 'value' | 'options'> & {
    value: Value;
    options: Options;
  },
): OperatorDefinition {
  return definition;
}
