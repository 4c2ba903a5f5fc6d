import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import type { Upload } from '@tus/server';

type KvUpload = Pick<Upload, 'id' | 'size' | 'metadata' | 'creation_date'>;

/** What is known of an upload beside its bytes. */
export interface UploadNote extends KvUpload {
  /** Set when it became a file of its batch; its bytes are then in the archive and no longer here. */
  finished?: { fileId: string; duplicateOf: string | null; bytes: number };
}

const idPattern = /^[0-9a-f]{32}$/;
export const isUploadId = (id: string): boolean => idPattern.test(id);
export const newUploadId = (): string => randomBytes(16).toString('hex');

/** One small file for each upload, replaced as a whole: a crash leaves the old or the new one, never half of one. */
export class UploadNotes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(id: string): Promise<UploadNote | undefined> {
    if (!isUploadId(id)) return undefined;
    try {
      return JSON.parse(await readFile(this.#path(id), 'utf8')) as UploadNote;
    } catch {
      return undefined;
    }
  }

  async set(id: string, note: UploadNote): Promise<void> {
    const { size, metadata, creation_date, finished } = note;
    const temporary = `${this.#path(id)}.${randomBytes(4).toString('hex')}.tmp`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify({ id, size, metadata, creation_date, finished }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path(id));
  }

  async delete(id: string): Promise<void> {
    if (isUploadId(id)) await rm(this.#path(id), { force: true });
  }

  async list(): Promise<string[]> {
    const names = await readdir(this.#folder);
    return names.flatMap((name) => (name.endsWith('.json') && isUploadId(name.slice(0, -5)) ? name.slice(0, -5) : []));
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

/** The library's store of files, with uploads that are finished told apart from those that are lost. */
export class UploadStore extends FileStore {
  readonly notes: UploadNotes;

  private constructor(directory: string, notes: UploadNotes, expiresMs: number) {
    super({ directory, configstore: notes as never, expirationPeriodInMilliseconds: expiresMs });
    this.notes = notes;
  }

  static async open(directory: string, expiresMs: number): Promise<UploadStore> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new UploadStore(directory, new UploadNotes(directory), expiresMs);
  }

  path(id: string): string {
    return join(this.directory, id);
  }

  override async getUpload(id: string): Promise<Upload> {
    const note = await this.notes.get(id);
    if (!note?.finished) return super.getUpload(id);
    const { bytes } = note.finished;
    const storage = { type: 'file', path: this.path(id) };
    return { ...note, size: bytes, offset: bytes, storage, sizeIsDeferred: false };
  }

  /** An upload that is finished takes no byte more; asked to write none, it stays as it is. */
  override async write(source: Readable, id: string, offset: number): Promise<number> {
    const note = await this.notes.get(id);
    return note?.finished ? note.finished.bytes : super.write(source, id, offset);
  }

  override async remove(id: string): Promise<void> {
    await rm(this.path(id), { force: true });
    await this.notes.delete(id);
  }

  /** Notes that it is a file now, then lets its bytes go: a crash between the two leaves only bytes to sweep. */
  async finish(id: string, finished: NonNullable<UploadNote['finished']>): Promise<void> {
    const note = await this.notes.get(id);
    if (note) await this.notes.set(id, { ...note, finished });
    await rm(this.path(id), { force: true });
  }

  /** Uploads that nobody went on with, and notes of those that became files long ago. Returns how many. */
  override async deleteExpired(now = Date.now()): Promise<number> {
    let removed = 0;
    for (const id of await this.notes.list()) {
      const note = await this.notes.get(id);
      const since = Date.parse(note?.creation_date ?? '');
      if (note && (Number.isNaN(since) || now - since <= this.getExpiration())) continue;
      await this.remove(id);
      removed++;
    }
    return removed;
  }

  /** Whole uploads that did not become files before the process ended; what belongs to nothing is swept on the way. */
  async unfinished(): Promise<(UploadNote & { bytes: number })[]> {
    const whole: (UploadNote & { bytes: number })[] = [];
    for (const name of await readdir(this.directory)) {
      const known = isUploadId(name) ? await this.notes.get(name) : undefined;
      if (name.endsWith('.json') && isUploadId(name.slice(0, -5))) continue;
      if (!known || known.finished) {
        await rm(join(this.directory, name), { force: true, recursive: true });
        continue;
      }
      const { size: bytes } = await stat(join(this.directory, name));
      if (known.size !== undefined && bytes === known.size) whole.push({ ...known, bytes });
    }
    return whole;
  }
}
