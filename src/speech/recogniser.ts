import type { SpeechSegment } from '../audio/index.ts';
import type { Localised } from '../session/index.ts';

/** The recognisers of this build. `registry.ts` refuses to start when one has no file or two. */
export const recogniserIds = ['sherpa', 'pocketsphinx', 'given'] as const;
export type RecogniserId = (typeof recogniserIds)[number];

export const sampleRate = 16_000;

/** A word on the segment's own clock: 0 is `samples[0]`. */
export interface RecognisedWord {
  text: string;
  startMs: number;
  endMs: number;
  /** 0…1; null where the recogniser gives none. */
  confidence: number | null;
  /** Whether a space stands before it in written text; false between Chinese characters. */
  spaced: boolean;
}

export interface Recognition {
  /** Empty where no word was recognised: never filled with a guess. */
  text: string;
  /** Null where the recogniser has no word times. */
  words: RecognisedWord[] | null;
  /** BCP 47 tag where the recogniser tells, else null. */
  language: string | null;
}

export interface RecognitionContext {
  language: string;
  /** Names and terms to listen for; recognisers that cannot use them ignore them. */
  hotwords: readonly string[];
}

/** A loaded recogniser in a child process. */
export interface Recogniser {
  /**
   * Recognises several segments, in order; the answer has one entry per segment. Several at once because a recogniser
   * that is a program of its own loads its model on every start.
   */
  recognise(segments: readonly SpeechSegment[], context: RecognitionContext): Promise<Recognition[]>;
  close(): Promise<void>;
}

/** The files of a model on this disk, by the part that each plays. */
export interface InstalledModel {
  id: string;
  architecture: Architecture;
  /** Absolute paths. */
  files: Partial<Record<ModelPart, string>>;
}

export const architectures = [
  'senseVoice',
  'nemoTransducer',
  'nemoCtc',
  'whisper',
  'paraformer',
  'zipformerCtc',
] as const;
export type Architecture = (typeof architectures)[number];

export const modelParts = ['model', 'encoder', 'decoder', 'joiner', 'tokens'] as const;
export type ModelPart = (typeof modelParts)[number];

/** What a child needs to load a recogniser; plain data, it crosses the process border. */
export interface RecogniserSetup {
  id: RecogniserId;
  model: InstalledModel | null;
  language: string;
  threads: number;
}

export type Availability =
  | { available: true; name: string; version: string; licence: string | null }
  | { available: false; problem: Localised; remedy: Localised };

/** One recogniser of the registry. */
export interface RecogniserDefinition {
  id: RecogniserId;
  /** Languages (primary subtags) that it knows by itself, or `catalogue`: those of the model in use. */
  languages: readonly string[] | 'catalogue';
  /** Works without any network once it is installed. */
  offline: boolean;
  /** How much is handed to `recognise` at once: at most so many segments, at most so much speech. */
  batch: { segments: number; ms: number };
  /** Weaknesses that every result of it carries. */
  caveats: readonly Localised[];
  /** Whether its program or library is on this machine. Loads nothing heavy; runs in the main process. */
  check(): Promise<Availability>;
  /** SHA-256 of the models that come with the program; null where models come from the catalogue or there are none. */
  modelHash(): Promise<string | null>;
  /** Loads it; runs in a child process. Null where there is nothing to recognise. */
  open: ((setup: RecogniserSetup) => Promise<Recogniser>) | null;
}
