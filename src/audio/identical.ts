import type { Block } from './types.ts';
import { SAMPLE_RATE } from './types.ts';

/** What is left of one channel when the best multiple of the other is taken away: −40 dB over the whole recording. */
const SAME = 1e-4;
/** A second in which more than −30 dB is left shows that the channels differ; two of them end the search. */
const DIFFERENT = 1e-3;
const SECONDS_TO_TELL = 2;
/** Copies are made at one level; a channel far weaker than the other carries its echo, not its copy. */
const MAX_GAIN = 10 ** (12 / 10);
/** −65 dBFS: below it there is nothing to compare. */
const AUDIBLE_POWER = 10 ** (-65 / 10);

/**
 * Tells whether a two-channel recording is one signal twice (a mono mix saved as stereo), also after lossy coding.
 * Reads on only until two seconds of sound have shown a difference.
 */
export async function channelsIdentical(blocks: AsyncIterable<Block>): Promise<boolean> {
  const all = new Comparison();
  let second = new Comparison();
  let differing = 0;
  for await (const [left, right] of blocks) {
    if (!left || !right) return false;
    for (let at = 0; at < left.length;) {
      const end = Math.min(left.length, at + SAMPLE_RATE - second.samples);
      second.add(left, right, at, end);
      at = end;
      if (second.samples < SAMPLE_RATE) continue;
      if (second.audible && !second.same(DIFFERENT)) differing++;
      if (differing >= SECONDS_TO_TELL) return false;
      all.join(second);
      second = new Comparison();
    }
  }
  all.join(second);
  return all.power > 0 && all.same(SAME);
}

class Comparison {
  samples = 0;
  #ll = 0;
  #rr = 0;
  #lr = 0;

  add(left: Float32Array, right: Float32Array, from: number, to: number): void {
    let ll = 0;
    let rr = 0;
    let lr = 0;
    for (let at = from; at < to; at++) {
      const l = left[at]!;
      const r = right[at]!;
      ll += l * l;
      rr += r * r;
      lr += l * r;
    }
    this.#ll += ll;
    this.#rr += rr;
    this.#lr += lr;
    this.samples += to - from;
  }

  join(other: Comparison): void {
    this.#ll += other.#ll;
    this.#rr += other.#rr;
    this.#lr += other.#lr;
    this.samples += other.samples;
  }

  get power(): number {
    return Math.max(this.#ll, this.#rr);
  }

  get audible(): boolean {
    return this.power > AUDIBLE_POWER * this.samples;
  }

  /** 1 − ρ²: the share of energy that no multiple of the other channel explains. Opposite phase is not the same. */
  same(limit: number): boolean {
    const [low, high] = [Math.min(this.#ll, this.#rr), Math.max(this.#ll, this.#rr)];
    if (low <= 0 || high > low * MAX_GAIN || this.#lr <= 0) return false;
    return 1 - (this.#lr * this.#lr) / (low * high) <= limit;
  }
}
