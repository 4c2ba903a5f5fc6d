import type {
  Band,
  BatchResult,
  Channel,
  CriticalClass,
  ErrorCode,
  Evidence,
  ItemResult,
  Localised,
  Problem,
} from '../../session/index.ts';
import type { Mean, Rate } from './statistics.ts';

/** Accuracy of one class of critical items: of those judged, how many held. */
export interface CriticalAccuracy {
  class: CriticalClass;
  /** Verdicts pass or fail; the n of the rate. */
  judged: number;
  failed: number;
  unknown: number;
  /** Sessions with at least one failed item of this class. */
  sessions: number;
  accuracy: Rate | null;
}

/** Problems of one kind, counted, with every place where it happened. */
export interface ProblemGroup {
  code: ErrorCode;
  n: number;
  problems: Problem[];
}

export interface Coverage {
  /** Inspected and failed together: everything that was found in the inputs. */
  found: number;
  inspected: number;
  /** Have a score. */
  scored: number;
  /** Inspected, but no scorecard fits or nothing in it applies. */
  unscored: number;
  /** Scored, with at least one item that only a person can judge. */
  provisional: number;
  failed: number;
  failures: ProblemGroup[];
  notices: ProblemGroup[];
}

export interface Headline {
  /** Of final scores, auto-failed ones included. */
  score: Mean | null;
  /** Of the scores as they were before any auto-fail. */
  scoreBeforeAutoFail: Mean | null;
  passRate: Rate | null;
  /** The pass mark, where all scored sessions share one. */
  passMark: number | null;
  /** Sessions with at least one auto-fail, and how many of those wait for a person's confirmation. */
  autoFailed: number;
  autoFailsUnconfirmed: number;
  /** Always the three classes, in the order customer, business, compliance. */
  critical: CriticalAccuracy[];
  bands: Record<Band, number>;
  coverage: Coverage;
}

export interface HighRiskReason {
  code: string;
  title: Localised;
  item: string | null;
  share: number;
  /** The strongest proof of this reason, if it has one. */
  evidence: Evidence | null;
}

export interface HighRiskSession {
  id: string;
  channel: Channel;
  agentId: string | null;
  queue: string | null;
  source: { path: string; entry: string | null };
  band: Band;
  probability: number;
  score: number | null;
  autoFailed: boolean;
  reasons: HighRiskReason[];
}

export interface ItemRow {
  id: string;
  title: Localised;
  section: string;
  sectionTitle: Localised;
  coaching: Localised | null;
  why: Localised | null;
  critical: CriticalClass | null;
  autoFail: ItemResult['autoFail'];
  passed: number;
  failed: number;
  unknown: number;
  na: number;
  /** passed + failed + unknown. */
  applicable: number;
  /** Of passed + failed: unknown is neither. */
  failRate: Rate | null;
  /** Points that the item cost, summed over sessions, what its auto-fails took included. */
  cost: number;
  /** The part of `cost` that auto-fails took beyond the item's own weight. */
  autoFailCost: number;
  /** cost ÷ scored sessions: what the mean would gain if it always held. */
  costPerSession: number;
  /** Share of all points lost, and the running total down the list; 0…1. */
  costShare: number;
  cumulativeShare: number;
}

/** The items that fail most, for one agent or group. */
export interface TopFailure {
  id: string;
  title: Localised;
  failed: number;
  judged: number;
  cost: number;
}

export interface GroupRow {
  /** The value that the sessions share; null where the source states none. */
  key: string | null;
  label: Localised;
  sessions: number;
  score: Mean | null;
  passRate: Rate | null;
  autoFailed: number;
  highRisk: number;
  topFailures: TopFailure[];
}

export interface AgentRow extends GroupRow {
  /** 1 = lowest mean, first to help; null below `minimumToRank` scored sessions or without a name. */
  rank: number | null;
}

export interface ConversationMeasures {
  channel: Channel;
  sessions: number;
  /** Share of the session in which nobody speaks, mean over calls, 0…1. */
  silenceShare: number | null;
  /** Times that the agent talks over the customer for 200 ms or more, per session whose channels can be told apart. */
  agentInterruptions: number | null;
  /** Waits of the customer for a human answer, ms (chat and ticket). */
  responseP50Ms: number | null;
  responseP90Ms: number | null;
  responses: number;
  /** Customer messages that no person ever answered. */
  unanswered: number;
  /** −1…1, means over sessions. */
  customerSentiment: number | null;
  customerEnd: number | null;
}

export interface ScorecardUse {
  id: string;
  version: number;
  language: string;
  title: Localised;
  hash: string;
  shortHash: string;
  path: string;
  passMark: number;
  method: BatchResult['scorecards'][number]['method'];
  sessions: number;
}

/** Four questions that the first screen answers. */
export interface Answers {
  good: Localised;
  where: Localised;
  whom: Localised;
  change: Localised;
}

/** Every figure of a report. Pure data: the same for HTML, terminal and spreadsheets. */
export interface ReportModel {
  title: string;
  engine: string;
  generatedAt: string;
  inputs: string[];
  /** First and last start of a session, as the sources wrote them. */
  period: { from: string; to: string } | null;
  headline: Headline;
  answers: Answers;
  highRisk: HighRiskSession[];
  items: ItemRow[];
  minimumToRank: number;
  agents: AgentRow[];
  teams: GroupRow[];
  queues: GroupRow[];
  channels: GroupRow[];
  languages: GroupRow[];
  measures: ConversationMeasures[];
  recogniser: BatchResult['recogniser'];
  scorecards: ScorecardUse[];
}
