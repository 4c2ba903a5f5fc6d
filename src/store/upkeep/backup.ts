import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EarwitnessError, isNodeError } from '../../session/index.ts';
import type { Archive } from '../archive/archive.ts';
import { openArchive } from '../archive/open.ts';
import { archiveError } from '../archive/problems.ts';
import type { Store } from '../installation/store.ts';
import { hashOfFile, type Manifest, manifestName, settle, writeWhole } from './manifest.ts';

export interface BackupSummary {
  manifest: Manifest;
  /** Objects that this backup brought, and those that an earlier one into the same folder had brought. */
  copied: number;
  kept: number;
  /** Objects of earlier backups that nothing refers to any more, removed from the folder. */
  removed: number;
  /** Objects whose bytes are no longer those that their name says; they were not taken. */
  damaged: string[];
}

const ours = /^(backup\.json|backup\.lock|objects|incoming|database-[\w.-]+|objects-[\w-]+\.ndjson)$/;

/**
 * Copies database and archive into a folder while both are in use. Objects that an earlier backup left there are not
 * copied again. The manifest comes last: a backup that is cut short leaves the one before as it was.
 * Throws `output-unwritable`, `disk-full`, `archive-unusable`.
 */
export async function takeBackup(
  { store, archive }: { store: Store; archive: Archive },
  folder: string,
  { now = () => new Date(), onObject }: { now?: () => Date; onObject?: (done: number) => void } = {},
): Promise<BackupSummary> {
  await prepare(folder);
  const unlock = await lock(folder);
  try {
    const target = await openArchive({ kind: 'folder', path: folder });
    const copy = copierTo(target, archive, onObject);
    await copy.missing();
    const database = await copyDatabase(store, folder, now());
    // What came while the database was being copied.
    await copy.missing();
    const stale = await copy.stale(store);
    const objects = await writeList(folder, database.stamp, copy.objects);
    const manifest: Manifest = {
      format: 'earwitness/backup/1',
      takenAt: database.takenAt,
      database: { takenFrom: store.backend, ...database.part },
      objects,
    };
    await writeWhole(join(folder, manifestName), [`${JSON.stringify(manifest, null, 2)}\n`]);
    // Only now is the backup before this one dispensable.
    for (const sha256 of stale) await target.remove(sha256);
    const present = new Set([database.part.file, objects.file]);
    for (const name of await readdir(folder))
      if (/^(database|objects)-/.test(name) && !present.has(name)) await rm(join(folder, name), { force: true });
    return { manifest, ...copy.counts(), removed: stale.length };
  } catch (error) {
    throw isNodeError(error) && error.code === 'ENOSPC' ? archiveError(error, folder) : error;
  } finally {
    await unlock();
  }
}

function copierTo(target: Archive, archive: Archive, onObject?: (done: number) => void) {
  const objects = new Map<string, number>();
  const damaged = new Set<string>();
  let copied = 0;
  let kept = 0;
  const copy = async (sha256: string): Promise<number | null> => {
    try {
      return (await target.put(await archive.read(sha256), { expect: sha256 })).bytes;
    } catch (error) {
      if (!(error instanceof EarwitnessError)) throw error;
      // Removed by retention or erasure since it was listed.
      if (error.code === 'artefact-missing') return null;
      if (error.code !== 'upload-hash-wrong') throw error;
      damaged.add(sha256);
      return null;
    }
  };
  return {
    objects,
    missing: async () => {
      for await (const { sha256, bytes } of archive.list()) {
        if (objects.has(sha256) || damaged.has(sha256)) continue;
        if ((await target.has(sha256))?.bytes === bytes) {
          objects.set(sha256, bytes);
          kept++;
        } else {
          const arrived = await copy(sha256);
          if (arrived === null) continue;
          objects.set(sha256, arrived);
          copied++;
        }
        onObject?.(objects.size);
      }
    },
    /**
     * What the folder holds and the archive does not: where something still refers to it, it stays and belongs to this
     * backup, so that an archive that was lost is not lost here too.
     */
    stale: async (store: Store): Promise<string[]> => {
      const stale: string[] = [];
      let page: { sha256: string; bytes: number }[] = [];
      const decide = async () => {
        const unreferenced = new Set(await store.upkeep.unreferenced(page.map(({ sha256 }) => sha256)));
        for (const { sha256, bytes } of page)
          if (unreferenced.has(sha256)) stale.push(sha256);
          else objects.set(sha256, bytes);
        page = [];
      };
      for await (const object of target.list()) {
        if (objects.has(object.sha256)) continue;
        page.push(object);
        if (page.length >= 500) await decide();
      }
      if (page.length > 0) await decide();
      return stale;
    },
    counts: () => ({ copied, kept, damaged: [...damaged].sort() }),
  };
}

async function copyDatabase(store: Store, folder: string, at: Date) {
  const takenAt = at.toISOString();
  const stamp = `${takenAt.replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`;
  const file = `database-${stamp}.sqlite`;
  // The folder of unfinished files is closed to others, whatever mode the copy is born with.
  const part = join(folder, 'incoming', file);
  await store.upkeep.backup(part);
  await settle(part, join(folder, file));
  const { size } = await stat(join(folder, file));
  return { takenAt, stamp, part: { file, bytes: size, sha256: (await hashOfFile(join(folder, file)))! } };
}

async function writeList(folder: string, stamp: string, objects: ReadonlyMap<string, number>) {
  const file = `objects-${stamp}.ndjson`;
  const sorted = [...objects].sort(([a], [b]) => (a < b ? -1 : 1));
  await writeWhole(
    join(folder, file),
    (function* () {
      for (const [sha256, bytes] of sorted) yield `${JSON.stringify({ sha256, bytes })}\n`;
    })(),
  );
  const { size } = await stat(join(folder, file));
  return {
    file,
    bytes: size,
    sha256: (await hashOfFile(join(folder, file)))!,
    count: sorted.length,
    contentBytes: sorted.reduce((sum, [, bytes]) => sum + bytes, 0),
  };
}

async function prepare(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const foreign = (await readdir(folder)).find((name) => !ours.test(name));
    if (foreign !== undefined)
      throw new EarwitnessError(
        'output-unwritable',
        folder,
        `This folder holds something that is not of a backup: ${foreign}.`,
        'Name an empty folder, or that of an earlier backup.',
      );
  } catch (error) {
    if (error instanceof EarwitnessError) throw error;
    if (isNodeError(error) && error.code === 'ENOSPC') throw archiveError(error, folder);
    throw new EarwitnessError(
      'output-unwritable',
      folder,
      'The folder for the backup cannot be made or read.',
      'Name another one, or give the user that runs earwitness permission to write there.',
      { cause: error },
    );
  }
}

/** Two backups into one folder would each remove what the other still needs. */
async function lock(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'backup.lock');
  const own = JSON.stringify({ host: hostname(), pid: process.pid });
  for (;;) {
    try {
      await writeFile(path, own, { flag: 'wx', mode: 0o600 });
      return () => rm(path, { force: true });
    } catch (error) {
      if (!isNodeError(error) || error.code !== 'EEXIST') throw archiveError(error, folder);
    }
    if (await isAlive(path))
      throw new EarwitnessError(
        'output-unwritable',
        folder,
        'Another backup is being written into this folder.',
        `Wait until it has ended; if none is at work, on any machine, remove ${path}.`,
      );
    // Left by a process that was killed.
    await rm(path, { force: true });
  }
}

async function isAlive(path: string): Promise<boolean> {
  try {
    const { host, pid } = JSON.parse(await readFile(path, 'utf8')) as { host: string; pid: number };
    if (host !== hostname()) return true;
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return isNodeError(error) && error.code === 'EPERM';
  }
}
