import type { Readable } from 'node:stream';

/** What is kept of an object beside its bytes. */
export interface ObjectInfo {
  /** Lower-case hex; the object's only name. */
  sha256: string;
  bytes: number;
  storedAt: string;
}

/**
 * Recordings and uploads by content: the name is the SHA-256 of the bytes, so the same file is kept once, a file can be
 * checked at any time, and no name from outside ever becomes a path. A folder by default, an S3-compatible store by
 * configuration; testing/suite.ts holds both to this page.
 */
export interface Archive {
  readonly backend: 'folder' | 's3';
  /**
   * Keeps what `source` delivers and returns its name. Nothing is visible under that name before the last byte is safe.
   * With `expect`, other content is refused (`upload-hash-wrong`) and leaves nothing behind.
   * Throws `disk-full`, `upload-too-large` (more than `maxBytes`), `archive-unusable`.
   */
  put(source: Readable | Uint8Array, options?: { expect?: string; maxBytes?: number }): Promise<ObjectInfo>;
  has(sha256: string): Promise<ObjectInfo | null>;
  /** The bytes from `start` up to and with `end`. Throws `artefact-missing`. */
  read(sha256: string, range?: { start: number; end: number }): Promise<Readable>;
  /** A file on this machine with the object's bytes, for programs that want a path; `release` when done. Never write to it. */
  local(sha256: string): Promise<{ path: string; release(): Promise<void> }>;
  /** True when something was there. */
  remove(sha256: string): Promise<boolean>;
  list(): AsyncIterable<ObjectInfo>;
  /** Reads the object and compares: `whole`, `damaged`, or `missing`. */
  verify(sha256: string): Promise<'whole' | 'damaged' | 'missing'>;
  health(): Promise<void>;
  close(): Promise<void>;
}
