import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type FinishedSession, type OrderedSession, type SessionSummary } from '../../session/index.ts';
import type { Tables } from './schema.ts';

export type SessionRow = Tables['sessions']['$inferSelect'];

/** Beyond what any score or probability can be, so that those who have none come last. */
const noScore = 1_000_000;
const noRisk = -1;

export function summaryOf(row: SessionRow): SessionSummary {
  const { key, id, batchId, fileId, channel, language, agentId, customerId, team, queue, startedAt, durationMs } = row;
  const { state, createdAt, recordedAt, scorecardId, scorecardVersion, scorecardHash, score, passed } = row;
  const { provisional, autoFails, probability, band, reason, recordingSha256, held } = row;
  return {
    key,
    id,
    batchId,
    fileId,
    channel,
    language,
    agentId,
    customerId,
    team,
    queue,
    startedAt,
    durationMs,
    state,
    createdAt,
    recordedAt,
    scorecardId,
    scorecardVersion,
    scorecardHash,
    score,
    passed,
    provisional,
    autoFails,
    probability,
    band,
    reason,
    hasRecording: recordingSha256 !== null,
    held,
  };
}

/** Columns that stand for what nobody has judged yet. */
export const unjudged = {
  scorecardId: null,
  scorecardVersion: null,
  scorecardHash: null,
  score: null,
  scoreOrder: noScore,
  passed: null,
  provisional: false,
  autoFails: 0,
  probability: null,
  riskOrder: noRisk,
  band: null,
  reason: null,
  recordedAt: null,
} as const satisfies Partial<SessionRow>;

/** Columns that follow from what was found out, in a batch of `batchTeam`. */
export function judged(summary: FinishedSession['summary'], batchTeam: string | null, createdAt: string) {
  const { score, probability } = summary;
  return {
    ...summary,
    ...teamsOf(summary.team, batchTeam),
    at: instantOf(summary.startedAt, createdAt),
    scoreOrder: score ?? noScore,
    riskOrder: probability ?? noRisk,
  } satisfies Partial<SessionRow>;
}

/** A session without a team of its own belongs to its batch's; where the two differ, both see it. */
export function teamsOf(own: string | null, batch: string | null): { team: string | null; otherTeam: string | null } {
  const team = own ?? batch;
  return { team, otherTeam: batch === team ? null : batch };
}

export function instantOf(startedAt: string | null, createdAt: string): number {
  const started = startedAt === null ? NaN : Date.parse(startedAt);
  return Number.isNaN(started) ? Date.parse(createdAt) : started;
}

/** UTC day of an instant, as the sums name it. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

type Order = Pick<OrderedSession, 'session' | 'source' | 'notices' | 'channelRoles'>;

export function packOrder({ session, source, notices, channelRoles }: Order): Buffer {
  return deflateRawSync(JSON.stringify({ session, source, notices, channelRoles }), { level: 1 });
}

export function unpackOrder(json: Uint8Array): Order {
  return JSON.parse(inflateRawSync(json).toString('utf8')) as Order;
}
