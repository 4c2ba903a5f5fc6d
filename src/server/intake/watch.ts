import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { watch } from 'chokidar';
import pLimit from 'p-limit';
import { EarwitnessError } from '../../session/index.ts';
import type { Context } from '../context.ts';
import { stableId } from './names.ts';
import { rollingBatch } from './rolling.ts';
import { describes, sidecarOf } from './sidecar.ts';
import { takeIn } from './take-in.ts';

export interface FolderWatchSettings {
  folder: string;
  team: string | null;
  /** A file that has not grown for so long is taken to be whole. */
  settledMs?: number;
  /** After so long what the server could not take in is looked at again. */
  retryMs?: number;
  /** For file systems that tell of no changes (network shares): look every so often instead. */
  pollMs?: number | null;
}

export interface FolderWatch {
  /** Waits for the files that are under way. */
  close(): Promise<void>;
}

/** Where files go when they are done with; files in there are not taken in. */
const done = 'done';
const failed = 'failed';
const partial = /(\.(part|partial|filepart|tmp|temp|crdownload|download|swp|lock)|~)$/i;
const litter = new Set(['thumbs.db', 'desktop.ini']);

/**
 * Takes in what is put into a folder, into one batch a day. A file is moved to `done/` when it is safe in the archive and
 * listed, or to `failed/` where it can never be. Its id is made of its place, size and time, so that a crash before the
 * move, or a folder where nothing may be moved, takes nothing in twice.
 */
export function startFolderWatch(context: Context, settings: FolderWatchSettings): FolderWatch {
  return new Watch(context, settings);
}

class Watch implements FolderWatch {
  readonly #context: Context;
  readonly #team: string | null;
  readonly #root: string;
  readonly #limit = pLimit(2);
  readonly #underWay = new Set<string>();
  readonly #watcher: ReturnType<typeof watch>;
  readonly #retry: NodeJS.Timeout;
  /** Places that the server failed on, to be looked at again. */
  readonly #later = new Set<string>();
  #closed = false;

  constructor(
    context: Context,
    { folder, team, settledMs = 2_000, retryMs = 60_000, pollMs = null }: FolderWatchSettings,
  ) {
    this.#context = context;
    this.#team = team;
    this.#root = resolve(folder);
    this.#watcher = watch(this.#root, {
      followSymlinks: false,
      ignoreInitial: false,
      ignorePermissionErrors: true,
      ignored: (path) => this.#passOver(path),
      awaitWriteFinish: { stabilityThreshold: settledMs, pollInterval: Math.max(20, Math.min(500, settledMs / 4)) },
      ...(pollMs === null ? {} : { usePolling: true, interval: pollMs }),
    });
    this.#watcher.on('add', (path) => {
      this.#note(path);
    });
    this.#watcher.on('error', (error) => {
      context.log.warn({ err: error }, 'a watched folder could not be read');
    });
    this.#retry = setInterval(() => {
      const again = [...this.#later];
      this.#later.clear();
      for (const path of again) this.#note(path);
    }, retryMs).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#retry);
    await this.#watcher.close();
    this.#limit.clearQueue();
    while (this.#limit.activeCount > 0) await new Promise((go) => setTimeout(go, 10));
  }

  /** Hidden, unfinished, and what was dealt with already. */
  #passOver(path: string): boolean {
    const parts = relative(this.#root, path).split(sep);
    if (parts[0] === '') return false;
    if (parts[0] === done || parts[0] === failed || parts[0] === '..') return true;
    const name = parts.at(-1)!;
    return parts.some((part) => part.startsWith('.')) || partial.test(name) || litter.has(name.toLowerCase());
  }

  #note(path: string): void {
    if (this.#closed || this.#underWay.has(path)) return;
    this.#underWay.add(path);
    void this.#limit(async () => {
      try {
        await this.#take(path);
      } catch (error) {
        this.#later.add(path);
        this.#context.log.warn({ err: error }, 'a watched file could not be taken in yet');
      } finally {
        this.#underWay.delete(path);
      }
    });
  }

  async #take(path: string): Promise<void> {
    if (this.#closed || !(await this.#isInside(path)) || (await this.#isSidecar(path))) return;
    // Never through a link, whatever came in its place since it was seen.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
    if (!file) return;
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return;
      const name = relative(this.#root, path).split(sep).join('/');
      const sidecar = await sidecarOf(path);
      const problem = await this.#intoBatch({
        id: stableId('watch', this.#root, name, facts.size, facts.mtimeMs),
        name,
        source: file.createReadStream({ autoClose: false, start: 0 }),
        sidecar: sidecar?.values ?? null,
      });
      await this.#putAway(path, problem ? failed : done);
      if (sidecar) await this.#putAway(sidecar.path, problem ? failed : done);
    } finally {
      await file.close();
    }
  }

  /** Whether the file is lost to this installation; what is the server's own fault is thrown. */
  async #intoBatch(file: Pick<Parameters<typeof takeIn>[1], 'id' | 'name' | 'source' | 'sidecar'>): Promise<boolean> {
    const { store } = this.#context;
    const open = () => rollingBatch(this.#context, 'watch', { label: basename(this.#root), team: this.#team });
    try {
      await takeIn(this.#context, { ...file, batch: open });
      return false;
    } catch (error) {
      if (!(error instanceof EarwitnessError) || error.code !== 'upload-too-large') throw error;
      const { id } = await open();
      await store.batches.addFailures(id, null, [{ ...error.problem, path: file.name }]);
      this.#context.events.emit('batch', { id });
      return true;
    }
  }

  /** A file whose name is taken there gets a number; a folder where nothing may be moved stays as it is. */
  async #putAway(path: string, where: typeof done | typeof failed): Promise<void> {
    const place = join(this.#root, where, relative(this.#root, path));
    try {
      await mkdir(dirname(place), { recursive: true });
      await rename(path, await freeName(place));
    } catch (error) {
      this.#context.log.warn({ err: error }, `a file could not be moved to ${where}/; it is not taken in again`);
    }
  }

  async #isInside(path: string): Promise<boolean> {
    try {
      if (!(await lstat(path)).isFile()) return false;
      const [folder, root] = await Promise.all([realpath(dirname(path)), realpath(this.#root)]);
      return folder === root || folder.startsWith(root + sep);
    } catch {
      return false;
    }
  }

  /** A JSON file beside the recording that it describes comes with that one. */
  async #isSidecar(path: string): Promise<boolean> {
    if (extname(path).toLowerCase() !== '.json') return false;
    const beside = await readdir(dirname(path)).catch(() => []);
    return beside.some((name) => describes(basename(path), name));
  }
}

async function freeName(path: string): Promise<string> {
  const end = extname(path);
  const stem = path.slice(0, path.length - end.length);
  for (let n = 1; ; n++) {
    const place = n === 1 ? path : `${stem}-${n}${end}`;
    if (!(await lstat(place).catch(() => null))) return place;
  }
}
