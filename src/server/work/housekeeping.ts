import { applyRetention } from '../../store/index.ts';
import type { Context } from '../context.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How long the answer to a request with an idempotency key is kept. */
const repliesMs = dayMs;

/** What the server does by itself, once an hour: forgets what is due to be forgotten. Returns the way to end it. */
export function startHousekeeping(context: Context, everyMs = hourMs): { close(): Promise<void> } {
  const { store, archive, config, log, now } = context;
  let round: Promise<void> | null = null;
  const look = async () => {
    await store.replies.removeOlderThan(new Date(now().getTime() - repliesMs).toISOString());
    if (Object.values(config.retentionDays).every((days) => days === null)) return;
    const { stripped, files } = await applyRetention({ store, archive }, config.retentionDays, { now });
    if (files + stripped.recording + stripped.transcript + stripped.result > 0)
      log.info({ stripped, files }, 'what was kept for its time was removed');
  };
  const run = () => {
    round ??= look()
      .catch((error: unknown) => log.warn({ err: error }, 'housekeeping tries again later'))
      .finally(() => (round = null));
  };
  const timer = setInterval(run, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await round;
    },
  };
}
