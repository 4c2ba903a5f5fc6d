import { join } from 'node:path';
import { EarwitnessError } from '../../session/index.ts';
import type { Archive } from '../archive/archive.ts';
import { openArchive } from '../archive/open.ts';
import { checkBackup, listedObjects, type Manifest } from './manifest.ts';

/**
 * Brings a backup into an installation in which there is nothing yet. Every byte of the backup is checked before the first
 * is written, and the database comes last: a restore that is cut short can be run again.
 * Throws `backup-invalid`, `installation-not-empty`.
 */
export async function restoreBackup(
  folder: string,
  { archive, database }: { archive: Archive; database: DatabaseDoor },
): Promise<{ manifest: Manifest; objects: number }> {
  const { manifest, problems } = await checkBackup(folder);
  const [first] = problems;
  if (first)
    throw new EarwitnessError(
      'backup-invalid',
      join(folder, first.file),
      `${first.message}${problems.length > 1 ? ` ${problems.length - 1} more files of this backup are broken too.` : ''} Nothing was restored.`,
      'earwitness verify --backup FOLDER names all of them. Restore another backup.',
    );
  if (!(await database.isEmpty()))
    throw notEmpty('There is a database already.', 'Name another folder with --data, or another DATABASE_URL.');
  const names = new Set<string>();
  for await (const { sha256 } of listedObjects(folder, manifest)) names.add(sha256);
  for await (const { sha256 } of archive.list())
    if (!names.has(sha256))
      throw notEmpty(
        `The archive holds an object that is not of this backup: ${sha256}.`,
        'Name an empty folder, bucket or prefix.',
      );
  const source = await openArchive({ kind: 'folder', path: folder });
  for (const sha256 of names) {
    if ((await archive.verify(sha256)) === 'whole') continue;
    await archive.put(await source.read(sha256), { expect: sha256 });
  }
  await database.restore(join(folder, manifest.database.file));
  return { manifest, objects: names.size };
}

/** The place where the database goes. */
export interface DatabaseDoor {
  isEmpty(): Promise<boolean>;
  /** From what `Upkeep.backup` wrote. */
  restore(path: string): Promise<void>;
}

function notEmpty(message: string, hint: string): EarwitnessError {
  return new EarwitnessError(
    'installation-not-empty',
    '',
    `${message} A backup is only restored where nothing is yet.`,
    hint,
  );
}
