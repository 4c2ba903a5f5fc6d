import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { EarwitnessError, isNodeError } from '../session/index.ts';
import { decodeHead } from './encoding.ts';
import { isIgnored } from './ignore.ts';
import { byName, stemOf } from './names.ts';
import { count, failure, placeOf } from './problems.ts';
import type { InputFile, IntakeFailure, IntakeLimits } from './types.ts';

const MiB = 1024 * 1024;

/** An opened archive: the files that may be read, in order of name, and the entries that may not, with the reason. */
export interface OpenedZip {
  files: InputFile[];
  failures: IntakeFailure[];
  close(): void;
}

/**
 * Opens a zip and judges every entry by the directory alone, before a byte is unpacked: paths that leave the archive,
 * links, encrypted entries, and bombs by number, size, total and ratio. The sizes stated there are held while reading.
 * Throws `zip-invalid` or, for the archive as a whole, `zip-too-large`.
 */
export async function openZip(source: InputFile, limits: IntakeLimits, tempDir: string): Promise<OpenedZip> {
  const place = placeOf(source);
  const zip = await open(await source.localPath(), place);
  try {
    if (zip.entryCount > limits.zipEntries)
      throw tooLarge(
        place,
        `The archive has ${count(zip.entryCount, 'entry').replace(/entrys$/, 'entries')}; at most ${limits.zipEntries} are read.`,
      );
    const entries: { entry: yauzl.Entry; name: string }[] = [];
    const failures: IntakeFailure[] = [];
    let total = 0;
    try {
      for await (const entry of zip.eachEntry()) {
        const name = entryName(entry);
        if (name.endsWith('/')) continue;
        total += entry.uncompressedSize;
        const refused = judge(entry, name, place, limits);
        if (refused) failures.push(refused);
        else if (!name.split('/').some(isIgnored)) entries.push({ entry, name });
      }
    } catch (error) {
      // The directory is damaged from here on; what it listed before can still be read.
      if (entries.length + failures.length === 0) throw error;
      failures.push({ kind: 'failure', problem: broken(place, error).problem });
    }
    if (total > limits.zipTotalBytes)
      throw tooLarge(
        place,
        `Unpacked, the archive would have ${Math.ceil(total / MiB)} MB; at most ${Math.floor(limits.zipTotalBytes / MiB)} MB are read.`,
      );
    if (entries.some(({ name }) => name === '[Content_Types].xml'))
      throw new EarwitnessError(
        'file-kind-unknown',
        place,
        'This is an Office document, not an archive of sessions.',
        'Save the sheet as CSV (UTF-8) and read that.',
      );
    const folder: ZipFolder = { zip, source, files: new Map(), tempDir };
    for (const { entry, name } of entries.sort((a, b) => byName(a.name, b.name)))
      if (!folder.files.has(name)) folder.files.set(name, new ZipFile(folder, entry, name));
      else
        failures.push(
          failure(
            'zip-invalid',
            placeOf({ path: source.path, entry: name }),
            'The archive has a second entry of this name; the first was read.',
            'Pack the folder again.',
          ),
        );
    return { files: [...folder.files.values()], failures, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error instanceof EarwitnessError ? error : broken(place, error);
  }
}

function tooLarge(place: string, message: string): EarwitnessError {
  return new EarwitnessError('zip-too-large', place, message, 'Unpack it yourself if you trust it, or split it.');
}

function broken(place: string, error: unknown): EarwitnessError {
  const reason = error instanceof Error ? error.message : String(error);
  return new EarwitnessError('zip-invalid', place, `The archive cannot be read: ${reason}.`, 'Copy or pack it again.', {
    cause: error,
  });
}

async function open(file: string, place: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are decoded here: archives made on Chinese Windows carry GBK without saying so.
    yauzl.open(file, { lazyEntries: true, autoClose: false, decodeStrings: false }, (error, zip) => {
      if (error) reject(broken(place, error));
      else resolve(zip);
    });
  });
}

const utf8Flag = 0x800;
const unicodePathField = 0x7075;

function entryName(entry: yauzl.Entry): string {
  const raw = entry.fileNameRaw;
  const stated =
    (entry.generalPurposeBitFlag & utf8Flag) !== 0 || entry.extraFields.some((field) => field.id === unicodePathField);
  const guessed = stated ? null : decodeHead(raw, false);
  const name = guessed ?? yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
  return name.replaceAll('\\', '/');
}

/** The reason why an entry is not read, null when it may be. */
function judge(entry: yauzl.Entry, name: string, place: string, limits: IntakeLimits): IntakeFailure | null {
  const at = `${place}#${name}`;
  const unsafe = (message: string) =>
    failure('zip-unsafe-path', at, message, 'The other entries were read. Pack the archive again without it.');
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return unsafe('The entry has an absolute path.');
  if (name.split('/').includes('..') || name.includes('\0'))
    return unsafe('The path of the entry leads out of the archive.');
  // Unix type bits in the upper half: 0 none, 8 regular, 4 folder, 10 link, others devices and pipes.
  const type = entry.externalFileAttributes >>> 28;
  if (entry.versionMadeBy >>> 8 === 3 && type !== 0 && type !== 8 && type !== 4)
    return unsafe(type === 10 ? 'The entry is a symbolic link.' : 'The entry is a device, pipe or socket.');
  if (entry.isEncrypted())
    return failure(
      'zip-invalid',
      at,
      'The entry is encrypted.',
      'Unpack the archive with its password and read the folder.',
    );
  const size = entry.uncompressedSize;
  if (size > limits.zipEntryBytes)
    return failure(
      'zip-too-large',
      at,
      `Unpacked, the entry would have ${Math.ceil(size / MiB)} MB; at most ${Math.floor(limits.zipEntryBytes / MiB)} MB are read.`,
      'Unpack the archive yourself and read the folder.',
    );
  if (size > MiB && size / Math.max(1, entry.compressedSize) > limits.zipRatio)
    return failure(
      'zip-too-large',
      at,
      `The entry is packed ${Math.round(size / Math.max(1, entry.compressedSize))} times smaller than it is, as in archives made to fill disks; at most ${limits.zipRatio} times is read.`,
      'Unpack it yourself if you trust it.',
    );
  return null;
}

interface ZipFolder {
  zip: yauzl.ZipFile;
  source: InputFile;
  files: Map<string, ZipFile>;
  tempDir: string;
}

class ZipFile implements InputFile {
  readonly path: string;
  readonly entry: string;
  readonly name: string;
  readonly idBase: string;
  readonly size: number;
  readonly named = false;
  readonly key: string;
  readonly folder: string;
  private readonly zipFolder: ZipFolder;
  private readonly zipEntry: yauzl.Entry;
  private unpacked: Promise<string> | null = null;

  constructor(folder: ZipFolder, entry: yauzl.Entry, name: string) {
    this.zipFolder = folder;
    this.zipEntry = entry;
    this.path = folder.source.path;
    this.entry = name;
    this.name = path.posix.basename(name);
    this.idBase = stemOf(name);
    this.size = entry.uncompressedSize;
    this.key = `${folder.source.key}#${name}`;
    this.folder = `${folder.source.key}#${path.posix.dirname(name)}`;
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    let sum = 0;
    try {
      const stream = await this.zipFolder.zip.openReadStreamPromise(this.zipEntry);
      for await (const chunk of stream) {
        sum = crc32(chunk as Buffer, sum);
        yield chunk as Buffer;
      }
    } catch (error) {
      throw error instanceof EarwitnessError ? error : broken(placeOf(this), error);
    }
    if (sum !== this.zipEntry.crc32) throw broken(placeOf(this), 'the checksum of this entry is wrong');
  }

  /** Unpacks into the temp folder under a name of our own, so that no name in the archive reaches the disk. */
  localPath(): Promise<string> {
    this.unpacked ??= this.unpack();
    return this.unpacked;
  }

  private async unpack(): Promise<string> {
    const extension = /\.[A-Za-z0-9]{1,8}$/.exec(this.name)?.[0] ?? '';
    const label = createHash('sha256').update(this.key).digest('hex').slice(0, 16);
    const target = path.join(this.zipFolder.tempDir, `${label}-${randomUUID().slice(0, 8)}${extension.toLowerCase()}`);
    try {
      await pipeline(this.bytes(), createWriteStream(target, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      await rm(target, { force: true });
      if (!isNodeError(error) || (error.code !== 'ENOSPC' && error.code !== 'EDQUOT')) throw error;
      throw new EarwitnessError(
        'disk-full',
        placeOf(this),
        `There is no room to unpack this in the temporary folder ${path.dirname(this.zipFolder.tempDir)}.`,
        'Free some space there, or set TMPDIR to a folder with more; then run again.',
        { cause: error },
      );
    }
    return target;
  }

  async resolve(relative: string): Promise<InputFile | null> {
    const target = path.posix.normalize(
      path.posix.join(path.posix.dirname(this.entry), relative.replaceAll('\\', '/')),
    );
    return this.zipFolder.files.get(target) ?? null;
  }
}
