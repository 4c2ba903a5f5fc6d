import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../../../session/index.ts';
import type { Context } from '../../context.ts';
import { type Pace, progressOf } from './progress.ts';

export interface FollowSettings {
  /** At least so long between two events. */
  gapMs: number;
  /** A line that says nothing, so that proxies keep the connection. */
  heartbeatMs: number;
  /** After so long the client is asked to come again, which asks anew who it is. */
  longestMs: number;
}

export const defaultFollow: FollowSettings = { gapMs: 250, heartbeatMs: 15_000, longestMs: 15 * 60_000 };

/** `id` of the last event: a client that comes again with it has seen all. */
export const endId = 'end';

/**
 * Progress of a batch as server-sent events. Each event tells the whole, so that none has to be kept for anybody: it is
 * made when the reader takes it, and a slow reader simply sees fewer of them. For the same reason a `Last-Event-ID` of
 * any kind is answered with the present state.
 */
export function followBatch(
  context: Context,
  pace: Pace,
  look: () => Promise<Batch | null>,
  batchId: string,
  settings: FollowSettings,
): Readable {
  const gone = new AbortController();
  const stream = Readable.from(events(context, pace, look, batchId, settings, gone.signal), {
    objectMode: false,
    highWaterMark: 1_024,
  });
  stream.once('close', () => {
    gone.abort();
  });
  return stream;
}

async function* events(
  context: Context,
  pace: Pace,
  look: () => Promise<Batch | null>,
  batchId: string,
  { gapMs, heartbeatMs, longestMs }: FollowSettings,
  gone: AbortSignal,
): AsyncGenerator<string> {
  const bell = new Bell();
  const stops = [
    context.events.on('batch', ({ id }) => {
      if (id === batchId) bell.ring();
    }),
    context.events.on('recorded', (event) => {
      if (event.batchId === batchId) bell.ring();
    }),
    context.events.on('batch-finished', ({ id }) => {
      if (id === batchId) bell.ring();
    }),
  ];
  gone.addEventListener('abort', () => {
    bell.ring();
  });
  const until = Date.now() + longestMs;
  let before = '';
  try {
    yield `retry: 2000\n\n`;
    for (let n = 1; !gone.aborted && Date.now() < until; n++) {
      bell.hush();
      const batch = await look();
      if (!batch) return;
      const progress = progressOf(batch, pace, context.now());
      const over = batch.state === 'done' || batch.state === 'cancelled';
      const { at: _, ...told } = progress;
      const now = JSON.stringify(told);
      if (over) {
        yield event('end', endId, progress);
        return;
      }
      yield now === before ? ':\n\n' : event('progress', String(n), progress);
      before = now;
      await bell.rung(heartbeatMs);
      // What else happens until then is told by the same event.
      if (!gone.aborted) await sleep(gapMs, undefined, { signal: gone }).catch(() => undefined);
    }
  } finally {
    for (const stop of stops) stop();
  }
}

function event(name: string, id: string, data: unknown): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Rung any number of times, it wakes its one waiter once. */
class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  hush(): void {
    this.#rung = false;
  }

  /** Until it rings, or has rung since `hush`, or so much time has passed. */
  rung(ms: number): Promise<void> {
    if (this.#rung) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms).unref();
      this.#wake = done;
    });
  }
}
