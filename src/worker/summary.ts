import { type FinishedSession, packResult, type SessionResult } from '../session/index.ts';

/** The line that stands for a result in lists. */
export function summaryOf(result: SessionResult): FinishedSession['summary'] {
  const { channel, language, agentId, customerId, team, queue, startedAt, scorecard, risk } = result;
  const heaviest = risk.reasons.reduce<(typeof risk.reasons)[number] | null>(
    (most, reason) => (most === null || reason.share > most.share ? reason : most),
    null,
  );
  return {
    channel,
    language,
    agentId,
    customerId,
    team,
    queue,
    startedAt,
    durationMs: durationOf(result),
    scorecardId: scorecard?.id ?? null,
    scorecardVersion: scorecard?.version ?? null,
    scorecardHash: scorecard?.hash ?? null,
    score: result.score,
    passed: result.passed,
    provisional: result.provisional,
    autoFails: result.autoFails.length,
    probability: risk.probability,
    band: risk.band,
    reason: heaviest?.title ?? null,
  };
}

/** The recording's length; for written sessions the time of the last turn. */
function durationOf({ recording, turns }: SessionResult): number | null {
  if (recording !== null) return recording.durationMs;
  let last: number | null = null;
  for (const { endMs } of turns) if (endMs !== null && (last === null || endMs > last)) last = endMs;
  return last;
}

/** A result as the server keeps it. */
export function finish(key: string, result: SessionResult): FinishedSession {
  return {
    key,
    summary: summaryOf(result),
    engine: result.pins.engine,
    sentimentHash: result.pins.sentimentHash,
    ...packResult(result),
    items: result.items.map(({ id, verdict, cost }) => ({ id, verdict, cost })),
  };
}
