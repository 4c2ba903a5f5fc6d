import { EarwitnessError } from '../../session/index.ts';
import { bestDelimiter, pickDelimiter, readCsv } from '../csv.ts';
import { decodedChunks, detectEncoding, encodingNotices } from '../encoding.ts';
import { attributeName, messageField, sessionField } from '../fields.ts';
import { failure, placeOf } from '../problems.ts';
import { groupMessages } from '../rows.ts';
import type { PlacedRecord } from '../rows.ts';
import type { FormatItem, Format, InputFile, ReadContext, Settings } from '../types.ts';

/** A table with a header: one row for each message, or one row for each ticket. */
export const csv: Format = {
  id: 'csv',
  family: 'text',
  title: { en: 'CSV of messages or tickets', zh: 'CSV 消息或工单' },
  extensions: ['.csv', '.tsv'],
  recognises: ({ text }) => {
    if (text === null) return false;
    const { header, known } = bestDelimiter(text, isKnown({}));
    return header.length >= 2 && known >= 2 && hasText(header, {});
  },
  read,
};

type Columns = Readonly<Record<string, string>>;

function isKnown(own: Columns): (name: string) => boolean {
  return (name) =>
    sessionField(name, own) !== null || messageField(name, own) !== null || attributeName(name, own) !== name;
}

function hasText(header: readonly string[], own: Columns): boolean {
  return header.some((name) => messageField(name, own) === 'text' || sessionField(name, own) === 'description');
}

async function* read(file: InputFile, context: ReadContext): AsyncGenerator<FormatItem> {
  const { settings } = context;
  const encoding = await detectEncoding(file);
  const notices = encodingNotices(file, encoding);
  const delimiter = await pickDelimiter(decodedChunks(file, encoding), isKnown(settings.columns));
  let header: string[] | null = null;
  const records: PlacedRecord[] = [];
  for await (const row of readCsv(decodedChunks(file, encoding), delimiter, file, settings.limits)) {
    if ('kind' in row) yield row;
    else if (header === null) header = readHeader(row.fields, row.line, file, settings);
    else if (row.fields.length > header.length && row.fields.slice(header.length).some((field) => field.trim() !== ''))
      yield failure(
        'csv-invalid',
        placeOf(file, `:${row.line}:1`),
        `Line ${row.line} has ${row.fields.length} fields, the header ${header.length}; the row was passed over.`,
        'Put fields that contain the delimiter in double quotes.',
      );
    else records.push({ record: toRecord(header, row.fields), at: `line ${row.line}` });
  }
  if (header === null)
    throw new EarwitnessError(
      'csv-invalid',
      placeOf(file),
      'The file has no header line.',
      'Name the columns in the first line.',
    );
  if (records.length === 0)
    yield failure('session-empty', placeOf(file), 'The file has a header but no rows.', 'Export the messages again.');
  for await (const item of groupMessages(records, file, context)) {
    if (item.kind === 'session') item.notices.unshift(...notices);
    yield item;
  }
}

function readHeader(fields: readonly string[], line: number, file: InputFile, settings: Settings): string[] {
  const header = fields.map((field) => field.trim());
  if (hasText(header, settings.columns)) return header;
  const names = header.map((name) => JSON.stringify(name)).join(', ');
  throw new EarwitnessError(
    'csv-invalid',
    placeOf(file, `:${line}:1`),
    `No column holds the text of the messages (text, content, message, 内容) or the description of tickets; the columns are ${names.slice(0, 300)}.`,
    'Name that column "text", or map your own name in the settings. A table of recordings must be called manifest.csv.',
  );
}

function toRecord(header: readonly string[], fields: readonly string[]): Record<string, string> {
  const pairs: [string, string][] = [];
  header.forEach((name, i) => {
    const value = fields[i] ?? '';
    if (name !== '' && value.trim() !== '') pairs.push([name, value.trim()]);
  });
  return Object.fromEntries(pairs);
}
