import { createReadStream } from 'node:fs';
import { chmod, open, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { EarwitnessError, isNodeError } from '../../session/index.ts';
import { hashOf } from '../archive/spool.ts';
import { openArchive } from '../archive/open.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const partSchema = z.object({
  // A name in the backup's own folder, never a path.
  file: z.string().regex(/^[\w-][\w.-]*$/),
  bytes: z.number().int().min(0),
  sha256: sha256Schema,
});

/** The last thing that a backup writes: what it consists of. Without it a folder is no backup. */
export const manifestSchema = z.object({
  format: z.literal('earwitness/backup/1'),
  takenAt: z.string(),
  /** An SQLite file, whatever the installation runs on: it can be restored into either. */
  database: partSchema.extend({ takenFrom: z.enum(['sqlite', 'postgres']) }),
  /** The list of all archive objects: a line of JSON for each, sorted by name. */
  objects: partSchema.extend({ count: z.number().int().min(0), contentBytes: z.number().int().min(0) }),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestName = 'backup.json';

const objectSchema = z.object({ sha256: sha256Schema, bytes: z.number().int().min(0) });

/** Throws `backup-invalid` where the folder holds no backup of this version. */
export async function readManifest(folder: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(folder, manifestName), 'utf8');
  } catch (error) {
    const absent = isNodeError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    throw new EarwitnessError(
      'backup-invalid',
      folder,
      absent
        ? `There is no ${manifestName} here: no backup was finished in this folder.`
        : 'The backup cannot be read.',
      'Name the folder that earwitness backup wrote.',
      { cause: error },
    );
  }
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Told below.
  }
  const manifest = manifestSchema.safeParse(json);
  if (manifest.success) return manifest.data;
  throw new EarwitnessError(
    'backup-invalid',
    join(folder, manifestName),
    'This is not the manifest of a backup that this version can read.',
    'Restore with the version that took it, or take another backup.',
  );
}

/** The objects that the manifest lists; the list itself was checked against its hash before. */
export async function* listedObjects(
  folder: string,
  { objects }: Manifest,
): AsyncGenerator<z.infer<typeof objectSchema>> {
  const lines = createInterface({ input: createReadStream(join(folder, objects.file)), crlfDelay: Infinity });
  for await (const line of lines) yield objectSchema.parse(JSON.parse(line));
}

export interface BackupCheck {
  manifest: Manifest;
  /** One sentence for each file that is missing or not what the manifest says. Empty: the backup is whole. */
  problems: { file: string; message: string }[];
}

/** Reads every byte of a backup and compares. Throws `backup-invalid` only where there is no manifest to compare with. */
export async function checkBackup(folder: string): Promise<BackupCheck> {
  const manifest = await readManifest(folder);
  const problems: BackupCheck['problems'] = [];
  for (const part of [manifest.database, manifest.objects]) {
    const found = await hashOfFile(join(folder, part.file));
    if (found === null) problems.push({ file: part.file, message: 'It is missing.' });
    else if (found !== part.sha256)
      problems.push({ file: part.file, message: `Its SHA-256 is ${found}, not ${part.sha256}.` });
  }
  if (problems.some(({ file }) => file === manifest.objects.file)) return { manifest, problems };
  const objects = await openArchive({ kind: 'folder', path: folder });
  try {
    for await (const { sha256 } of listedObjects(folder, manifest)) {
      const state = await objects.verify(sha256);
      if (state !== 'whole')
        problems.push({
          file: `objects/${sha256.slice(0, 2)}/${sha256}`,
          message: state === 'missing' ? 'It is missing.' : 'Its bytes are not those that its name says.',
        });
    }
  } finally {
    await objects.close();
  }
  return { manifest, problems };
}

export async function hashOfFile(path: string): Promise<string | null> {
  try {
    return await hashOf(createReadStream(path));
  } catch (error) {
    if (isNodeError(error) && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}

/** Writes a file of the backup as a whole: it is there with all its bytes, or not at all. */
export async function writeWhole(path: string, lines: Iterable<string>): Promise<void> {
  const part = join(dirname(path), 'incoming', `${basename(path)}.part`);
  const file = await open(part, 'w', 0o600);
  try {
    let text = '';
    for (const line of lines) {
      text += line;
      if (text.length < 1 << 20) continue;
      await file.write(text);
      text = '';
    }
    await file.write(text);
  } finally {
    await file.close();
  }
  await settle(part, path);
}

/** Down to the disk, then under its name. */
export async function settle(part: string, path: string): Promise<void> {
  await chmod(part, 0o600);
  const file = await open(part, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
