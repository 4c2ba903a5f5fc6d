import { GiveUp } from '../../queue/index.ts';
import { EarwitnessError, type OrderedSession, type PinnedFiles } from '../../session/index.ts';
import type { WaitingSession } from '../../store/index.ts';
import type { InspectJob, WorkDesk } from '../../worker/index.ts';
import type { Context } from '../context.ts';
import type { Recorder } from './recorder.ts';
import { isGranted } from './signing.ts';

/** The desk of workers in the server's own process tree; the HTTP desk stands on it too. */
export function createDesk(context: Context, record: Recorder): WorkDesk {
  const { store, archive, config } = context;
  const bundles = new Map<string, PinnedFiles>();
  const artefacts = new Map<string, Uint8Array>();

  const bundle = async (hash: string): Promise<PinnedFiles | null> => {
    const known = bundles.get(hash) ?? (await store.bundles.get('scorecard', hash));
    if (known) bundles.set(hash, known);
    return known;
  };

  /** Those that the batch names, in its order, else all; a name that is not published is no scorecard. */
  const scorecards = async (wanted: readonly string[]): Promise<PinnedFiles[]> => {
    const published = await store.bundles.published();
    const chosen =
      wanted.length === 0
        ? published.toSorted((a, b) => (a.id < b.id ? -1 : 1))
        : wanted.flatMap((id) => published.filter((one) => one.id === id));
    const found = await Promise.all(chosen.map(({ hash }) => bundle(hash)));
    return found.filter((one) => one !== null);
  };

  return {
    async order(job) {
      if (!isGranted(config.secret, job))
        throw new GiveUp('This job was not made by this installation, or with another secret. It is not done.');
      const { batchId, keys, again = false } = job.payload;
      const batch = await store.batches.get(batchId, { kind: 'all' });
      const wanted = batch !== null && batch.state !== 'cancelled';
      const known = wanted ? await store.sessions.waiting(keys) : [];
      // Dead ones are there for a job that was given up and is wanted again.
      const waiting = known.filter(
        ({ state }) => state === 'waiting' || state === 'dead' || (again && state === 'recorded'),
      );
      return {
        batchId,
        sessions: waiting.map(ordered),
        scorecards: waiting.length > 0 ? await scorecards(batch!.settings.scorecards) : [],
        recogniser: batch?.settings.recogniser ?? config.recogniser,
        agentChannel: batch?.settings.agentChannel ?? 'left',
      };
    },
    async artefact(_job, sha256) {
      const bytes = artefacts.get(sha256) ?? (await store.bundles.artefact(sha256));
      if (bytes === null)
        throw new EarwitnessError('artefact-missing', sha256, 'The store does not hold this part of a scorecard.');
      // Small texts, asked for by every child that starts.
      if (artefacts.size < 500) artefacts.set(sha256, bytes);
      return bytes;
    },
    recording: (_job, sha256) => archive.local(sha256),
    submit: (job: InspectJob, work) => record(job, work),
  };
}

function ordered({ key, session, source, notices, recordingSha256, channelRoles }: WaitingSession): OrderedSession {
  return { key, session, source, notices, recordingSha256, channelRoles };
}
