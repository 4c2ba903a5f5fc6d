import type { Role } from '../session/index.ts';
import { withoutBleed } from './bleed.ts';
import type { ChannelFacts } from './facts.ts';
import { Levels } from './levels.ts';
import { REACH_SAMPLES, reachBack } from './onset.ts';
import { Segmenter, inOrder } from './segmenter.ts';
import { type Block, type SpeechSegment, toMs } from './types.ts';
import { createVoiceDetector } from './voice-choice.ts';
import type { SampleSpan, VoiceDetector } from './voice.ts';

interface Ear {
  role: Role;
  levels: Levels;
  detector: VoiceDetector;
  segmenter: Segmenter;
  speech: SampleSpan[];
}

/** Listens to all channels in step: loudness, speech, segments. */
export class Listener {
  samples = 0;
  readonly #ears: Ear[];

  private constructor(ears: Ear[]) {
    this.#ears = ears;
  }

  static async create(roles: readonly Role[]): Promise<Listener> {
    const ears: Ear[] = [];
    for (const [channel, role] of roles.entries()) {
      const levels = new Levels();
      const segmenter = new Segmenter(channel, role, levels);
      ears.push({ role, levels, segmenter, detector: await createVoiceDetector(), speech: [] });
    }
    return new Listener(ears);
  }

  push(block: Block): Iterable<SpeechSegment> {
    this.samples += block[0]?.length ?? 0;
    // Loudness of all channels first: telling echo from speech looks at the other side.
    for (const [channel, ear] of this.#ears.entries()) ear.levels.push(block[channel]!);
    for (const [channel, ear] of this.#ears.entries()) {
      const spans = this.#ownSpeech(channel, ear.detector.push(block[channel]!));
      ear.segmenter.push(block[channel]!, spans, Math.max(0, ear.detector.horizon() - REACH_SAMPLES));
    }
    return inOrder(this.#ears.map((ear) => ear.segmenter));
  }

  finish(): Iterable<SpeechSegment> {
    for (const ear of this.#ears) ear.levels.finish();
    for (const [channel, ear] of this.#ears.entries()) {
      ear.segmenter.push(new Float32Array(0), this.#ownSpeech(channel, ear.detector.finish()), Infinity);
    }
    return inOrder(this.#ears.map((ear) => ear.segmenter));
  }

  #ownSpeech(channel: number, heard: readonly SampleSpan[]): SampleSpan[] {
    const ear = this.#ears[channel]!;
    let end = ear.speech.at(-1)?.end ?? 0;
    let spans = heard.map((span) => {
      const whole = reachBack(span, ear.levels, end);
      end = span.end;
      return whole;
    });
    for (const other of this.#ears) {
      if (other !== ear) spans = spans.flatMap((span) => withoutBleed(span, ear.levels, other.levels));
    }
    ear.speech.push(...spans);
    return spans;
  }

  channels(): ChannelFacts[] {
    return this.#ears.map(({ role, levels, speech }) => ({
      role,
      levels,
      speech: speech.map((span) => ({ startMs: toMs(span.start), endMs: toMs(span.end) })),
    }));
  }

  detectorInfo(): { name: string; version: string } {
    const { name, version } = this.#ears[0]!.detector;
    return { name, version };
  }

  release(): void {
    for (const ear of this.#ears) ear.detector.release();
  }
}
