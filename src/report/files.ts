import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EarwitnessError, isNodeError } from '../session/index.ts';

/** A file to be written: its path and its text in pieces, made only as they are needed. */
export interface PlannedFile {
  path: string;
  chunks: Iterable<string>;
}

/**
 * Writes all files beside their final names first and renames only once every one is complete and on the disk. A full
 * disk or a kill leaves the previous report untouched; at worst hidden `.tmp` files stay behind after a kill.
 *
 * Throws `disk-full` or `output-unwritable`, naming the file.
 */
export async function writeAll(files: readonly PlannedFile[]): Promise<void> {
  const written: { temporary: string; path: string }[] = [];
  let at = '';
  try {
    for (const file of files) {
      at = file.path;
      await makeDirectory(dirname(file.path));
      const temporary = temporaryName(file.path);
      written.push({ temporary, path: file.path });
      await writeOne(temporary, file.chunks);
    }
    for (const { temporary, path } of written) {
      at = path;
      await rename(temporary, path);
    }
  } catch (error) {
    await Promise.all(written.map(({ temporary }) => rm(temporary, { force: true }).catch(() => undefined)));
    throw outputError(error, at);
  }
}

export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw outputError(error, path);
  }
}

/** A name beside `path` that no other run uses. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

async function writeOne(path: string, chunks: Iterable<string>): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx');
    let pending = '';
    for (const chunk of chunks) {
      pending += chunk;
      if (pending.length < 1 << 20) continue;
      await file.writeFile(pending);
      pending = '';
    }
    await file.writeFile(pending);
    await file.sync();
  } finally {
    await file?.close();
  }
}

const full = new Set(['ENOSPC', 'EDQUOT']);
const unwritable = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENOTEMPTY',
  'ENOENT',
  'EBUSY',
  'ENAMETOOLONG',
  'ELOOP',
  'EIO',
  'EFBIG',
]);

/** A file system's refusal as a problem that a user can act on; anything else goes through untouched. */
export function outputError(error: unknown, path: string): unknown {
  if (error instanceof EarwitnessError || !isNodeError(error)) return error;
  if (full.has(error.code))
    return new EarwitnessError(
      'disk-full',
      path,
      `No space is left to write ${basename(path)}.`,
      'Free some space and write the report again; an earlier report in this place is untouched.',
      { cause: error },
    );
  if (unwritable.has(error.code))
    return new EarwitnessError(
      'output-unwritable',
      path,
      `Cannot write ${basename(path)} (${error.code}).`,
      'Choose another output folder, or give the user that runs earwitness permission to write there.',
      { cause: error },
    );
  return error;
}
