import type { Problem } from './errors.ts';
import type { SessionSummary } from './records.ts';
import type { PinnedFiles } from './stored.ts';
import type { SessionResult } from './result.ts';
import type { Role, Session } from './session.ts';

/** What passes between the server, which records, and the workers, which compute. */

/** One session to inspect, complete but for the bytes of its recording. */
export interface OrderedSession {
  /** Unique in the installation; see SessionSummary. */
  key: string;
  session: Session;
  source: SessionResult['source'];
  notices: Problem[];
  /** Content of its recording in the archive. */
  recordingSha256: string | null;
  channelRoles: readonly Role[] | null;
}

/** What one `inspect` job asks for. */
export interface WorkOrder {
  batchId: string;
  sessions: OrderedSession[];
  /** Scorecards in the order in which they are tried; their files come by `artefact`. */
  scorecards: PinnedFiles[];
  recogniser: string;
  agentChannel: 'left' | 'right';
}

/** A finished session as bytes that only have to be stored: packed by `packResult` where it was computed. */
export interface FinishedSession {
  key: string;
  /** What lists and sums need of it. */
  summary: Pick<
    SessionSummary,
    | 'channel'
    | 'language'
    | 'agentId'
    | 'customerId'
    | 'team'
    | 'queue'
    | 'startedAt'
    | 'durationMs'
    | 'scorecardId'
    | 'scorecardVersion'
    | 'scorecardHash'
    | 'score'
    | 'passed'
    | 'provisional'
    | 'autoFails'
    | 'probability'
    | 'band'
    | 'reason'
  >;
  engine: string;
  sentimentHash: string;
  inputHash: string;
  input: Uint8Array;
  verdictsHash: string;
  verdicts: Uint8Array;
  /** What the item table of a period report adds up. */
  items: { id: string; verdict: 'pass' | 'fail' | 'unknown' | 'na'; cost: number }[];
}

export interface FinishedWork {
  finished: FinishedSession[];
  /** Sessions that cannot be inspected, however often they are tried. */
  failed: { key: string; problem: Problem }[];
}
