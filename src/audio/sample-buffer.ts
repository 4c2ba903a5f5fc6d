/** The recent past of one channel: what is still needed for segments, addressed by position in the recording. */
export class SampleBuffer {
  #samples = new Float32Array(1 << 16);
  #start = 0;
  #length = 0;

  /** Position after the last sample. */
  get end(): number {
    return this.#start + this.#length;
  }

  push(samples: Float32Array): void {
    if (this.#length + samples.length > this.#samples.length) {
      const larger = new Float32Array(2 ** Math.ceil(Math.log2(this.#length + samples.length)));
      larger.set(this.#samples.subarray(0, this.#length));
      this.#samples = larger;
    }
    this.#samples.set(samples, this.#length);
    this.#length += samples.length;
  }

  /** A copy of the samples from `from` to before `to`; both must still be held. */
  slice(from: number, to: number): Float32Array {
    if (from < this.#start || to > this.end)
      throw new RangeError(`samples ${from} to ${to} are not held (${this.#start} to ${this.end} are)`);
    return this.#samples.slice(from - this.#start, to - this.#start);
  }

  /** Forgets what lies before `position`. Moves memory only when half of it is stale, so that cost stays linear. */
  dropBefore(position: number): void {
    const drop = Math.min(position - this.#start, this.#length);
    if (drop < this.#samples.length / 2) return;
    this.#samples.copyWithin(0, drop, this.#length);
    this.#start += drop;
    this.#length -= drop;
  }
}
