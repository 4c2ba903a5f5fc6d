import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { EarwitnessError } from '../../session/index.ts';
import { archiveError } from './problems.ts';

/** The only names that objects have; whatever else is asked for is not there, so nothing from outside becomes a path. */
export function isName(sha256: string): boolean {
  return /^[0-9a-f]{64}$/.test(sha256);
}

export interface Spooled {
  path: string;
  sha256: string;
  bytes: number;
}

/**
 * Writes `source` into a new file of `folder`, down to the disk, hashing on the way. What is refused or breaks off leaves
 * nothing behind; an error of the source itself is thrown as it is.
 */
export async function spool(
  folder: string,
  source: Readable | Uint8Array,
  { expect, maxBytes = Infinity }: { expect?: string | undefined; maxBytes?: number | undefined } = {},
): Promise<Spooled> {
  const path = join(folder, `${randomBytes(12).toString('hex')}.part`);
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    if (!(source instanceof Uint8Array)) source.destroy();
    throw archiveError(error, folder);
  });
  try {
    for await (const part of source instanceof Uint8Array ? [source] : (source as AsyncIterable<Uint8Array | string>)) {
      const chunk = typeof part === 'string' ? Buffer.from(part) : part;
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      await write(file, chunk, path);
    }
    const sha256 = hash.digest('hex');
    if (expect !== undefined && expect.toLowerCase() !== sha256) throw otherContent(expect, sha256);
    await file.sync().catch((error: unknown) => {
      throw archiveError(error, folder);
    });
    await file.close();
    return { path, sha256, bytes };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

async function write(file: FileHandle, chunk: Uint8Array, path: string): Promise<void> {
  try {
    // A disk that is nearly full takes a part of it.
    for (let at = 0; at < chunk.byteLength;) at += (await file.write(chunk, at, chunk.byteLength - at)).bytesWritten;
  } catch (error) {
    throw archiveError(error, path);
  }
}

function tooLarge(maxBytes: number): EarwitnessError {
  return new EarwitnessError(
    'upload-too-large',
    '',
    `More than the ${maxBytes} bytes that are allowed arrived; nothing was kept.`,
    'Split it, or raise the limit.',
  );
}

function otherContent(expected: string, found: string): EarwitnessError {
  return new EarwitnessError(
    'upload-hash-wrong',
    '',
    `The SHA-256 of what arrived is ${found}, not ${expected.slice(0, 80)}; nothing was kept.`,
    'Send it again.',
  );
}

export async function hashOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source) hash.update(chunk);
  return hash.digest('hex');
}
