/** Positions in samples at 16 kHz. */
export interface SampleSpan {
  start: number;
  end: number;
}

/** Finds speech in one channel as it streams by. */
export interface VoiceDetector {
  readonly name: string;
  readonly version: string;
  /** Takes the next samples and returns the spans of speech that ended in them, in order. */
  push(samples: Float32Array): SampleSpan[];
  /** No more samples come: the rest. */
  finish(): SampleSpan[];
  /** No span that is still to come starts before this position. */
  horizon(): number;
  /** Gives the detector back for the next recording; it must not be used afterwards. */
  release(): void;
}
