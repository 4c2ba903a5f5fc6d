import { type Block, SAMPLE_RATE } from './types.ts';

/** Zero crossings of the sinc on each side; 24 with β 9 keeps aliases under −90 dB with a 6 % transition band. */
const ZERO_CROSSINGS = 24;
const KAISER_BETA = 9;
/** Part of the Nyquist band that passes. */
const ROLL_OFF = 0.94;

/**
 * Streaming sample-rate converter: polyphase windowed sinc (J. O. Smith, “Digital Audio Resampling Home Page”), zero
 * delay, any ratio of whole rates. One per channel; `push` returns what can be computed so far, `finish` the rest.
 */
export class Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #half: number;
  readonly #phases: (Float32Array | undefined)[];
  readonly #cutoff: number;
  #pending: Float32Array;
  /** Input index of `#pending[0]`; starts negative: the silence before the recording. */
  #pendingStart: number;
  #received = 0;
  #produced = 0;

  constructor(inputRate: number, outputRate = SAMPLE_RATE) {
    const divisor = gcd(inputRate, outputRate);
    this.#up = outputRate / divisor;
    this.#down = inputRate / divisor;
    this.#cutoff = Math.min(1, outputRate / inputRate) * ROLL_OFF;
    this.#half = Math.ceil(ZERO_CROSSINGS / this.#cutoff);
    this.#phases = new Array<Float32Array | undefined>(this.#up);
    this.#pending = new Float32Array(this.#half);
    this.#pendingStart = -this.#half;
  }

  push(input: Float32Array): Float32Array {
    this.#received += input.length;
    this.#append(input);
    // An output at input position p needs samples up to p + half.
    return this.#produce(Math.max(0, Math.ceil(((this.#received - this.#half) * this.#up) / this.#down)));
  }

  finish(): Float32Array {
    this.#append(new Float32Array(this.#half + 1));
    return this.#produce(Math.round((this.#received * this.#up) / this.#down));
  }

  #append(input: Float32Array): void {
    const joined = new Float32Array(this.#pending.length + input.length);
    joined.set(this.#pending);
    joined.set(input, this.#pending.length);
    this.#pending = joined;
  }

  /** Computes outputs up to (not including) index `until` and drops input that no later output needs. */
  #produce(until: number): Float32Array {
    const count = Math.max(0, until - this.#produced);
    const output = new Float32Array(count);
    const pending = this.#pending;
    const taps = 2 * this.#half;
    for (let index = 0; index < count; index++) {
      const position = (this.#produced + index) * this.#down;
      const phase = position % this.#up;
      const kernel = (this.#phases[phase] ??= this.#kernel(phase));
      const from = (position - phase) / this.#up - this.#half + 1 - this.#pendingStart;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += pending[from + tap]! * kernel[tap]!;
      output[index] = sum;
    }
    this.#produced += count;
    const keepFrom = Math.floor((this.#produced * this.#down) / this.#up) - this.#half + 1;
    const drop = Math.max(0, Math.min(pending.length, keepFrom - this.#pendingStart));
    this.#pending = pending.slice(drop);
    this.#pendingStart += drop;
    return output;
  }

  #kernel(phase: number): Float32Array {
    const fraction = phase / this.#up;
    const kernel = new Float32Array(2 * this.#half);
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap++) {
      const distance = tap - this.#half + 1 - fraction;
      const x = Math.PI * distance * this.#cutoff;
      const sinc = x === 0 ? 1 : Math.sin(x) / x;
      kernel[tap] = sinc * kaiser(distance / this.#half);
      sum += kernel[tap]!;
    }
    // Unity gain in every phase: no ripple on a constant signal.
    for (let tap = 0; tap < kernel.length; tap++) kernel[tap] = kernel[tap]! / sum;
    return kernel;
  }
}

/** Brings blocks of any rate to 16 kHz, channel by channel. */
export async function* resampleBlocks(blocks: AsyncIterable<Block>, inputRate: number): AsyncGenerator<Block> {
  if (inputRate === SAMPLE_RATE) {
    yield* blocks;
    return;
  }
  let resamplers: Resampler[] = [];
  for await (const block of blocks) {
    if (resamplers.length === 0) resamplers = block.map(() => new Resampler(inputRate));
    const output = block.map((channel, index) => resamplers[index]!.push(channel));
    if (output[0] && output[0].length > 0) yield output;
  }
  const rest = resamplers.map((resampler) => resampler.finish());
  if (rest[0] && rest[0].length > 0) yield rest;
}

function kaiser(position: number): number {
  return Math.abs(position) >= 1 ? 0 : bessel0(KAISER_BETA * Math.sqrt(1 - position * position)) / bessel0(KAISER_BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
