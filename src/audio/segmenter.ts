import { FRAME_SAMPLES, type Levels } from './levels.ts';
import { SampleBuffer } from './sample-buffer.ts';
import { SAMPLE_RATE, type SpeechSegment, toMs } from './types.ts';
import type { Role } from '../session/index.ts';
import type { SampleSpan } from './voice.ts';

const PAD = 0.2 * SAMPLE_RATE;
/** Stretches closer than their pads go to the recogniser together: it hears more context, and no sound twice. */
const JOIN = 2 * PAD;
/** With a pad at each end, 28 s. */
const MAX_SPEECH = 28 * SAMPLE_RATE - 2 * PAD;
/** A cut is looked for in the later half, at the quietest 100 ms. */
const CUT_FRAMES = 5;

interface Piece extends SampleSpan {
  /** No pad at a cut: the neighbouring piece has those samples. */
  cutAtEnd: boolean;
}

/** Turns one channel's spans of speech into padded segments of at most 28 s, while the recording streams by. */
export class Segmenter {
  readonly #channel: number;
  readonly #role: Role;
  readonly #levels: Levels;
  readonly #buffer = new SampleBuffer();
  #open: SampleSpan | null = null;
  #ready: Piece[] = [];
  #horizon = 0;
  #audioEnd = 0;

  constructor(channel: number, role: Role, levels: Levels) {
    this.#channel = channel;
    this.#role = role;
    this.#levels = levels;
  }

  /** New samples, the speech that ended in them, and the position before which no later speech starts. */
  push(samples: Float32Array, spans: readonly SampleSpan[], horizon: number): void {
    this.#buffer.push(samples);
    for (const heard of spans) {
      // What lies before the last horizon may be forgotten already.
      const span = { start: Math.max(heard.start, this.#horizon), end: heard.end };
      if (span.start >= span.end) continue;
      if (this.#open && span.start - this.#open.end <= JOIN) this.#open.end = Math.max(this.#open.end, span.end);
      else {
        this.#close();
        this.#open = { start: Math.max(span.start, this.#ready.at(-1)?.end ?? 0), end: span.end };
      }
      while (this.#open.end - this.#open.start > MAX_SPEECH) this.#cut(this.#open);
    }
    this.#horizon = horizon;
    if (this.#open && horizon > this.#open.end + JOIN) this.#close();
    this.#buffer.dropBefore(this.nextStart - PAD);
  }

  /** Where this channel's next segment starts, or at the earliest can start. */
  get nextStart(): number {
    return this.#ready[0]?.start ?? this.#open?.start ?? this.#horizon;
  }

  /** The next segment when it is complete. */
  take(): SpeechSegment | null {
    const piece = this.#ready.shift();
    if (!piece) return null;
    const from = Math.max(piece.start - PAD, this.#audioEnd, 0);
    const to = piece.cutAtEnd ? piece.end : Math.min(piece.end + PAD, this.#buffer.end);
    this.#audioEnd = to;
    return {
      channel: this.#channel,
      role: this.#role,
      startMs: toMs(piece.start),
      endMs: toMs(piece.end),
      audioStartMs: toMs(from),
      samples: this.#buffer.slice(from, to),
    };
  }

  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  #close(): void {
    if (this.#open) this.#ready.push({ ...this.#open, cutAtEnd: false });
    this.#open = null;
  }

  #cut(open: SampleSpan): void {
    const first = Math.ceil((open.start + MAX_SPEECH / 2) / FRAME_SAMPLES);
    const last = Math.floor((open.start + MAX_SPEECH) / FRAME_SAMPLES) - CUT_FRAMES;
    let quietest = Infinity;
    let cut = last;
    for (let frame = first; frame <= last; frame++) {
      let sum = 0;
      for (let at = frame; at < frame + CUT_FRAMES; at++) sum += this.#levels.db(at);
      if (sum < quietest) {
        quietest = sum;
        cut = frame;
      }
    }
    const at = cut * FRAME_SAMPLES + (CUT_FRAMES * FRAME_SAMPLES) / 2;
    this.#ready.push({ start: open.start, end: at, cutAtEnd: true });
    open.start = at;
  }
}

/**
 * Segments of all channels that are complete, in order of their start. One waits while another channel may still
 * bring an earlier one.
 */
export function* inOrder(segmenters: readonly Segmenter[]): Generator<SpeechSegment> {
  for (;;) {
    let next: Segmenter | null = null;
    for (const segmenter of segmenters) if (!next || segmenter.nextStart < next.nextStart) next = segmenter;
    const segment = next?.hasReady ? next.take() : null;
    if (!segment) return;
    yield segment;
  }
}
