import type { z } from 'zod';
import type { Channel, Localised, Speaker, UiLanguage, Verdict } from '../../session/index.ts';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import type { CalendarGiven } from '../calendar/schema.ts';
import type { KnowledgeRef } from '../load/knowledge.ts';
import type { Path, ScorecardProblemCode } from '../load/problems.ts';
import type { Condition, Evaluator } from '../evaluate/condition.ts';
import type { StatedOpinion } from '../judge/stated.ts';
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
  /** Makes a model or prompt that judges by opinion part of the scorecard's content hash. */
  pin(name: string, version: string): void;
  /** A knowledge base by path, or the scorecard's own where none is named; null after a problem. */
  knowledge(file: string | undefined, at: Path): KnowledgeRef | null;
  /** A calendar given in place or by its file; null where none is given, or after a problem. */
  calendar(given: CalendarGiven | undefined): BusinessCalendar | null;
  /** A condition inside an operator (the steps of a sequence). */
  condition(given: unknown, at: Path): Condition | null;
}

/** A small case that shows what an operator does. It stands on the reference page and is a test. */
export interface OperatorExample {
  /** What it shows. */
  title: Localised;
  /** The rule of one item, as YAML: `expect: { … }`, with `when` and the like where they are needed. */
  rule: string;
  /** What the scorecard holds beside the item, as YAML: lexicons, conditions. */
  top?: string;
  /** Files beside the scorecard, by name. */
  files?: Readonly<Record<string, string>>;
  session: ExampleSession;
  verdict: Verdict;
  /** The item's reason in the session's language. */
  reason: string;
}

/** A session in short, as in a regression fixture. */
export interface ExampleSession {
  channel: Channel;
  /** `en` or `zh`: the language of session, scorecard and expected reason. */
  language: UiLanguage;
  startedAt?: string;
  attributes?: Readonly<Record<string, unknown>>;
  /** `[speaker, start s, end s, text]`, or `[speaker, at s, text]` for a message. */
  turns: readonly ExampleTurn[];
  /** Answers of a language model, by question; without one nobody was asked. */
  opinions?: Readonly<Record<string, StatedOpinion>>;
  /** Loudness of the speech in a turn, dBFS, as a recording with a channel for each side would show it. */
  loudness?: Readonly<Record<number, number>>;
}

export type ExampleTurn =
  | readonly [speaker: Speaker, start: number, end: number, text: string]
  | readonly [speaker: Speaker, at: number, text: string];

/** An operator: a name, the shape of what is written under it, a valid example, and how it is asked. */
export interface OperatorDefinition<Value = unknown, Options = Record<string, unknown>> {
  name: string;
  /** What it looks for, in a few words. */
  summary: Localised;
  /** What its keys do not say, for the reference: how it is measured, when it is unknown or n/a. English, markdown. */
  details?: string;
  /** A valid condition, shown in messages and in the reference. */
  example: string;
  /** The value written under the operator's name. */
  value: z.ZodType<Value>;
  /** Further keys written beside it. */
  options: z.ZodObject;
  scope: readonly ScopeKey[];
  /** Whether its hits are places that other rules can be anchored at. */
  hits: boolean;
  /** Cases for the reference page, each a test: both languages and different verdicts. */
  examples: readonly OperatorExample[];
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
