import type { Annotations, ScorecardResult, Session } from '../session/index.ts';
import type { EvalNode, Evidence } from '../session/index.ts';
import { assertQuoted } from './evaluate/evidence.ts';
import { judgeItem, type Judgement } from './evaluate/judge.ts';
import { SessionView } from './evaluate/view.ts';
import type { Opinions, OpinionSource } from './judge/question.ts';
import { assemble } from './score/result.ts';
import type { CompiledItem, CompiledScorecard } from './scorecard.ts';

/** What is known beside the session. */
export interface EvaluateOptions {
  /** What a language model said, by the key of the question or by a lookup; questions without an answer are unknown. */
  opinions?: Opinions | OpinionSource | undefined;
  /**
   * The contact is still running, and turns will be added at its end: a verdict that they could change is `unknown`, any
   * other is final. They must keep the order of time, name their speakers, and have times where the others have. Words that merely resemble those looked for are not shown.
   */
  unfinished?: boolean | undefined;
}

/**
 * Judges a session by a scorecard. Deterministic, no input or output: what a language model thinks is looked up in
 * `opinions`, never asked for. A verdict never leaves without words that are really in the transcript: an operator that
 * quotes others is a defect and makes this throw.
 */
export function evaluate(
  scorecard: CompiledScorecard,
  session: Session,
  annotations: Annotations,
  { opinions, unfinished = false }: EvaluateOptions = {},
): ScorecardResult {
  const source: OpinionSource =
    typeof opinions === 'function' ? opinions : (question) => opinions?.get(question.key) ?? null;
  return new Hearing(session, annotations, { opinions: source, unfinished, resemblances: !unfinished }).judge(
    scorecard,
  );
}

export interface HearingOptions {
  /** Without them near misses leave out words that are merely alike, which takes half of the time. */
  resemblances?: boolean;
  opinions?: OpinionSource;
  /** As in EvaluateOptions. */
  unfinished?: boolean;
}

/**
 * One session before several scorecards that share items, such as the variants of one: an item that was judged once is
 * not judged again.
 */
export class Hearing {
  readonly #view: SessionView;
  readonly #kept = new WeakMap<CompiledItem, { words: number; scope: number; judgement: Judgement }>();
  readonly #resemblances: boolean;
  readonly #opinions: OpinionSource;
  readonly #unfinished: boolean;

  constructor(session: Session, annotations: Annotations, options: HearingOptions = {}) {
    this.#view = new SessionView(session, annotations);
    this.#resemblances = options.resemblances ?? true;
    this.#opinions = options.opinions ?? (() => null);
    this.#unfinished = options.unfinished ?? false;
  }

  /** As `evaluate`; with `only`, of these items alone, as if the scorecard had no others. */
  judge(scorecard: CompiledScorecard, only: ReadonlySet<string> | null = null): ScorecardResult {
    const judgements = new Map(
      scorecard.sections.map((section) => [
        section,
        section.items.filter((item) => only?.has(item.id) ?? true).map((item) => this.#judge(item, scorecard)),
      ]),
    );
    const result = assemble(scorecard, judgements);
    for (const item of result.items) {
      assertQuoted(this.#view, item.id, [...item.evidence, ...item.nearMisses]);
      if (item.tree) assertQuoted(this.#view, item.id, quotesOf(item.tree));
    }
    return result;
  }

  #judge(item: CompiledItem, { confidence }: CompiledScorecard): Judgement {
    const known = this.#kept.get(item);
    if (known?.words === confidence.words && known.scope === confidence.scope) return known.judgement;
    const judgement = judgeItem(item, {
      view: this.#view,
      confidence,
      resemblances: this.#resemblances,
      opinions: this.#opinions,
      unfinished: this.#unfinished,
    });
    this.#kept.set(item, { ...confidence, judgement });
    return judgement;
  }
}

function quotesOf(node: EvalNode): Evidence[] {
  return [...node.evidence, ...node.nearMisses, ...node.children.flatMap(quotesOf)];
}
