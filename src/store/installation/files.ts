import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { EarwitnessError } from '../../session/index.ts';

/**
 * Makes a file that its owner alone may read, and that appears under its name when it is whole and on the disk. What is
 * there already is not replaced.
 */
export async function appear(target: string, write: (part: string) => Promise<void>): Promise<void> {
  if (existsSync(target))
    throw new EarwitnessError(
      'output-unwritable',
      target,
      'There is a file already.',
      'Name a file that is not there yet.',
    );
  const part = `${target}.part`;
  rmSync(part, { force: true });
  closeSync(openSync(part, 'wx', 0o600));
  try {
    await write(part);
    sync(part);
    renameSync(part, target);
    sync(dirname(target));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Waits until the disk has it. */
export function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
