import { constants } from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import path from 'node:path';
import { EarwitnessError } from '../session/index.ts';
import { placeOf } from './problems.ts';
import { stemOf } from './names.ts';
import type { InputFile } from './types.ts';

/** The parts of the file system that intake uses; tests put faults here that a privileged user cannot provoke. */
export type Disk = Pick<typeof fsPromises, 'stat' | 'lstat' | 'readdir' | 'realpath' | 'open'>;

export const realDisk: Disk = fsPromises;

interface DiskFileOptions {
  disk: Disk;
  /** As the user gave it, or found below what the user gave. */
  path: string;
  /** The folder that no reference may leave. */
  root: string;
  realPath: string;
  size: number;
  named: boolean;
}

/** A regular file on disk. Call only after `stat` has said that it is one: opening a pipe would wait for ever. */
export class DiskFile implements InputFile {
  readonly path: string;
  readonly entry = null;
  readonly name: string;
  readonly idBase: string;
  readonly size: number;
  readonly named: boolean;
  readonly key: string;
  readonly folder: string;
  private readonly disk: Disk;
  private readonly root: string;

  constructor(options: DiskFileOptions) {
    this.disk = options.disk;
    this.path = options.path;
    this.root = options.root;
    this.size = options.size;
    this.named = options.named;
    this.key = options.realPath;
    this.name = path.basename(options.path);
    this.folder = path.resolve(path.dirname(options.path));
    const below = path.relative(options.root, options.path).split(path.sep).join('/');
    this.idBase = stemOf(below === '' ? this.name : below);
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    const handle = await this.disk.open(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const size = 256 * 1024;
      for (;;) {
        // A fresh buffer each time: readers may keep what they are given.
        const buffer = Buffer.allocUnsafe(size);
        const { bytesRead } = await handle.read(buffer, 0, size, null);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async localPath(): Promise<string> {
    return this.path;
  }

  async resolve(relative: string): Promise<InputFile | null> {
    const slashed = relative.replaceAll('\\', '/');
    if (slashed === '' || slashed.includes('\0') || path.isAbsolute(slashed) || /^[A-Za-z]:/.test(slashed)) return null;
    const target = path.join(path.dirname(this.path), slashed);
    const below = path.relative(path.resolve(this.root), path.resolve(target));
    if (below === '' || below.startsWith('..') || path.isAbsolute(below)) return null;
    try {
      const [stats, realPath] = await Promise.all([this.disk.stat(target), this.disk.realpath(target)]);
      if (!stats.isFile()) return null;
      return new DiskFile({ disk: this.disk, path: target, root: this.root, realPath, size: stats.size, named: false });
    } catch {
      return null;
    }
  }
}

/** Throws `file-empty` for a file of no bytes. */
export function assertNotEmpty(file: InputFile): void {
  if (file.size > 0) return;
  throw new EarwitnessError('file-empty', placeOf(file), 'The file is empty (0 bytes).', 'Copy or export it again.');
}
