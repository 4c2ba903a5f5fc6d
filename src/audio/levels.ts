import { SAMPLE_RATE } from './types.ts';

/** Loudness is kept per frame of 20 ms: two bytes of level and two of peak, 8.6 MB for a channel of 12 hours. */
export const FRAME_SAMPLES = SAMPLE_RATE / 50;
export const FRAME_MS = 20;
/** Digital silence and everything below it. */
export const SILENCE_DB = -96;
/**
 * A sample this large was at full scale before resampling: µ-law reaches 0.980 and A-law 0.984 of the scale, and
 * resampling moves a clipped peak by a little.
 */
const CLIP_LEVEL = 0.98;

/** Loudness of one channel over its whole length, gathered as it streams by. */
export class Levels {
  #levels = new Int16Array(4096);
  #peaks = new Uint16Array(4096);
  #frames = 0;
  #sum = 0;
  #peak = 0;
  #filled = 0;
  #clipped = 0;
  #samples = 0;

  push(samples: Float32Array): void {
    this.#samples += samples.length;
    for (const sample of samples) {
      const size = Math.abs(sample);
      this.#sum += sample * sample;
      if (size > this.#peak) this.#peak = size;
      if (size >= CLIP_LEVEL) this.#clipped++;
      if (++this.#filled === FRAME_SAMPLES) this.#close();
    }
  }

  /** Closes the last, shorter frame. */
  finish(): void {
    if (this.#filled > 0) this.#close();
  }

  #close(): void {
    if (this.#frames === this.#levels.length) {
      this.#levels = grown(this.#levels, new Int16Array(this.#frames * 2));
      this.#peaks = grown(this.#peaks, new Uint16Array(this.#frames * 2));
    }
    this.#levels[this.#frames] = Math.round(toDb(this.#sum / this.#filled) * 100);
    this.#peaks[this.#frames] = Math.min(0xffff, Math.round(this.#peak * 0xffff));
    this.#frames++;
    this.#sum = 0;
    this.#peak = 0;
    this.#filled = 0;
  }

  get frames(): number {
    return this.#frames;
  }

  /** Share of samples at full scale, 0…1. */
  get clippedShare(): number {
    return this.#samples === 0 ? 0 : this.#clipped / this.#samples;
  }

  /** Level of one frame in dBFS; silence outside of what was pushed. */
  db(frame: number): number {
    return frame < 0 || frame >= this.#frames ? SILENCE_DB : this.#levels[frame]! / 100;
  }

  /** The level in dBFS that `share` of all frames lie below. */
  percentile(share: number): number {
    if (this.#frames === 0) return SILENCE_DB;
    const histogram = new Uint32Array(1 - SILENCE_DB);
    for (let frame = 0; frame < this.#frames; frame++)
      histogram[Math.min(0, Math.round(this.db(frame))) - SILENCE_DB]!++;
    let seen = 0;
    for (let bin = 0; bin < histogram.length; bin++) {
      seen += histogram[bin]!;
      if (seen > share * this.#frames) return bin + SILENCE_DB;
    }
    return 0;
  }

  /** Largest amplitudes 0…1 over `count` (or fewer) equal slices. */
  peaks(count: number): number[] {
    const slices = Math.min(count, this.#frames);
    return Array.from({ length: slices }, (_, slice) => {
      let peak = 0;
      const end = Math.floor(((slice + 1) * this.#frames) / slices);
      for (let frame = Math.floor((slice * this.#frames) / slices); frame < end; frame++) {
        peak = Math.max(peak, this.#peaks[frame]!);
      }
      return Math.round((peak / 0xffff) * 1000) / 1000;
    });
  }
}

/** Mean square → dBFS, not below `SILENCE_DB`. */
export function toDb(power: number): number {
  return power <= 0 ? SILENCE_DB : Math.max(SILENCE_DB, 10 * Math.log10(power));
}

function grown<T extends Int16Array | Uint16Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
