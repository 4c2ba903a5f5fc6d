import { failure, placeOf } from './problems.ts';
import { lineTooLong } from './text-file.ts';
import type { InputFile, IntakeFailure, IntakeLimits } from './types.ts';

/** One CSV record: the line it begins on (1-based) and its fields. */
export interface CsvRow {
  line: number;
  fields: string[];
}

export const delimiters = [',', '\t', ';', '|', '，'] as const;

/**
 * CSV records (RFC 4180 quoting, LF or CRLF, delimiter of one character), piece by piece in bounded memory. It goes on
 * after every fault: a record longer than `lineChars` is passed over, a quote that never closes costs the line it
 * stands on, a stray quote inside a field is text. Blank lines are skipped.
 */
export async function* readCsv(
  chunks: AsyncIterable<string>,
  delimiter: string,
  file: InputFile,
  limits: IntakeLimits,
): AsyncGenerator<CsvRow | IntakeFailure> {
  const reader = new CsvReader(delimiter, file, limits);
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}

/** The fields of one line, for looking at a header. */
export function splitLine(line: string, delimiter: string): string[] {
  const reader = new CsvReader(
    delimiter,
    { path: '', entry: null } as InputFile,
    { lineChars: Infinity } as IntakeLimits,
  );
  const [first] = [...reader.push(line + '\n')];
  return first && 'fields' in first ? first.fields : [];
}

type State = 'start' | 'plain' | 'quoted' | 'quote-end' | 'skipping';

class CsvReader {
  private readonly delimiter: number;
  private readonly file: InputFile;
  private readonly limits: IntakeLimits;
  private state: State = 'start';
  private fields: string[] = [];
  private field = '';
  private line = 1;
  /** Where the record began: its line, and its text so far, kept only while a quote is open. */
  private recordLine = 1;
  private raw = '';
  private length = 0;
  private quote = { line: 1, column: 1 };
  private lineLength = 0;

  constructor(delimiter: string, file: InputFile, limits: IntakeLimits) {
    this.delimiter = delimiter.charCodeAt(0);
    this.file = file;
    this.limits = limits;
  }

  *push(chunk: string): Generator<CsvRow | IntakeFailure> {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (this.state === 'skipping') {
        const end = chunk.indexOf('\n', i);
        this.length += (end < 0 ? chunk.length : end) - i;
        if (end < 0) return;
        yield lineTooLong(this.file, this.recordLine, this.length, this.limits);
        i = end;
        from = i + 1;
        this.startRecord();
        continue;
      }
      i = this.run(chunk, i);
      if (i === chunk.length) break;
      const code = chunk.charCodeAt(i);
      this.lineLength++;
      this.length++;
      if (this.straysBehindQuote(code)) {
        this.raw += chunk.slice(from, i + 1);
        from = i + 1;
        yield* this.recover();
        continue;
      }
      const row = this.step(code, chunk, i);
      if (row === undefined) continue;
      from = i + 1;
      if (row) yield row;
    }
    if (this.state === 'skipping') return;
    this.raw += chunk.slice(from);
    if (this.length > this.limits.lineChars) yield* this.giveUp();
  }

  /** Takes over characters that mean nothing special in one go; returns where that ends. */
  private run(chunk: string, from: number): number {
    if (this.state !== 'plain' && this.state !== 'quoted') return from;
    let i = from;
    for (; i < chunk.length; i++) {
      const code = chunk.charCodeAt(i);
      if (code === 0x0a || code === (this.state === 'quoted' ? 0x22 : this.delimiter)) break;
    }
    this.field += chunk.slice(from, i);
    this.length += i - from;
    this.lineLength += i - from;
    return i;
  }

  /** The record is longer than what is held: an open quote that swallows lines, or one endless line. */
  private *giveUp(): Generator<CsvRow | IntakeFailure> {
    if (this.state === 'quoted' && this.raw.includes('\n')) {
      yield* this.recover();
      return;
    }
    this.state = 'skipping';
    this.field = this.raw = '';
    this.fields = [];
  }

  *end(): Generator<CsvRow | IntakeFailure> {
    if (this.state === 'skipping') {
      yield lineTooLong(this.file, this.recordLine, this.length, this.limits);
      return;
    }
    while (this.state === 'quoted') yield* this.recover();
    const row = this.finishRecord();
    if (row) yield row;
  }

  /** One character. Returns undefined within a record, and at its end the row, or null for a blank line. */
  private step(code: number, chunk: string, i: number): CsvRow | null | undefined {
    if (this.state === 'quoted') {
      if (code === 0x22) this.state = 'quote-end';
      else this.field += chunk[i];
      if (code === 0x0a) this.nextLine();
      return undefined;
    }
    if (code === 0x0a) {
      const row = this.finishRecord();
      this.nextLine();
      this.startRecord();
      return row;
    }
    if (code === this.delimiter) {
      this.fields.push(this.field);
      this.field = '';
      this.state = 'start';
    } else if (code === 0x22 && this.state === 'start' && this.field.trim() === '') {
      this.state = 'quoted';
      this.field = '';
      this.quote = { line: this.line, column: this.lineLength };
    } else if (code === 0x22 && this.state === 'quote-end') {
      this.state = 'quoted';
      this.field += '"';
    } else if (this.state === 'quote-end' && (code === 0x0d || code === 0x20)) {
      // Padding between a closing quote and the delimiter.
    } else {
      if (this.state === 'quote-end') this.state = 'plain';
      else if (code !== 0x20) this.state = 'plain';
      this.field += chunk[i];
    }
    return undefined;
  }

  /**
   * Text right behind a closing quote, lines after the opening one: that quote opens another field, and the one
   * before was never closed.
   */
  private straysBehindQuote(code: number): boolean {
    if (this.state !== 'quote-end' || this.line === this.quote.line) return false;
    return code !== this.delimiter && code !== 0x0a && code !== 0x0d && code !== 0x20 && code !== 0x22;
  }

  private nextLine(): void {
    this.line++;
    this.lineLength = 0;
  }

  private startRecord(): void {
    if (this.state === 'skipping') this.nextLine();
    this.state = 'start';
    this.fields = [];
    this.field = '';
    this.raw = '';
    this.length = 0;
    this.recordLine = this.line;
  }

  private finishRecord(): CsvRow | null {
    const fields = [...this.fields, this.state === 'quote-end' ? this.field : this.field.replace(/\r$/, '')];
    this.field = '';
    this.fields = [];
    return fields.every((field) => field.trim() === '') ? null : { line: this.recordLine, fields };
  }

  /** A quote was opened and never closed: names it, drops its line and reads the following lines as usual. */
  private *recover(): Generator<CsvRow | IntakeFailure> {
    const { line, column } = this.quote;
    yield failure(
      'csv-invalid',
      placeOf(this.file, `:${line}:${column}`),
      `The quote opened in line ${line}, column ${column} is never closed; that record was passed over.`,
      'Close it, or write a quote inside a field twice: "".',
    );
    const lines = this.raw.split('\n');
    const rest = lines.slice(line - this.recordLine + 1).join('\n');
    this.line = line + 1;
    this.lineLength = 0;
    this.startRecord();
    if (rest !== '') yield* this.push(rest);
  }
}

/** The delimiter that makes the most known fields of the first line; ties go to the more usual one. */
export async function pickDelimiter(chunks: AsyncIterable<string>, known: (field: string) => boolean): Promise<string> {
  let line = '';
  for await (const chunk of chunks) {
    line += chunk;
    if (/\S[^\n]*\n/.test(line) || line.length > 65_536) break;
  }
  return bestDelimiter(line, known).delimiter;
}

/** Like pickDelimiter, for a text at hand; with the header's fields. */
export function bestDelimiter(
  text: string,
  known: (field: string) => boolean,
): { delimiter: string; header: string[]; known: number } {
  const line = /[^\S\n]*\S[^\n]*/.exec(text.slice(0, 65_536))?.[0] ?? '';
  let best = { delimiter: ',', header: [line], known: -1 };
  for (const delimiter of delimiters) {
    const header = splitLine(line, delimiter).map((field) => field.trim());
    const hits = header.filter(known).length;
    if (header.length > 1 && hits > best.known) best = { delimiter, header, known: hits };
  }
  return best.known < 0 ? { ...best, header: [line.trim()], known: known(line.trim()) ? 1 : 0 } : best;
}
