import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { once } from 'node:events';
import { EarwitnessError, isNodeError } from '../session/index.ts';

/**
 * Writes lines to a file that is there as a whole or not at all, readable by its owner alone, or with `-` to standard
 * output, no faster than they are taken.
 */
export async function writeStream(out: string, lines: AsyncIterable<string>): Promise<void> {
  if (out === '-') {
    for await (const line of lines) if (!process.stdout.write(line)) await once(process.stdout, 'drain');
    return;
  }
  const path = resolve(out);
  const part = `${path}.part`;
  try {
    const file = await open(part, 'w', 0o600);
    try {
      for await (const line of lines) await file.write(line);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof EarwitnessError || !isNodeError(error)) throw error;
    const full = error.code === 'ENOSPC';
    throw new EarwitnessError(
      full ? 'disk-full' : 'output-unwritable',
      path,
      full ? 'The disk is full.' : 'The file cannot be written.',
      full ? 'Free some space and run the same command again.' : 'Name another one with --out.',
      { cause: error },
    );
  }
}
