import { FRAME_SAMPLES, toDb } from './levels.ts';
import type { SampleSpan, VoiceDetector } from './voice.ts';

const ABOVE_FLOOR_DB = 12;
const LOWEST_SPEECH_DB = -52;
const MIN_SPEECH_FRAMES = 8;
const HANG_FRAMES = 15;
/** The noise floor follows quieter frames at once and rises by 3 dB a second. */
const RISE_DB = 3 / 50;

/**
 * Speech by loudness above a tracked noise floor, for platforms without the neural detector. It takes loud music and
 * noise for speech.
 */
export class EnergyDetector implements VoiceDetector {
  readonly name = 'energy';
  readonly version = '1';
  #sum = 0;
  #filled = 0;
  #frame = 0;
  #floor = Infinity;
  #open: { first: number; last: number; loud: number } | null = null;

  push(samples: Float32Array): SampleSpan[] {
    const spans: SampleSpan[] = [];
    for (const sample of samples) {
      this.#sum += sample * sample;
      if (++this.#filled === FRAME_SAMPLES) this.#close(spans);
    }
    return spans;
  }

  finish(): SampleSpan[] {
    const span = this.#end();
    return span ? [span] : [];
  }

  horizon(): number {
    return (this.#open ? this.#open.first : this.#frame) * FRAME_SAMPLES;
  }

  release(): void {
    this.#open = null;
  }

  #close(spans: SampleSpan[]): void {
    const db = toDb(this.#sum / FRAME_SAMPLES);
    this.#sum = 0;
    this.#filled = 0;
    const loud = db > Math.max(this.#floor + ABOVE_FLOOR_DB, LOWEST_SPEECH_DB);
    this.#floor = Math.min(db, this.#floor + RISE_DB);
    const frame = this.#frame++;
    if (loud) {
      this.#open ??= { first: frame, last: frame, loud: 0 };
      this.#open.last = frame;
      this.#open.loud++;
    } else if (this.#open && frame - this.#open.last > HANG_FRAMES) {
      const span = this.#end();
      if (span) spans.push(span);
    }
  }

  #end(): SampleSpan | null {
    const open = this.#open;
    this.#open = null;
    if (!open || open.loud < MIN_SPEECH_FRAMES) return null;
    return { start: open.first * FRAME_SAMPLES, end: (open.last + 1) * FRAME_SAMPLES };
  }
}
