import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { isNodeError } from '../../session/index.ts';
import { decodeText } from './decode.ts';
import type { ScorecardProblemCode } from './problems.ts';

/** One file that a scorecard was made from, as it was read. */
export interface ScorecardSource {
  /** Absolute path. */
  path: string;
  text: string;
  sha256: string;
}

/** Gives the text of a file by its absolute path; fails like `readFile` where there is none. */
export type ReadText = (path: string) => Promise<string>;

/** Far above any file written by people; one beyond it is a mistake or an attack. */
const maxBytes = { yaml: 4_000_000, list: 16_000_000 };
const maxFiles = 500;

/** Whether a file is a plain list of phrases, one a line, by its name. */
export function isWordList(path: string): boolean {
  return ['.txt', '.csv'].includes(extname(path).toLowerCase());
}

/** Why a file of a scorecard cannot be used, in words for its author. */
export class UnusableFile extends Error {
  readonly code: ScorecardProblemCode;
  readonly hint: string;

  constructor(code: ScorecardProblemCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

function checkSize(path: string, bytes: number): void {
  const most = isWordList(path) ? maxBytes.list : maxBytes.yaml;
  if (bytes > most)
    throw new UnusableFile('file-too-large', `The file has ${bytes} bytes; at most ${most} are read.`, 'Split it up.');
}

async function fromDisk(path: string): Promise<string> {
  const found = await stat(path);
  // Devices and pipes have no end that could be waited for.
  if (!found.isFile())
    throw new UnusableFile(
      'file-unreadable',
      found.isDirectory() ? 'This is a directory.' : 'This is not a regular file.',
      'Name a file.',
    );
  checkSize(path, found.size);
  const read = decodeText(await readFile(path), isWordList(path));
  if (read.ok) return read.text;
  throw new UnusableFile('file-encoding', `The file is not UTF-8 text: it looks like ${read.kind}.`, read.hint);
}

/**
 * The files of one scorecard. Each is read once and kept, because a result pins the very texts that it was judged by.
 * Where they come from is the caller's choice: disk, a store that replays an old result, an editor, a mutant.
 */
export class SourceFiles {
  readonly #read: ReadText;
  readonly #sources = new Map<string, ScorecardSource>();
  /** What the files were parsed into. A variant of a scorecard is given these, and its own in place of some. */
  readonly parsed: Map<string, unknown>;

  constructor(read: ReadText = fromDisk, parsed: ReadonlyMap<string, unknown> = new Map()) {
    this.#read = read;
    this.parsed = new Map(parsed);
  }

  /** @throws UnusableFile with what to tell the author */
  async text(path: string): Promise<string> {
    const known = this.#sources.get(path);
    if (known) return known.text;
    if (this.#sources.size >= maxFiles)
      throw new UnusableFile(
        'file-too-large',
        `The scorecard names more than ${maxFiles} files.`,
        'Join some of them.',
      );
    const text = (await this.#given(path)).replace(/^\uFEFF/, '');
    checkSize(path, Buffer.byteLength(text));
    this.#sources.set(path, { path, text, sha256: createHash('sha256').update(text).digest('hex') });
    return text;
  }

  async #given(path: string): Promise<string> {
    try {
      return await this.#read(path);
    } catch (error) {
      if (error instanceof UnusableFile) throw error;
      const missing = isNodeError(error) && ['ENOENT', 'ENOTDIR'].includes(error.code ?? '');
      throw new UnusableFile(
        'file-unreadable',
        missing ? 'There is no such file.' : 'The file cannot be read.',
        'Paths are relative to the file that names them.',
      );
    }
  }

  /** Everything read so far; the scorecard's own file is the first. */
  get sources(): readonly ScorecardSource[] {
    return [...this.#sources.values()];
  }

  sha256(path: string): string | null {
    return this.#sources.get(path)?.sha256 ?? null;
  }
}
