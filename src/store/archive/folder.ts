import { constants, type Stats } from 'node:fs';
import { access, lstat, mkdir, open, readdir, realpath, rename, rm, statfs, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { isNodeError } from '../../session/index.ts';
import type { Archive, ObjectInfo } from './archive.ts';
import { archiveError, missing } from './problems.ts';
import { hashOf, isName, spool } from './spool.ts';

/** So long after its last byte an unfinished file is what a killed process left. */
const staleMs = 6 * 60 * 60 * 1000;

/**
 * Objects in a folder: `objects/ab/abcdef…`, by the first two digits of their name. They are written in `incoming`, on
 * the same disk, and moved when their last byte is safe. Only the folder itself may be a link: below it none is followed.
 */
export async function openFolder(path: string): Promise<Archive> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const root = await realpath(path);
    const objects = join(root, 'objects');
    const incoming = join(root, 'incoming');
    for (const folder of [objects, incoming]) await makeFolder(folder);
    await removeStale(incoming);
    return archiveIn(root, objects, incoming);
  } catch (error) {
    throw archiveError(error, path);
  }
}

function archiveIn(root: string, objects: string, incoming: string): Archive {
  const shelf = (sha256: string) => join(objects, sha256.slice(0, 2));
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw archiveError(error, root);
    }
  };

  /** Where the object lies, or null: a link in its place or above it is none of ours. */
  const find = async (sha256: string): Promise<{ path: string; info: ObjectInfo } | null> => {
    if (!isName(sha256)) return null;
    const folder = await look(shelf(sha256));
    const path = join(shelf(sha256), sha256);
    const file = folder?.isDirectory() ? await look(path) : null;
    return file?.isFile() ? { path, info: infoOf(sha256, file) } : null;
  };

  const read = async (sha256: string, range?: { start: number; end: number }): Promise<Readable> => {
    const found = await guard(() => find(sha256));
    if (!found) throw missing(sha256);
    const start = Math.max(0, range?.start ?? 0);
    if (range && (range.end < start || start >= found.info.bytes)) return Readable.from([]);
    const file = await guard(() =>
      // Removed since it was found, or a link by now.
      open(found.path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
        if (isNodeError(error) && (error.code === 'ENOENT' || error.code === 'ELOOP')) throw missing(sha256);
        throw error;
      }),
    );
    return file.createReadStream({ start, ...(range ? { end: range.end } : {}) });
  };

  return {
    backend: 'folder',
    put: async (source, options = {}) => {
      const spooled = await spool(incoming, source, options);
      return guard(async () => {
        try {
          await makeFolder(shelf(spooled.sha256));
          const path = join(shelf(spooled.sha256), spooled.sha256);
          // In the place of the same content too: a damaged object heals when it comes again.
          await rename(spooled.path, path);
          await syncFolder(dirname(path));
          return infoOf(spooled.sha256, await lstat(path));
        } catch (error) {
          await rm(spooled.path, { force: true });
          throw error;
        }
      });
    },
    has: (sha256) => guard(async () => (await find(sha256))?.info ?? null),
    read,
    local: async (sha256) => {
      const found = await guard(() => find(sha256));
      if (!found) throw missing(sha256);
      return { path: found.path, release: () => Promise.resolve() };
    },
    remove: (sha256) =>
      guard(async () => {
        const found = await find(sha256);
        if (!found) return false;
        await unlink(found.path);
        await syncFolder(dirname(found.path));
        return true;
      }),
    async *list() {
      for (const digits of await guard(() => names(objects))) {
        if (!/^[0-9a-f]{2}$/.test(digits)) continue;
        for (const name of await guard(() => names(join(objects, digits)))) {
          const found = name.startsWith(digits) ? await guard(() => find(name)) : null;
          if (found) yield found.info;
        }
      }
    },
    verify: async (sha256) => {
      if (!(await guard(() => find(sha256)))) return 'missing';
      return guard(async () => ((await hashOf(await read(sha256))) === sha256 ? 'whole' : 'damaged'));
    },
    health: () =>
      guard(async () => {
        for (const folder of [objects, incoming]) await access(folder, constants.R_OK | constants.W_OK);
        const { bavail, bsize } = await statfs(root);
        if (bavail * bsize < 64 * 1024) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      }),
    close: () => Promise.resolve(),
  };
}

function infoOf(sha256: string, { size, mtime }: Stats): ObjectInfo {
  return { sha256, bytes: size, storedAt: mtime.toISOString() };
}

async function look(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Sorted, so that a listing is the same every time. */
async function names(folder: string): Promise<string[]> {
  if (!(await look(folder))?.isDirectory()) return [];
  return (await readdir(folder)).sort();
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
    await syncFolder(dirname(path));
  } catch (error) {
    if (!isNodeError(error) || error.code !== 'EEXIST') throw error;
    if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is not a folder`, { cause: error });
  }
}

/** A name is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; its file systems keep names by themselves.
  if (process.platform === 'win32') return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeStale(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const file = await look(path);
    if (file && Date.now() - file.mtimeMs > staleMs) await rm(path, { force: true, recursive: true });
  }
}
