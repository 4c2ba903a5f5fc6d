import { attributeName, messageField, sessionField } from './fields.ts';
import { messageFromRecord } from './message.ts';
import { failure, failureFrom, placeOf, suffixOf } from './problems.ts';
import { sessionFromRecord } from './record.ts';
import type { FormatItem, InputFile, ReadContext, Settings } from './types.ts';

type Json = Record<string, unknown>;

/** A flat record with its place in the file: `line 12`, `item 3`. */
export interface PlacedRecord {
  record: Json;
  at: string;
}

/**
 * Flat records (CSV rows, JSON messages that name their session) → sessions, in order of their first record. What a
 * row says of its session (agent, queue, own columns) is collected; a value that changes is kept as a list.
 */
export async function* groupMessages(
  records: readonly PlacedRecord[],
  file: InputFile,
  context: ReadContext,
): AsyncGenerator<FormatItem> {
  for (const group of groupById(records, context.settings)) {
    const place = placeOf(file, suffixOf(group.records.length === records.length ? null : group.records[0]!.at));
    try {
      yield* groupToSession(group, place, file, context);
    } catch (error) {
      yield failureFrom(error, place);
    }
  }
}

interface Group {
  id: string | null;
  records: PlacedRecord[];
}

function idKey(record: Json, settings: Settings): string | null {
  const keys = Object.keys(record).filter((key) => sessionField(key, settings.columns) === 'id');
  // A bare `id` beside `conversation_id` is the message's own.
  return keys.find((key) => !/^(?:id|编号)$/i.test(key)) ?? keys[0] ?? null;
}

function groupById(records: readonly PlacedRecord[], settings: Settings): Group[] {
  const groups = new Map<string | null, Group>();
  let bareIds = true;
  for (const placed of records) {
    const key = idKey(placed.record, settings);
    const value = key === null ? null : placed.record[key];
    const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : null;
    if (key !== null && !/^(?:id|编号)$/i.test(key)) bareIds = false;
    const group = groups.get(id) ?? { id, records: [] };
    group.records.push(placed);
    groups.set(id, group);
  }
  // With an `id` that never repeats and a speaker in each row, `id` counts messages: the file is one session.
  const numbered =
    bareIds &&
    records.length > 1 &&
    groups.size === records.length &&
    records.every(({ record }) => hasField(record, 'speaker', settings));
  return numbered ? [{ id: null, records: [...records] }] : [...groups.values()];
}

function hasField(record: Json, field: string, settings: Settings): boolean {
  return Object.keys(record).some((key) => messageField(key, settings.columns) === field);
}

async function* groupToSession(
  group: Group,
  place: string,
  file: InputFile,
  context: ReadContext,
): AsyncGenerator<FormatItem> {
  const { settings } = context;
  const shared = new Map<string, unknown[]>();
  const messages: Json[] = [];
  for (const { record, at } of group.records) {
    const message = splitRecord(record, shared, settings);
    if (Object.keys(message).length === 0) continue;
    const read = messageFromRecord(message, settings);
    if (!('fault' in read)) messages.push(message);
    else if (!isTicketRow(record, settings))
      yield failure(
        'session-invalid',
        placeOf(file, suffixOf(at)),
        `The message ${read.fault}; it was passed over.`,
        'Fill in the text or remove the row.',
      );
  }
  const session: Json = Object.fromEntries(
    [...shared].map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
  );
  if (group.id !== null) session.id = group.id;
  const ticket = group.records.some(({ record }) => isTicketRow(record, settings));
  if (messages.length > 0 && (!ticket || messages.length > 1 || hasText(messages[0]!, settings)))
    session.messages = messages;
  else Object.assign(session, messages[0]);
  if (ticket && session.channel === undefined) session.channel = 'ticket';
  const first = group.records[0]!.at;
  const whole = place === placeOf(file);
  const entry = whole ? file.entry : [file.entry, first].filter((part) => part !== null).join(' ');
  yield await sessionFromRecord(session, { file, entry, place, idCandidates: [file.idBase] }, context);
}

function hasText(record: Json, settings: Settings): boolean {
  return hasField(record, 'text', settings);
}

function isTicketRow(record: Json, settings: Settings): boolean {
  return Object.keys(record).some((key) => sessionField(key, settings.columns) === 'description');
}

/** Takes apart what belongs to the message and what belongs to its session. */
function splitRecord(record: Json, shared: Map<string, unknown[]>, settings: Settings): Json {
  const message: [string, unknown][] = [];
  const id = idKey(record, settings);
  for (const [key, value] of Object.entries(record)) {
    if (key === id) continue;
    const session = sessionField(key, settings.columns);
    if (messageField(key, settings.columns) !== null && session === null) message.push([key, value]);
    else if (session === 'startedAt' && /^start$/i.test(key)) message.push([key, value]);
    else if (session !== 'id') {
      const name = session === null || session === 'turns' ? attributeName(key, settings.columns) : key;
      const values = shared.get(name) ?? [];
      if (!values.some((other) => JSON.stringify(other) === JSON.stringify(value)) && values.length < 20)
        values.push(value);
      shared.set(name, values);
    }
  }
  return Object.fromEntries(message);
}
