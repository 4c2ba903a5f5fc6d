import type { CriticalClass, Evidence, FinishedSession, Localised, OrderedSession } from '../../session/index.ts';

/** An item that failed for good while the contact was still running. Words are redacted. */
export interface LiveAlert {
  item: string;
  title: Localised;
  reason: Localised;
  severity: 'low' | 'medium' | 'high';
  critical: CriticalClass | null;
  /** It rests on an opinion alone and waits for a person. */
  needsConfirmation: boolean;
  /** The last turn that was there when it became certain. */
  turn: number;
  evidence: Evidence[];
}

/** What is certain about an item so far; `pending` is what later turns can still decide. */
export interface LiveVerdict {
  item: string;
  title: Localised;
  verdict: 'pass' | 'fail' | 'na' | 'pending';
  reason: Localised;
}

/** A scorecard with the texts of its files. */
export interface CardTexts {
  hash: string;
  path: string;
  texts: ReadonlyMap<string, string>;
}

export interface JudgeRequest {
  id: number;
  ordered: Pick<OrderedSession, 'key' | 'session' | 'source' | 'notices'>;
  /** Hashes of the scorecards in the order in which they are tried. */
  cards: readonly string[];
  /** Those that the child has not been given yet. */
  fresh: readonly CardTexts[];
  /** Raised by earlier turns: they stay. */
  raised: readonly LiveAlert[];
}

export interface LiveJudgement {
  /** Null where no scorecard applies. */
  scorecard: { id: string; version: number } | null;
  verdicts: LiveVerdict[];
  /** All of them, earlier ones first. */
  alerts: LiveAlert[];
  /** The present result, with the alerts in it, ready to be stored. */
  finished: FinishedSession;
}

export type JudgeAnswer = { id: number } & ({ judgement: LiveJudgement } | { failed: string });
