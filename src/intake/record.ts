import type { Channel } from '../session/index.ts';
import { recordingSchema, speakerSchema, transcriptInfoSchema } from '../session/index.ts';
import type { Parts } from './assemble.ts';
import { assemble, looseMessage } from './assemble.ts';
import { idOf, messageField, nameOf, sessionField } from './fields.ts';
import type { SessionField } from './fields.ts';
import { isObject } from './message.ts';
import { failure, notice, placeOf } from './problems.ts';
import { readMessages, readSessionFields, short } from './session-fields.ts';
import { isRoleWord } from './speakers.ts';
import type { FormatItem, InputFile, LooseMessage, ReadContext, Settings } from './types.ts';

type Json = Record<string, unknown>;

/** Where one record stands in its file. */
export interface RecordPlace {
  file: InputFile;
  /** `line 12`, `item 3`; null when the file is the session. */
  entry: string | null;
  place: string;
  idCandidates: string[];
}

/** True for an object that holds a conversation or can stand for one. */
export function looksLikeSession(value: Json, settings: Settings): boolean {
  if (isObject(value.ticket)) return true;
  const fields = Object.keys(value).map((key) => sessionField(key, settings.columns));
  if (fields.some((field, i) => field === 'turns' && Array.isArray(Object.values(value)[i]))) return true;
  return (
    fields.includes('recording') ||
    (fields.includes('description') && (fields.includes('subject') || fields.includes('id')))
  );
}

/** One record → one session, or the failure that names all its faults. */
export async function sessionFromRecord(raw: Json, at: RecordPlace, context: ReadContext): Promise<FormatItem> {
  const { settings } = context;
  const record = isObject(raw.ticket) ? { ...raw.ticket, ...withoutKey(raw, 'ticket') } : raw;
  const fields = readSessionFields(record, settings, Array.isArray(record.turns) ? 'own' : 'none');
  const { values, issues } = fields;
  const turnsKey =
    Object.keys(record).find((key) => record[key] === values.turns && values.turns !== undefined) ?? 'turns';
  const messages = Array.isArray(values.turns) ? readMessages(values.turns, turnsKey, settings, issues) : [];
  if (issues.length > 0)
    return failure(
      'session-invalid',
      at.place,
      issues.join('; '),
      'See docs/reference/inputs.md for the shape of a session.',
    );

  const attributes = { ...fields.attributes };
  if (typeof values.subject === 'string') attributes.subject = values.subject;
  const opening = typeof values.description === 'string' ? values.description : null;
  if (opening !== null && messages[0]?.text.trim() !== opening.trim())
    messages.unshift(
      looseMessage({
        text: opening,
        speaker: 'customer',
        author: nameOf(values.customerId),
        time: openingTime(record, settings, messages),
      }),
    );
  if (typeof values.reply === 'string') {
    if (messages.length > 0 && values.turns === undefined)
      messages.push(looseMessage({ text: values.reply, speaker: 'agent' }));
    else attributes.reply = values.reply;
  }
  const recording = recordingSchema.safeParse(values.recording);
  const channel = fields.channel ?? inferChannel(record, turnsKey, values, messages);
  const parts: Parts = {
    path: at.file.path,
    entry: at.entry,
    place: at.place,
    id: idOf(values.id),
    idCandidates: at.idCandidates,
    channel,
    language: fields.language,
    agentId: party(values.agentId),
    customerId: party(values.customerId),
    team: party(values.team),
    queue: party(values.queue),
    startedAt: fields.startedAt,
    attributes,
    recording: recording.success ? recording.data : null,
    transcript: transcriptInfoSchema.safeParse(record.transcript).data ?? null,
    messages: channel === 'ticket' ? messages.map((message) => attributeWriter(message, record)) : messages,
    recordingPath: null,
    channelRoles: fields.channelRoles,
    notices: [],
  };
  const missing = await attachRecording(parts, values.recording, at, context);
  return missing ?? assemble(parts, settings);
}

/** Finds the recording that a record names beside its file. Without turns the session is lost when it is not there. */
async function attachRecording(
  parts: Parts,
  named: unknown,
  at: RecordPlace,
  context: ReadContext,
): Promise<FormatItem | null> {
  const relative =
    typeof named === 'string' ? named : isObject(named) && typeof named.path === 'string' ? named.path : null;
  if (relative === null) return null;
  const file = await at.file.resolve(relative);
  if (file) {
    context.claim(file);
    parts.recordingPath = await file.localPath();
    const side = context.settings.agentChannel;
    if (side && !parts.channelRoles)
      parts.channelRoles = side === 'left' ? ['agent', 'customer'] : ['customer', 'agent'];
    return null;
  }
  if (parts.recording) return null;
  const message = `The recording ${short(relative)} is not there. It is looked for relative to ${placeOf(at.file)} and must lie in the same input folder.`;
  const hint = 'Put the recording there or correct the path.';
  if (parts.messages.length === 0) return failure('path-unreadable', at.place, message, hint);
  parts.notices.push(
    notice('path-unreadable', at.place, `${message} The given transcript is inspected without sound.`, hint),
  );
  return null;
}

function inferChannel(
  record: Json,
  turnsKey: string,
  values: Partial<Record<SessionField, unknown>>,
  messages: readonly LooseMessage[],
): Channel {
  if (values.recording !== undefined || turnsKey === 'segments') return 'call';
  if (/^(?:comments|replies|thread|评论)$/i.test(turnsKey) || values.description !== undefined) return 'ticket';
  if (Object.keys(record).some((key) => /^(?:ticket|case|工单)/i.test(key))) return 'ticket';
  return messages.some((m) => (m.words?.length ?? 0) > 0 || (m.endMs !== null && m.endMs > (m.startMs ?? 0)))
    ? 'call'
    : 'chat';
}

/** A description has the time at which the ticket was opened, if the comments have times of the same kind. */
function openingTime(record: Json, settings: Settings, messages: readonly LooseMessage[]): unknown {
  if (messages.some((message) => message.startMs !== null)) return null;
  const key = Object.keys(record).find(
    (name) => messageField(name, settings.columns) === 'time' || sessionField(name, settings.columns) === 'startedAt',
  );
  return key === undefined ? null : record[key];
}

/** In a ticket the requester's and the assignee's ids name the sides, and internal notes are the company's. */
function attributeWriter(message: LooseMessage, record: Json): LooseMessage {
  if (message.speaker !== null) return message;
  // A side that is stated in the project's own words is not guessed anew from who wrote it.
  if (message.labels.some((label) => label !== 'unknown' && speakerSchema.safeParse(label).success)) return message;
  const wrote = [...message.labels];
  if (message.author !== null) wrote.push(message.author);
  const sides = [
    ['customer', ['requester', 'requester_id', 'requesterId', 'customer', 'customerId', 'customer_id']],
    ['agent', ['assignee', 'assignee_id', 'assigneeId', 'agent', 'agentId', 'agent_id']],
  ] as const;
  for (const [speaker, keys] of sides)
    for (const key of keys)
      if (namesOf(record[key]).some((name) => wrote.includes(name))) return { ...message, speaker };
  const named = message.labels.some((label) => isRoleWord(label));
  return message.visibility === 'internal' && !named ? { ...message, speaker: 'agent' } : message;
}

function namesOf(value: unknown): string[] {
  if (isObject(value)) return [value.id, value.email, value.name].flatMap((part) => nameOf(part) ?? []);
  return nameOf(value) === null ? [] : [nameOf(value)!];
}

/** Strings stay as they are, so that a session written by earwitness reads back unchanged. */
function party(value: unknown): string | null {
  return typeof value === 'string' ? value : nameOf(value);
}

function withoutKey(record: Json, key: string): Json {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
