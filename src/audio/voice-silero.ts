import { createRequire } from 'node:module';
import type * as Sherpa from 'sherpa-onnx-node';
import { SAMPLE_RATE } from './types.ts';
import type { SampleSpan, VoiceDetector } from './voice.ts';

const WINDOW = 512;
const MIN_SPEECH_S = 0.15;
const MIN_SILENCE_S = 0.3;
const BUFFER_S = 60;
/** What the model sees of the window before. */
const CONTEXT = 64;
/** sherpa steps back by two windows and the shortest speech when speech begins; one window more for the current one. */
const LOOK_BACK = 2 * (WINDOW + CONTEXT) + WINDOW + MIN_SPEECH_S * SAMPLE_RATE;
/** Uninterrupted speech (or what is taken for it) is handed over in pieces, so that sherpa's buffer stays small. */
const FLUSH_AFTER = 35 * SAMPLE_RATE;
/** −54 dBFS at the peak: nobody can be understood below it, and lines fall to it whenever nobody speaks. */
const QUIET_PEAK = 0.002;
/** 40 dB below the speech of the same channel: the noise of a line, or what leaks over from its other side. */
const QUIET_SHARE = 0.01;
/** So much quiet, a little more than ends a stretch of speech, and the model is no longer asked. */
const QUIET_WINDOWS = 12;
/** Windows of silence that the model hears again before the first loud one, so that it starts as if it had heard all. */
const LEAD_WINDOWS = 8;
/** The model warms up for about a second, in which it misses speech that starts at once. */
const WARM_WINDOWS = 32;
const MAX_IDLE = 8;

interface Runtime {
  Vad: typeof Sherpa.Vad;
  config: Sherpa.VadConfig;
}

let runtime: Promise<Runtime | null> | null = null;
const idle: Sherpa.Vad[] = [];

/**
 * Silero VAD v6, run by sherpa-onnx. Its neural model is not asked about a quiet line: ten hours of silence then cost
 * little more than reading them, and the side that listens costs next to nothing.
 */
export class SileroDetector implements VoiceDetector {
  readonly name = 'silero-vad';
  readonly version = '6';
  readonly #vad: Sherpa.Vad;
  readonly #window = new Float32Array(WINDOW);
  #filled = 0;
  /** Samples of whole windows that came in. */
  #clock = 0;
  /** What the clock is ahead of the model's own clock. */
  #skipped = -WARM_WINDOWS * WINDOW;
  #resumedAt = 0;
  #quietRun = 0;
  /** Largest amplitude in speech so far. */
  #speechPeak = 0;
  #lead: Float32Array[] = [];
  #speechSince: number | null = null;
  #flushedAt = 0;

  private constructor(vad: Sherpa.Vad) {
    this.#vad = vad;
    for (let window = 0; window < WARM_WINDOWS; window++) vad.acceptWaveform(new Float32Array(WINDOW));
  }

  /** Null where sherpa's native library cannot be loaded. */
  static async create(): Promise<SileroDetector | null> {
    runtime ??= loadRuntime();
    const loaded = await runtime;
    return loaded && new SileroDetector(idle.pop() ?? new loaded.Vad(loaded.config, BUFFER_S));
  }

  push(samples: Float32Array): SampleSpan[] {
    const spans: SampleSpan[] = [];
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + WINDOW - this.#filled);
      this.#window.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === WINDOW) this.#take(spans);
    }
    return spans;
  }

  finish(): SampleSpan[] {
    const end = this.#clock + this.#filled;
    // Silence behind the end lets the model close what is open in its ordinary way.
    const spans = this.push(new Float32Array(WINDOW * WARM_WINDOWS));
    if (this.#vad.isDetected()) this.#vad.flush();
    this.#collect(spans);
    return spans
      .map((span) => ({ start: span.start, end: Math.min(span.end, end) }))
      .filter((span) => span.start < span.end);
  }

  horizon(): number {
    return Math.max(0, this.#speechSince ?? this.#clock - this.#lead.length * WINDOW - LOOK_BACK);
  }

  release(): void {
    this.#vad.reset();
    this.#vad.clear();
    if (idle.length < MAX_IDLE) idle.push(this.#vad);
  }

  #take(spans: SampleSpan[]): void {
    this.#filled = 0;
    this.#clock += WINDOW;
    const peak = peakOf(this.#window);
    const isQuiet = peak <= Math.max(QUIET_PEAK, QUIET_SHARE * this.#speechPeak);
    this.#quietRun = isQuiet ? this.#quietRun + 1 : 0;
    if (this.#quietRun > QUIET_WINDOWS && !this.#vad.isDetected()) {
      this.#lead.push(this.#window.slice());
      if (this.#lead.length > LEAD_WINDOWS) {
        this.#lead.shift();
        this.#skipped += WINDOW;
        this.#resumedAt = this.#clock - LEAD_WINDOWS * WINDOW;
      }
      return;
    }
    const earliest = this.horizon();
    for (const window of this.#lead) this.#vad.acceptWaveform(window);
    this.#lead = [];
    this.#vad.acceptWaveform(this.#window);
    this.#collect(spans);
    const isSpeech = this.#vad.isDetected();
    if (isSpeech && peak > this.#speechPeak) this.#speechPeak = peak;
    if (!isSpeech) this.#speechSince = null;
    else if (this.#speechSince === null) {
      this.#speechSince = earliest;
      this.#flushedAt = this.#clock;
    } else if (this.#clock - this.#flushedAt > FLUSH_AFTER) {
      this.#vad.flush();
      this.#collect(spans);
      this.#speechSince = null;
    }
  }

  #collect(spans: SampleSpan[]): void {
    while (!this.#vad.isEmpty()) {
      // A copy: memory shared with the native side would outlive the pop.
      const { start, samples } = this.#vad.front(false);
      this.#vad.pop();
      const from = Math.max(start + this.#skipped, this.#resumedAt);
      const end = start + this.#skipped + samples.length;
      if (from < end) spans.push({ start: from, end });
    }
  }
}

function peakOf(window: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < window.length; i++) {
    const size = Math.abs(window[i]!);
    if (size > peak) peak = size;
  }
  return peak;
}

async function loadRuntime(): Promise<Runtime | null> {
  const require = createRequire(import.meta.url);
  let library: typeof Sherpa;
  try {
    library = require('sherpa-onnx-node') as typeof Sherpa;
  } catch {
    return null;
  }
  const config: Sherpa.VadConfig = {
    sileroVad: {
      model: require.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx'),
      threshold: 0.5,
      minSpeechDuration: MIN_SPEECH_S,
      minSilenceDuration: MIN_SILENCE_S,
      // From here on sherpa looks for the shortest pause to end a stretch of speech.
      maxSpeechDuration: 25,
      windowSize: WINDOW,
    },
    sampleRate: SAMPLE_RATE,
    numThreads: 1,
    provider: 'cpu',
    debug: false,
  };
  return { Vad: library.Vad, config };
}
