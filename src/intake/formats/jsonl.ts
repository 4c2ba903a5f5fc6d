import { decodedChunks, detectEncoding, encodingNotices } from '../encoding.ts';
import { parseJson } from '../json.ts';
import { isObject } from '../message.ts';
import { failure, failureFrom, placeOf } from '../problems.ts';
import { looksLikeSession, sessionFromRecord } from '../record.ts';
import type { PlacedRecord } from '../rows.ts';
import { groupMessages } from '../rows.ts';
import { readLines } from '../text-file.ts';
import type { FormatItem, Format, Head, InputFile, ReadContext } from '../types.ts';

/** One JSON object in each line: a session, or a message that names its session. */
export const jsonl: Format = {
  id: 'jsonl',
  family: 'text',
  title: { en: 'JSONL sessions', zh: 'JSONL 会话' },
  extensions: ['.jsonl', '.ndjson'],
  recognises,
  read,
};

function recognises({ text, extension }: Head): boolean {
  if (text === null) return false;
  const named = extension === '.jsonl' || extension === '.ndjson';
  const lines = text.split('\n');
  // The last line of the head may be cut; a head of a single line can be a JSON document as well.
  const whole = lines.slice(0, -1).filter((line) => line.trim() !== '');
  const last = lines.at(-1)!.trim();
  const objects = whole.filter((line) => /^\s*\{/.test(line) && 'value' in parseJson(line.trim())).length;
  if (named) return objects > 0 || whole.length === 0;
  return objects === whole.length && objects + (last.startsWith('{') ? 1 : 0) >= 2;
}

async function* read(file: InputFile, context: ReadContext): AsyncGenerator<FormatItem> {
  const encoding = await detectEncoding(file);
  const notices = encodingNotices(file, encoding);
  const messages: PlacedRecord[] = [];
  let any = false;
  for await (const line of readLines(decodedChunks(file, encoding), file, context.settings.limits)) {
    if ('kind' in line) {
      any = true;
      yield line;
      continue;
    }
    if (line.text.trim() === '') continue;
    any = true;
    const item = await readLine(line.line, line.text, file, context);
    if ('record' in item) messages.push(item);
    else {
      if (item.kind === 'session') item.notices.unshift(...notices);
      yield item;
    }
  }
  for await (const item of groupMessages(messages, file, context)) {
    if (item.kind === 'session') item.notices.unshift(...notices);
    yield item;
  }
  if (!any)
    yield failure('session-empty', placeOf(file), 'The file has blank lines only.', 'Export the sessions again.');
}

async function readLine(
  line: number,
  text: string,
  file: InputFile,
  context: ReadContext,
): Promise<FormatItem | PlacedRecord> {
  const place = placeOf(file, `:${line}`);
  const parsed = parseJson(text);
  if ('fault' in parsed) {
    const { column, message } = parsed.fault;
    return failure(
      'json-invalid',
      `${place}:${column}`,
      `Not valid JSON in line ${line}, column ${column}: ${message}. The other lines were read.`,
      'Write one whole JSON object in each line.',
    );
  }
  const { value } = parsed;
  if (!isObject(value))
    return failure(
      'session-invalid',
      `${place}:1`,
      `Line ${line} is no JSON object.`,
      'Write one whole JSON object in each line.',
    );
  if (!looksLikeSession(value, context.settings)) return { record: value, at: `line ${line}` };
  try {
    const entry = [file.entry, `line ${line}`].filter((part) => part !== null).join(' ');
    return await sessionFromRecord(value, { file, entry, place, idCandidates: [`${file.idBase}-${line}`] }, context);
  } catch (error) {
    return failureFrom(error, place);
  }
}
