import type { Annotations, Evidence, Localised, Problem, ScorecardResult, Session } from '../session/index.ts';
import { timeOfChars } from '../session/index.ts';
import type { ReasonCode } from './weights.ts';

export interface RiskInput {
  session: Session;
  annotations: Annotations;
  scorecard: ScorecardResult | null;
  notices: readonly Problem[];
}

/** A reason before its share is known: how strongly it speaks (0…1) and what proves it. */
export interface Finding {
  code: ReasonCode;
  strength: number;
  title: Localised;
  item: string | null;
  evidence: Evidence[];
}

type Measured = Partial<Pick<Evidence, 'measured' | 'threshold' | 'unit' | 'note' | 'kind'>>;

/** Evidence from the words `[charStart, charEnd)` of a turn (the whole turn by default), quoted exactly. */
export function quoteTurn(
  session: Session,
  n: number,
  operator: string,
  measured: Measured = {},
  charStart?: number,
  charEnd?: number,
): Evidence[] {
  const turn = session.turns.find((candidate) => candidate.n === n);
  if (!turn) return [];
  const from = charStart ?? 0;
  const to = charEnd ?? turn.text.length;
  return [
    {
      kind: 'words',
      turn: n,
      ...timeOfChars(turn, from, to),
      charStart: from,
      charEnd: to,
      quote: turn.text.slice(from, to),
      operator,
      measured: null,
      threshold: null,
      unit: null,
      note: null,
      ...measured,
    },
  ];
}

/** Evidence that is a figure or a field, not somebody's words. */
export function quoteMeasure(operator: string, quote: string, measured: Measured = {}): Evidence {
  return {
    kind: 'measure',
    turn: null,
    startMs: null,
    endMs: null,
    charStart: null,
    charEnd: null,
    quote,
    operator,
    measured: null,
    threshold: null,
    unit: null,
    note: null,
    ...measured,
  };
}
