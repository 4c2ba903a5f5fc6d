import type { FinishedWork } from '../../session/index.ts';
import type { InspectJob } from '../../worker/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem } from '../http/problem.ts';
import { finishBatch } from '../intake/finish.ts';
import { announceRecorded } from '../webhooks/index.ts';

export type Recorder = (job: InspectJob, work: FinishedWork) => Promise<void>;

/**
 * Records what a worker hands in, once by key whatever comes twice, and tells those who wait for it. What follows from
 * recording is told for repeated ones too: a crash may have come between the two.
 */
export function createRecorder(context: Context): Recorder {
  const { store, events } = context;
  return async ({ payload: { batchId, keys, again = false } }, { finished, failed }) => {
    const asked = new Set(keys);
    if ([...finished, ...failed].some(({ key }) => !asked.has(key)))
      throw new HttpProblem(422, 'request-invalid', 'The results are of sessions that this job did not ask for.');
    if (finished.length > 0) {
      const { recorded, repeated } = await store.sessions.record(finished, { again });
      await announceRecorded(context, [...recorded, ...repeated]);
      if (recorded.length + repeated.length < finished.length)
        context.log.info({ batch: batchId }, 'results of erased sessions were not recorded');
      const bands = new Map(finished.map(({ key, summary }) => [key, summary.band]));
      for (const key of recorded) events.emit('recorded', { key, batchId, band: bands.get(key) ?? null });
    }
    for (const { key, problem } of failed) await store.sessions.bury([key], problem);
    await finishBatch(context, batchId);
  };
}
