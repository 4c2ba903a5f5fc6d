import type { OrderedSession, Problem } from '../../session/index.ts';

/** What passes between the server and the child that reads uploads. The child is handed files and knows nothing else. */

export interface ReadRequest {
  /** Where the bytes lie for the moment. */
  path: string;
  /** As uploaded; how problems and results name it. */
  name: string;
  sha256: string;
  /** Metadata that came with a recording. */
  sidecar: Record<string, unknown> | null;
  language: string;
  agentChannel: 'left' | 'right';
}

/** A session with its place among those of its file; the server makes its key. */
export interface FoundSession extends Omit<OrderedSession, 'key'> {
  position: number;
}

export type ToReader =
  | { type: 'read'; request: ReadRequest }
  /** Answer to `keep`: the recording's name in the archive. */
  | { type: 'kept'; sha256: string }
  /** Answer to `part`: it is recorded. */
  | { type: 'taken' };

export type FromReader =
  /** A recording that was unpacked, to be put into the archive. */
  | { type: 'keep'; path: string }
  | { type: 'part'; sessions: FoundSession[]; failures: Problem[] }
  | { type: 'done'; rssBytes: number }
  | { type: 'failed'; problem: Problem };
