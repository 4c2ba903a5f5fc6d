import type { SessionResult } from './result.ts';

/** Files that a pin stands for: a scorecard with its lexicons and knowledge bases, or a model. */
export interface PinnedFiles {
  /** What a result pins. */
  hash: string;
  id: string;
  version: string;
  /** The file or folder that it was read from; the files' own paths are absolute. */
  path: string;
  files: readonly { path: string; sha256: string }[];
}

/** A result as it was kept, with the way to everything that it was judged by. */
export interface StoredResult {
  /** Rises with every result that is kept. */
  seq: number;
  /** ISO 8601 instant. */
  judgedAt: string;
  /** The session, its sound's facts, its verdicts, its pins: all that the inspection returned. */
  result: SessionResult;
  /** Null where no scorecard judged the session, or where the store does not know it. */
  scorecard: PinnedFiles | null;
  sentiment: PinnedFiles | null;
  /** Parts whose bytes are no longer those that were kept. */
  damaged: readonly ('session' | 'result')[];
}

/** The bytes behind a SHA-256, whatever they are now; null where there are none. */
export type ReadArtefact = (sha256: string) => Promise<Uint8Array | null>;
