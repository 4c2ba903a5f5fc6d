import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EarwitnessError, isNodeError } from '../session/index.ts';

export interface TempFolder {
  path: string;
  remove(): void;
}

/**
 * A folder for what a run unpacks, and nobody else may read. Its name tells whose it is, so that a run that was killed
 * leaves its recordings there only until the next one starts.
 * @throws EarwitnessError `output-unwritable` or `disk-full` about the system's temporary folder
 */
export function makeTempFolder(): TempFolder {
  const base = tmpdir();
  // Process ids say nothing across machines or containers that share the folder.
  const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  sweep(base, new RegExp(`^earwitness-${machine}-(\\d+)-\\w{6}$`));
  try {
    const path = mkdtempSync(join(base, `earwitness-${machine}-${process.pid}-`));
    const clear = () => rmSync(path, { recursive: true, force: true });
    // A second Ctrl-C ends the program without the caller's clean-up.
    process.once('exit', clear);
    return {
      path,
      remove: () => {
        process.off('exit', clear);
        clear();
      },
    };
  } catch (error) {
    const full = isNodeError(error) && error.code === 'ENOSPC';
    throw new EarwitnessError(
      full ? 'disk-full' : 'output-unwritable',
      base,
      full ? 'The temporary folder is full.' : 'The temporary folder cannot be written to.',
      'Set TMPDIR to a folder that can be written to and has room.',
      { cause: error },
    );
  }
}

/** Removes the folders of runs that are no more. What belongs to somebody else stays: it cannot be removed. */
function sweep(base: string, pattern: RegExp): void {
  try {
    for (const name of readdirSync(base)) {
      const pid = pattern.exec(name)?.[1];
      if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(base, name), { recursive: true, force: true });
    }
  } catch {
    // Tidying up after others never keeps a run from starting.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isNodeError(error) && error.code === 'EPERM';
  }
}
