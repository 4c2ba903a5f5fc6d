import type { NewJob } from '../../queue/index.ts';
import type { BatchSettings } from '../../session/index.ts';
import type { NewSession } from '../../store/index.ts';
import type { InspectPayload } from '../../worker/index.ts';
import { groupSize, positionIn, sessionKey } from './places.ts';
import { grantOf } from './signing.ts';

export { sessionKey };

/** A written session of more characters than this has a job to itself, so that no order grows beyond a few megabytes. */
const largeChars = 200_000;

export type JobSession = Pick<NewSession, 'key' | 'fileId' | 'batchId' | 'recordingSha256' | 'session'>;

/**
 * The `inspect` jobs of sessions of one batch. Which sessions share a job follows from their keys alone (25 places of a file
 * each), so that jobs made again after a crash have the ids of those that were made before.
 */
export function inspectJobs(sessions: readonly JobSession[], settings: BatchSettings, secret: string): NewJob[] {
  const jobs = new Map<string, JobSession[]>();
  for (const session of sessions) {
    const id = jobIdOf(session);
    const group = jobs.get(id);
    if (group) group.push(session);
    else jobs.set(id, [session]);
  }
  return [...jobs].map(([id, group]) => {
    const { batchId, recordingSha256 } = group[0]!;
    const keys = group.map(({ key }) => key).sort();
    const payload: InspectPayload = { batchId, keys, grant: grantOf(secret, id, batchId, keys) };
    return {
      id,
      kind: 'inspect',
      group: batchId,
      priority: settings.priority,
      lane: recordingSha256 === null ? null : `recogniser:${settings.recogniser}`,
      payload,
    };
  });
}

function jobIdOf(session: JobSession): string {
  const position = positionIn(session);
  const chars = session.session.turns.reduce((sum, { text }) => sum + text.length, 0);
  if (session.recordingSha256 !== null || position === null || chars > largeChars) return `inspect:${session.key}`;
  return `inspect:${sessionKey(session.fileId, position - (position % groupSize))}+`;
}

/** The `ingest` job of a file. */
export function ingestJob(file: { id: string; batchId: string }, settings: BatchSettings): NewJob {
  return {
    id: `ingest:${file.id}`,
    kind: 'ingest',
    group: file.batchId,
    priority: settings.priority,
    lane: null,
    payload: { batchId: file.batchId, fileId: file.id },
  };
}
