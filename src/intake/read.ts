import { EarwitnessError } from '../session/index.ts';
import type { Disk } from './disk.ts';
import { realDisk } from './disk.ts';
import { DuplicateGuard } from './duplicates.ts';
import { mailThreads } from './mail-threads.ts';
import { extensionOf, stemOf } from './names.ts';
import { failureFrom, placeOf } from './problems.ts';
import { MetadataFinder, isManifest } from './recordings.ts';
import { resolveSettings } from './settings.ts';
import { formatOf } from './sniff.ts';
import { formats } from './formats/index.ts';
import type { FormatItem, Format, InputFile, IntakeItem, IntakeOptions, Mail, ReadContext, Settings } from './types.ts';
import { walkInputs } from './walk.ts';

/**
 * Files, folders (with all below them), globs and zips → sessions, one at a time and in an order that depends on the
 * input alone: written sessions and given transcripts file by file (paths in the order given, folders sorted by name),
 * then e-mail threads, then recordings. Recordings come last because any file may turn out to describe one.
 *
 * What cannot be read becomes a `failure` item that says what, where and what to do; the rest goes on. Throws only
 * `usage` for options that cannot work and `cancelled` when `signal` is aborted.
 */
export function readInputs(paths: readonly string[], options: IntakeOptions): AsyncGenerator<IntakeItem> {
  return readInputsFrom(realDisk, paths, options);
}

/** readInputs on a file system of the caller's choice. */
export async function* readInputsFrom(
  disk: Disk,
  paths: readonly string[],
  options: IntakeOptions,
): AsyncGenerator<IntakeItem> {
  const settings = resolveSettings(options);
  const guard = new DuplicateGuard();
  const batch = new Batch(settings);
  const files: InputFile[] = [];
  for await (const found of walkInputs(paths, disk, options.passOver)) {
    batch.checkAborted();
    if ('kind' in found) yield found;
    else files.push(found);
  }
  for await (const item of batch.read(files)) yield item.kind === 'session' ? guard.admit(item) : item;
}

class Batch {
  private readonly settings: Settings;
  private readonly finder: MetadataFinder;
  private readonly claimed = new Set<string>();
  private readonly mails: Mail[] = [];

  constructor(settings: Settings) {
    this.settings = settings;
    this.finder = new MetadataFinder(settings);
  }

  checkAborted(): void {
    if (this.settings.signal?.aborted)
      throw new EarwitnessError('cancelled', 'inputs', 'Reading the inputs was cancelled.', null, {
        cause: this.settings.signal.reason,
      });
  }

  async *read(files: readonly InputFile[]): AsyncGenerator<FormatItem> {
    const recordings = yield* this.readWritten(files);
    for (const item of mailThreads(this.mails, this.settings)) {
      this.checkAborted();
      yield item;
    }
    yield* this.readRecordings(recordings);
    yield* this.settleManifests(files);
  }

  /** Everything but recordings, which are returned with their formats for later. */
  private async *readWritten(files: readonly InputFile[]): AsyncGenerator<FormatItem, [InputFile, Format][]> {
    const recordings: [InputFile, Format][] = [];
    const companions = new Companions(files);
    for (const file of files) {
      this.checkAborted();
      if (isManifest(file.name) || companions.isSidecar(file)) continue;
      try {
        const format = await formatOf(file);
        if (format.family === 'recording') recordings.push([file, format]);
        else yield* this.guarded(format, file);
      } catch (error) {
        yield failureFrom(error, placeOf(file));
        // A broken recording is answered for; its row in a manifest is not a second fault.
        await this.finder.claim(file);
      }
    }
    return recordings;
  }

  private async *readRecordings(recordings: readonly [InputFile, Format][]): AsyncGenerator<FormatItem> {
    for (const [file, format] of recordings) {
      this.checkAborted();
      if (this.claimed.has(file.key)) await this.finder.claim(file);
      else yield* this.guarded(format, file);
    }
  }

  private async *settleManifests(files: readonly InputFile[]): AsyncGenerator<FormatItem> {
    const manifests = files.filter((file) => isManifest(file.name));
    for (const manifest of manifests) yield* this.finder.settle(manifest);
  }

  private async *guarded(format: Format, file: InputFile): AsyncGenerator<FormatItem> {
    try {
      for await (const item of format.read(file, this.context())) {
        yield item;
        this.checkAborted();
      }
    } catch (error) {
      yield failureFrom(error, placeOf(file));
    }
  }

  private context(): ReadContext {
    return {
      settings: this.settings,
      recordingMetadata: (file) => this.finder.find(file),
      claim: (file) => void this.claimed.add(file.key),
      collectMail: (mail) => void this.mails.push(mail),
      readFiles: (files) => this.readArchive(files),
    };
  }

  /** The files of an archive; their e-mails join those of the whole batch. */
  private async *readArchive(files: readonly InputFile[]): AsyncGenerator<FormatItem> {
    const recordings = yield* this.readWritten(files);
    yield* this.readRecordings(recordings);
    yield* this.settleManifests(files);
  }
}

const recordingExtensions = new Set(
  formats.filter((format) => format.family === 'recording').flatMap((format) => format.extensions),
);

/** Tells the JSON files that describe a recording of the batch from those that stand for themselves. */
class Companions {
  private readonly recordings = new Set<string>();

  constructor(files: readonly InputFile[]) {
    for (const file of files) {
      if (!recordingExtensions.has(extensionOf(file.name))) continue;
      this.recordings.add(`${file.folder}\n${file.name}`);
      this.recordings.add(`${file.folder}\n${stemOf(file.name)}`);
    }
  }

  isSidecar(file: InputFile): boolean {
    return extensionOf(file.name) === '.json' && this.recordings.has(`${file.folder}\n${stemOf(file.name)}`);
  }
}
