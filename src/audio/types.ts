import type { AudioFacts, Problem, Recording, Role } from '../session/index.ts';

/** What a file says about its sound before it is decoded. */
export interface AudioProbe {
  /** wav, mp3, flac, ogg, mp4, amr, gsm, aac, aiff, au, caf, asf or matroska; told from the content, never the name. */
  container: string;
  /** ffmpeg's name of the codec: pcm_s16le, pcm_mulaw, mp3, opus … */
  codec: string;
  sampleRate: number;
  channels: number;
  /** As far as the header tells; containers without an index (raw mp3, amr) are estimated from their size. */
  durationMs: number;
}

/** A stretch of speech on one channel, ready for a recogniser. */
export interface SpeechSegment {
  /** Index into `AudioFacts.channels` and `Recording.roles`. */
  channel: number;
  role: Role;
  /** The speech itself on the recording's clock. */
  startMs: number;
  endMs: number;
  /** Where `samples[0]` lies on the recording's clock: up to 200 ms before `startMs`. */
  audioStartMs: number;
  /** 16 kHz mono, −1…1, at most 28 s. */
  samples: Float32Array;
}

export interface ReadOptions {
  /** One role per channel; left agent, right customer where nothing is said. */
  channelRoles?: Role[];
  signal?: AbortSignal;
  /** Longer recordings are refused with `audio-too-long`; 12 hours where nothing is said. */
  maxDurationMs?: number;
}

export type RecordingEvent =
  | { type: 'segment'; segment: SpeechSegment }
  | { type: 'progress'; doneMs: number; totalMs: number }
  | { type: 'facts'; facts: AudioFacts; recording: Omit<Recording, 'path' | 'sha256'>; notices: Problem[] };

/** Decoded sound: one array per channel, all of one length. Decoders reuse nothing: a block belongs to the receiver. */
export type Block = Float32Array[];

/** Everything inside this room runs at the rate that voice activity and recognisers want. */
export const SAMPLE_RATE = 16_000;

/** Samples at 16 kHz → whole milliseconds. */
export function toMs(samples: number): number {
  return Math.round(samples / (SAMPLE_RATE / 1000));
}
