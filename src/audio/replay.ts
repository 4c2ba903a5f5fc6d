import { SAMPLE_RATE, type Block } from './types.ts';

/** What is kept at most for reading again: a minute of sound. */
const KEPT_SAMPLES = 60 * SAMPLE_RATE;

/**
 * A stream of blocks whose beginning can be looked at before it is read. What was looked at is kept and read once more,
 * up to a minute of sound, so that a question which the first seconds answer costs no second decoding.
 */
export class Replay {
  readonly #source: AsyncIterator<Block>;
  readonly #kept: Block[] = [];
  #samples = 0;
  #exhausted = false;

  constructor(source: AsyncIterable<Block>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** True when a look at the beginning stopped because no more may be kept: what it concluded then proves nothing. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** The beginning, block by block. To be read to its end or left before `blocks` is. */
  async *beginning(): AsyncGenerator<Block> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done === true) return;
      this.#kept.push(next.value);
      this.#samples += next.value[0]?.length ?? 0;
      yield next.value;
      if (this.#samples >= KEPT_SAMPLES) {
        this.#exhausted = true;
        return;
      }
    }
  }

  /** Everything from the first block on; once. Ends the source when it is left early. */
  async *blocks(): AsyncGenerator<Block> {
    try {
      for (let block = this.#kept.shift(); block; block = this.#kept.shift()) yield block;
      for (;;) {
        const next = await this.#source.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await this.close();
    }
  }

  /** Ends the source, for a stream that is never read. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
