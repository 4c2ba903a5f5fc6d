import { FRAME_SAMPLES, type Levels } from './levels.ts';
import type { SampleSpan } from './voice.ts';

/** How far a start is moved at most. */
export const REACH_SAMPLES = 15 * FRAME_SAMPLES;
/** What belongs to the same utterance is not much weaker than its beginning. */
const WITHIN_DB = 12;
const BEGINNING_FRAMES = 25;

/**
 * Moves the start of a span back over sound that runs into it without a pause and about as loud: the detector needs
 * some syllables before it is sure, most of all at the very start of a recording. Not before `earliest`.
 */
export function reachBack(span: SampleSpan, levels: Levels, earliest: number): SampleSpan {
  const first = Math.ceil(span.start / FRAME_SAMPLES);
  const last = Math.min(first + BEGINNING_FRAMES, Math.floor(span.end / FRAME_SAMPLES));
  let power = 0;
  for (let frame = first; frame < last; frame++) power += 10 ** (levels.db(frame) / 10);
  const floor = 10 * Math.log10(power / Math.max(1, last - first)) - WITHIN_DB;
  const limit = Math.max(earliest, span.start - REACH_SAMPLES, 0);
  let start = span.start;
  for (let frame = first - 1; frame * FRAME_SAMPLES >= limit && levels.db(frame) >= floor; frame--) {
    start = Math.min(start, frame * FRAME_SAMPLES);
  }
  return { start, end: span.end };
}
