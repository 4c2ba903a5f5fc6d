import { EarwitnessError } from '../session/index.ts';
import { decodedChunks, detectEncoding, encodingNotices } from './encoding.ts';
import { failure, placeOf } from './problems.ts';
import type { Problem } from '../session/index.ts';
import type { InputFile, IntakeFailure, IntakeLimits } from './types.ts';

/** Throws `file-too-large` for a file that must be read in one piece and is larger than allowed. */
export function assertDocumentSize(file: InputFile, limits: IntakeLimits, hint: string): void {
  if (file.size <= limits.documentBytes) return;
  throw new EarwitnessError(
    'file-too-large',
    placeOf(file),
    `The file has ${megabytes(file.size)} MB; at most ${megabytes(limits.documentBytes)} MB are read in one piece.`,
    hint,
  );
}

/** Reads a whole text file. Throws `file-too-large` or `file-encoding`. */
export async function readText(
  file: InputFile,
  limits: IntakeLimits,
  hint: string,
): Promise<{ text: string; notices: Problem[] }> {
  assertDocumentSize(file, limits, hint);
  const encoding = await detectEncoding(file);
  let text = '';
  for await (const chunk of decodedChunks(file, encoding)) text += chunk;
  return { text, notices: encodingNotices(file, encoding) };
}

/**
 * Lines of a text file with their 1-based numbers, never holding more than one line of at most `lineChars`
 * characters: a longer one is passed over and answered with `line-too-long`.
 */
export async function* readLines(
  chunks: AsyncIterable<string>,
  file: InputFile,
  limits: IntakeLimits,
): AsyncGenerator<{ line: number; text: string } | IntakeFailure> {
  let parts: string[] = [];
  let length = 0;
  let line = 1;
  const finish = (): { line: number; text: string } | IntakeFailure => {
    const tooLong = length > limits.lineChars;
    const result = tooLong
      ? lineTooLong(file, line, length, limits)
      : { line, text: parts.join('').replace(/\r$/, '') };
    parts = [];
    length = 0;
    line++;
    return result;
  };
  const add = (part: string) => {
    length += part.length;
    if (length > limits.lineChars) parts = [];
    else parts.push(part);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      add(chunk.slice(from, end));
      yield finish();
      from = end + 1;
    }
    if (from < chunk.length) add(chunk.slice(from));
  }
  if (length > 0) yield finish();
}

/** The answer to a line that is longer than what is held in memory. */
export function lineTooLong(file: InputFile, line: number, length: number, limits: IntakeLimits): IntakeFailure {
  return failure(
    'line-too-long',
    placeOf(file, `:${line}:1`),
    `Line ${line} has ${length.toLocaleString('en')} characters; at most ${limits.lineChars.toLocaleString('en')} are read. It was passed over, the other lines were read.`,
    'Write one session or one message per line.',
  );
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
