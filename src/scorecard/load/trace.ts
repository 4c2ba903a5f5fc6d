import type { Condition } from '../evaluate/condition.ts';
import type { RawScorecard } from './schema.ts';
import type { Composition } from './compose/written.ts';
import type { Lexicons } from './lexicons/lexicons.ts';
import type { Path } from './problems.ts';

/** A condition of one operator, as it was written and with what its keys were read into. */
export interface TracedLeaf {
  /** Where it is written. */
  path: Path;
  operator: string;
  value: unknown;
  options: Readonly<Record<string, unknown>>;
  condition: Extract<Condition, { kind: 'operator' }>;
}

/** Phrases that an operator asked for. */
export interface TracedPhrases {
  /** The place of the phrase or of the list. */
  path: Path;
  /** The condition that asks. */
  leaf: Path;
  /** As written: literals and `$lexicon` references. */
  given: readonly string[];
  /** What they come to. */
  phrases: readonly string[];
}

/** What compiling a scorecard came across, for those who judge how it is written. */
export class CompileTrace {
  readonly leaves: TracedLeaf[] = [];
  readonly paths = new Map<Condition, Path>();
  readonly phrases: TracedPhrases[] = [];
  readonly patterns: { path: Path; pattern: string }[] = [];
  /** Names of conditions and fragments that a rule or another name refers to. */
  readonly usedConditions = new Set<string>();
  readonly usedFragments = new Set<string>();
}

/** A scorecard taken apart: what its parts were written as, and where. */
export interface Insides {
  raw: RawScorecard;
  composition: Composition;
  lexicons: Lexicons;
  trace: CompileTrace;
}
