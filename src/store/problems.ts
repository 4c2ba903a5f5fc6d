import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { EarwitnessError, isNodeError } from '../session/index.ts';

export function unwritable(path: string, reason: string, cause: unknown): EarwitnessError {
  const hint = 'Choose another --out folder, or give the user that runs earwitness permission to write there.';
  return new EarwitnessError('output-unwritable', path, reason, hint, { cause });
}

export function diskFull(path: string, cause: unknown): EarwitnessError {
  const hint = 'Free some space and run the same command again.';
  return new EarwitnessError('disk-full', path, 'The disk is full; finished recordings are kept.', hint, { cause });
}

/** What SQLite or the file system refuses, as a problem that a user can act on. */
export function storeError(error: unknown, path: string): EarwitnessError {
  if (error instanceof EarwitnessError) return error;
  const code = isNodeError(error) ? error.code : '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return diskFull(path, error);
  // Where a full disk cannot hold SQLite's side files, it answers with an I/O error.
  if (code.startsWith('SQLITE_IOERR') && isFull(dirname(path))) return diskFull(path, error);
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED')
    return new EarwitnessError(
      'state-unusable',
      path,
      'Another run is at work in this folder.',
      'Wait until it has ended, or choose another --out folder.',
      { cause: error },
    );
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'EACCES' || code === 'EPERM')
    return unwritable(path, 'The file that keeps finished recordings cannot be opened for writing.', error);
  const message = error instanceof Error ? error.message : String(error);
  return new EarwitnessError(
    'state-unusable',
    path,
    `The file that keeps finished recordings cannot be used: ${message}.`,
    'Remove it (the recordings are then heard again), or choose another --out folder.',
    { cause: error },
  );
}

/** Turns what SQLite throws into problems that name the file. */
export type Guard = <T>(work: () => T) => T;

export function guardFor(path: string): Guard {
  return (work) => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, path);
    }
  };
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 64 * 1024;
}
