import type { EvalNode, Evidence, Localised, NearMiss, Truth } from '../../session/index.ts';

/**
 * How a scope, and what is found in it, fares when turns are added: `closed`, nothing enters or leaves; `growing`, later
 * turns may enter and none leaves; `shifting`, some may leave it too.
 */
export type Growth = 'closed' | 'growing' | 'shifting';

/** A quantity that a rule measured, for items of type `number` and for evidence. */
export interface Measured {
  value: number;
  unit: 'ms' | 'count' | 'score' | 'share' | 'rate' | 'dB';
}

/** What came of one condition: an evaluation node with what logic and scoring need beside it. */
export interface Outcome {
  op: string;
  truth: Truth;
  /** The truth with everything that rests on a model's opinion (sentiment, similarity, judge) taken as unknown. */
  hard: Truth;
  /** There was nothing the condition speaks about (no anchor hit): it takes no part in the logic. */
  na: boolean;
  /** There was no turn in scope at all. */
  empty: boolean;
  message: Localised;
  evidence: Evidence[];
  nearMisses: NearMiss[];
  /** Places that later rules may be anchored at. */
  hits: Evidence[];
  measured: Measured | null;
  children: Outcome[];
  /** How the hits fare when turns are added to a running contact; absent where none will be. */
  growth?: Growth;
}

/** An outcome from its essentials. Opinions (`soft`) leave `hard` unknown. */
export function outcome(
  op: string,
  truth: Truth,
  message: Localised,
  rest: Partial<Omit<Outcome, 'op' | 'truth' | 'message'>> & { soft?: boolean } = {},
): Outcome {
  const { soft = false, ...given } = rest;
  return {
    op,
    truth,
    hard: soft ? 'unknown' : truth,
    na: false,
    empty: false,
    message,
    evidence: [],
    nearMisses: [],
    hits: given.evidence ?? [],
    measured: null,
    children: [],
    ...given,
  };
}

/** An outcome that takes no part in the logic, with the reason. */
export function notApplicable(op: string, message: Localised, children: Outcome[] = []): Outcome {
  return outcome(op, 'unknown', message, { na: true, children });
}

/** The tree as it is stored with the result. */
export function toEvalNode(given: Outcome): EvalNode {
  return {
    op: given.op,
    truth: given.truth,
    message: given.message,
    evidence: given.evidence,
    nearMisses: given.nearMisses,
    children: given.children.map(toEvalNode),
  };
}
