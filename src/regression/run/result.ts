import type { Evidence, Localised, Risk, ScorecardRef, ScorecardResult, Verdict } from '../../session/index.ts';
import type { Place } from '../fixtures/problems.ts';

export const assertionKinds = [
  'verdict',
  'evidence',
  'near',
  'points',
  'reason',
  'score',
  'passed',
  'provisional',
  'risk',
  'applies',
  'strict',
] as const;

/**
 * What came of one expectation. One shape for every kind: whether it held, what was looked at, what was expected and
 * what was found, why as a person would say it, and the words that show it.
 */
export interface Assertion {
  pass: boolean;
  kind: (typeof assertionKinds)[number];
  /** The scorecard item that it is about; null for those about the whole session. */
  item: string | null;
  what: Localised;
  expected: Localised;
  actual: Localised;
  reason: Localised;
  /** What the verdict rests on, then what came nearest. */
  evidence: Evidence[];
  /** The line of the fixture that expects it. */
  place: Place;
  /** The line of the scorecard that has the item; null where there is none. */
  rule: Place | null;
  /** What would have to change in the fixture to make this hold; none where it holds or where no change can. */
  edits: Edit[];
}

/** One change below a case's `expect`. `set` replaces or adds a value, `remove` takes the key out. */
export type Edit = { path: (string | number)[] } & (
  { action: 'set'; value: string | number | boolean | null } | { action: 'remove' }
);

export const caseStatuses = ['passed', 'failed', 'could-not-run', 'skipped'] as const;
export type CaseStatus = (typeof caseStatuses)[number];

/** What the scorecard and the risk room said of a case's session. */
export interface Judged {
  /** Null where the scorecard does not apply to the session. */
  result: ScorecardResult | null;
  /** Null where nobody asked for it. */
  risk: Risk | null;
}

export interface CaseResult {
  id: string;
  name: string;
  place: Place;
  /** The way to the case in its YAML file; `index` null: the document is the case. */
  at: { document: number; index: number | null };
  scorecard: (Pick<ScorecardRef, 'id' | 'version'> & { path: string }) | null;
  status: CaseStatus;
  assertions: Assertion[];
  /** Why it could not run, or was passed over. */
  problem: { message: Localised; hint: string | null } | null;
  /** Item → verdict found; empty where nothing was judged. */
  verdicts: Record<string, Verdict>;
  /** Items whose expected verdict was found. */
  confirmed: Record<string, Verdict>;
  durationMs: number;
}
