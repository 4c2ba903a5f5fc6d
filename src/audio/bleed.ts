import { FRAME_SAMPLES, type Levels } from './levels.ts';
import type { SampleSpan } from './voice.ts';

/** An echo comes back at least this much weaker than the voice that made it. */
const WEAKER_DB = 15;
/** Echo on a telephone line trails its source by up to 300 ms. */
const TRAIL_FRAMES = 15;
const LEAD_FRAMES = 5;
const MIN_RUN_FRAMES = 15;
const MIN_REST_FRAMES = 10;
/**
 * Loudness of an echo rises and falls with its source; that of a second, quieter speaker does not. A short stretch can
 * agree by chance and has to agree better.
 */
const MIN_CORRELATION = 0.5;
const MIN_CORRELATION_SHORT = 0.75;
const SHORT_FRAMES = 50;

/**
 * Removes from a span of speech on one channel the parts that are the other side's voice, heard as echo: much weaker
 * than the other channel around the same time, and rising and falling with it. Returns what is left, in order.
 */
export function withoutBleed(span: SampleSpan, own: Levels, other: Levels): SampleSpan[] {
  const first = Math.floor(span.start / FRAME_SAMPLES);
  const last = Math.ceil(span.end / FRAME_SAMPLES);
  const rest: SampleSpan[] = [];
  let restFrom = first;
  for (const run of weakRuns(own, other, first, last)) {
    if (!isEcho(own, other, run.from, run.to)) continue;
    rest.push({ start: restFrom, end: run.from });
    restFrom = run.to;
  }
  if (restFrom === first) return [span];
  rest.push({ start: restFrom, end: last });
  return rest
    .filter((part) => part.end - part.start >= MIN_REST_FRAMES)
    .map((part) => ({
      start: Math.max(span.start, part.start * FRAME_SAMPLES),
      end: Math.min(span.end, part.end * FRAME_SAMPLES),
    }));
}

function isEcho(own: Levels, other: Levels, from: number, to: number): boolean {
  const frames = to - from;
  if (frames < MIN_RUN_FRAMES) return false;
  return correlation(own, other, from, to) >= (frames < SHORT_FRAMES ? MIN_CORRELATION_SHORT : MIN_CORRELATION);
}

function* weakRuns(own: Levels, other: Levels, first: number, last: number): Generator<{ from: number; to: number }> {
  let from = -1;
  for (let frame = first; frame <= last; frame++) {
    let loudest = -Infinity;
    for (let at = frame - TRAIL_FRAMES; at <= frame + LEAD_FRAMES; at++) loudest = Math.max(loudest, other.db(at));
    const weak = frame < last && own.db(frame) <= loudest - WEAKER_DB;
    if (weak && from < 0) from = frame;
    if (!weak && from >= 0) {
      yield { from, to: frame };
      from = -1;
    }
  }
}

/** Best Pearson correlation of the two loudness curves (dB) over the delays that an echo can have. */
function correlation(own: Levels, other: Levels, from: number, to: number): number {
  let best = -1;
  for (let delay = 0; delay <= TRAIL_FRAMES; delay++) best = Math.max(best, pearson(own, other, from, to, delay));
  return best;
}

function pearson(own: Levels, other: Levels, from: number, to: number, delay: number): number {
  const n = to - from;
  let x = 0;
  let y = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let frame = from; frame < to; frame++) {
    const a = own.db(frame);
    const b = other.db(frame - delay);
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  const spread = Math.sqrt((n * xx - x * x) * (n * yy - y * y));
  return spread > 0 ? (n * xy - x * y) / spread : 0;
}
