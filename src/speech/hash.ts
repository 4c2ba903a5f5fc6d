import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of a file, read as a stream: memory does not grow with the file. Lower-case hex. */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) });
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** One hash for several files: SHA-256 over their names and hashes in name order, so that a renamed part changes it. */
export function combineHashes(files: readonly { name: string; sha256: string }[]): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(`${file.name}\0${file.sha256}\n`);
  return hash.digest('hex');
}
