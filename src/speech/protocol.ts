import type { AudioFacts, Problem, Recording, Role } from '../session/index.ts';
import type { RecogniserSetup } from './recogniser.ts';
import type { Utterance } from './turns.ts';

/** What the main process asks of a child: one recording. */
export interface RecordingJob {
  path: string;
  channelRoles: Role[] | null;
  language: string;
  hotwords: string[];
  /** Null: read the sound for its facts, recognise nothing. */
  recogniser: RecogniserSetup | null;
}

export interface RecordingOutcome {
  facts: AudioFacts;
  recording: Omit<Recording, 'path'>;
  notices: Problem[];
  utterances: Utterance[];
  /** Stretches of speech found, and how many of them gave no word. */
  segments: number;
  wordless: number;
  wordlessMs: number;
}

export interface JobProgress {
  doneMs: number;
  totalMs: number;
}

export type ToChild = { type: 'job'; job: RecordingJob };

export type FromChild =
  | { type: 'ready' }
  | { type: 'progress'; progress: JobProgress }
  | { type: 'done'; outcome: RecordingOutcome }
  | { type: 'failed'; problem: Problem };
