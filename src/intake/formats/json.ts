import { EarwitnessError } from '../../session/index.ts';
import { parseJson } from '../json.ts';
import { isObject } from '../message.ts';
import { failure, failureFrom, placeOf, suffixOf } from '../problems.ts';
import { looksLikeSession, sessionFromRecord } from '../record.ts';
import { groupMessages } from '../rows.ts';
import { readText } from '../text-file.ts';
import type { FormatItem, Format, InputFile, ReadContext } from '../types.ts';

/** One JSON document: a session, a list of sessions, or a list of messages. */
export const json: Format = {
  id: 'json',
  family: 'text',
  title: { en: 'JSON sessions', zh: 'JSON 会话' },
  extensions: ['.json'],
  recognises: ({ text }) => text !== null && /^\s*(?:\{\s*["}]|\[\s*[[{"\]\d-])/.test(text),
  read,
};

/** Keys under which an export wraps its list of sessions. */
const wrappers = [
  'sessions',
  'conversations',
  'chats',
  'tickets',
  'calls',
  'dialogs',
  'dialogues',
  'items',
  'results',
  'records',
  'data',
  '会话',
  '工单',
];

async function* read(file: InputFile, context: ReadContext): AsyncGenerator<FormatItem> {
  const { settings } = context;
  const { text, notices } = await readText(
    file,
    settings.limits,
    'Save the sessions as JSONL, one in each line; that is read piece by piece.',
  );
  const parsed = parseJson(text);
  if ('fault' in parsed) {
    const { line, column, message } = parsed.fault;
    throw new EarwitnessError(
      'json-invalid',
      placeOf(file, `:${line}:${column}`),
      `Not valid JSON in line ${line}, column ${column}: ${message}.`,
      'Correct the file there, or export it again.',
    );
  }
  for await (const item of readDocument(parsed.value, file, context)) {
    if (item.kind === 'session') item.notices.unshift(...notices);
    yield item;
  }
}

async function* readDocument(value: unknown, file: InputFile, context: ReadContext): AsyncGenerator<FormatItem> {
  const { settings } = context;
  const list = Array.isArray(value) ? (value as unknown[]) : wrappedList(value, settings.columns);
  if (list === null) {
    if (!isObject(value) || !looksLikeSession(value, settings))
      yield failure(
        'session-empty',
        placeOf(file),
        'No conversation is found in this JSON: there is no list of turns, messages or comments.',
        'See docs/reference/inputs.md for the shapes that are read. Metadata of a recording is read together with the recording beside it.',
      );
    else yield await guarded(value, file, null, context);
    return;
  }
  if (list.length === 0) {
    yield failure('session-empty', placeOf(file), 'The list in this file is empty.', 'Export the sessions again.');
    return;
  }
  if (list.every(isObject) && !list.some((item) => looksLikeSession(item, settings))) {
    yield* groupMessages(
      list.map((record, i) => ({ record, at: `item ${i + 1}` })),
      file,
      context,
    );
    return;
  }
  for (const [i, item] of list.entries()) {
    const entry = `item ${i + 1}`;
    if (isObject(item)) yield await guarded(item, file, entry, context);
    else
      yield failure(
        'session-invalid',
        placeOf(file, suffixOf(entry)),
        `Expected a session, received ${JSON.stringify(item)?.slice(0, 60)}.`,
        'Every element of the list must be an object.',
      );
  }
}

async function guarded(
  record: Record<string, unknown>,
  file: InputFile,
  entry: string | null,
  context: ReadContext,
): Promise<FormatItem> {
  const place = placeOf(file, suffixOf(entry));
  try {
    const inside = [file.entry, entry].filter((part) => part !== null).join(' ');
    const idCandidates = entry === null ? [file.idBase] : [`${file.idBase}-${entry.replace('item ', '')}`];
    return await sessionFromRecord(
      record,
      { file, entry: inside === '' ? null : inside, place, idCandidates },
      context,
    );
  } catch (error) {
    return failureFrom(error, place);
  }
}

function wrappedList(value: unknown, columns: Readonly<Record<string, string>>): unknown[] | null {
  if (!isObject(value)) return null;
  for (const key of wrappers) {
    const list = value[key];
    // `conversations: [{from, value}]` is one conversation's messages in some exports, a list of them in others.
    if (
      Array.isArray(list) &&
      columns[key] === undefined &&
      (list.length === 0 ||
        list.some(
          (item) => isObject(item) && Object.values(item).some((part) => Array.isArray(part) || isObject(part)),
        ))
    )
      return list as unknown[];
  }
  return null;
}
