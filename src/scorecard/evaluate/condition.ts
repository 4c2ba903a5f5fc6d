import type { OpinionSource } from '../judge/question.ts';
import type { AnchorSpec, ScopeSpec, Window } from '../scope/types.ts';
import type { Confidence } from './confidence.ts';
import type { Outcome } from './outcome.ts';
import type { SessionView } from './view.ts';

/** What an operator sees of the scorecard and the session when it is asked. */
export interface EvalContext {
  view: SessionView;
  confidence: Confidence;
  /** Looks up what a language model said about a question. */
  opinions: OpinionSource;
  /** The window that an outer condition opened around one of its anchor's hits. */
  window: Window | null;
  /** What came of the item's `when`. */
  when: Outcome | null;
  /**
   * Whether words that merely resemble those looked for are of interest. They explain why something that must be said
   * was not found; beside forbidden words, or words that would have called for a rule, they are noise and cost time.
   */
  resemblances: boolean;
  /** The contact is still running: what later turns can change is unknown (settle.ts). */
  unfinished: boolean;
}

/** An operator with its options, ready to be asked about one scope. */
export type Evaluator = (scope: ScopeSpec, context: EvalContext) => Outcome;

/** Where a window is opened: around the hits of the item's `when` or of another condition. */
export type Anchor = AnchorSpec & { target: 'when' | Condition };

/** A compiled condition. Each may open a window; what lies under it is then asked once per anchor hit. */
export type Condition = { anchor: Anchor | null } & (
  | {
      kind: 'operator';
      operator: string;
      /** As written: what stands under the operator's name, and beside it. */
      value: unknown;
      options: Readonly<Record<string, unknown>>;
      scope: ScopeSpec;
      evaluate: Evaluator;
      hits: boolean;
    }
  | { kind: 'all' | 'any'; children: readonly Condition[]; hits: boolean }
  | { kind: 'atLeast'; n: number; children: readonly Condition[]; hits: boolean }
  | { kind: 'not'; child: Condition; hits: false }
);
