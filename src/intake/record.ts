import type { Channel, Role } from '../session/index.ts';
import { recordingSchema, roleSchema, transcriptInfoSchema } from '../session/index.ts';
import type { Parts } from './assemble.ts';
import { assemble, looseMessage } from './assemble.ts';
import { attributeName, idOf, languageTag, messageField, nameOf, sessionField } from './fields.ts';
import type { SessionField } from './fields.ts';
import { givenTurnsSchema, isObject, messageFromRecord, messageFromTurn } from './message.ts';
import { failure, listIssues, notice, placeOf } from './problems.ts';
import { isRoleWord } from './speakers.ts';
import { isoTime } from './times.ts';
import type { FormatItem, InputFile, LooseMessage, ReadContext, Settings } from './types.ts';

type Json = Record<string, unknown>;

const channelNames: [Channel, RegExp][] = [
  ['call', /^(?:call|phone|voice|telephone|audio|电话|通话|语音|呼入|呼出|热线|電話)/i],
  ['ticket', /^(?:ticket|e-?mail|mail|case|web ?form|工单|邮件|电子邮件|工單|郵件)/i],
  ['chat', /^(?:chat|im|live ?chat|web|messag|whatsapp|wechat|sms|online|app|在线|聊天|微信|网页|线上|線上)/i],
];

/** The channel that a word stands for, null when none. */
export function channelOf(value: unknown): Channel | null {
  return typeof value === 'string'
    ? (channelNames.find(([, pattern]) => pattern.test(value.trim()))?.[0] ?? null)
    : null;
}

/** Where one record stands in its file. */
export interface RecordPlace {
  file: InputFile;
  /** `line 12`, `item 3`; null when the file is the session. */
  entry: string | null;
  place: string;
  idCandidates: string[];
}

/** The fields of a session-like record, with every fault found in them. */
export interface SessionFields {
  values: Partial<Record<SessionField, unknown>>;
  attributes: Json;
  channel: Channel | null;
  language: string | null;
  startedAt: string | null;
  channelRoles: Role[] | null;
  issues: string[];
}

/**
 * Sorts the keys of a record into session fields and attributes. The project's own names win over other spellings of
 * the same field, which then stay as attributes; nothing that the source says is dropped. `strict`: a value that does
 * not fit its field is a fault, not an attribute.
 */
export function readSessionFields(raw: Json, settings: Settings, strict: boolean): SessionFields {
  const values: Partial<Record<SessionField, unknown>> = {};
  const attributes: [string, unknown][] = [];
  const issues: string[] = [];
  const keys = Object.keys(raw).filter((key) => raw[key] !== null && raw[key] !== undefined && raw[key] !== '');
  const exact = keys.filter((key) => sessionField(key, settings.columns) === key);
  for (const key of [...exact, ...keys.filter((other) => !exact.includes(other))]) {
    const value = raw[key];
    const field = fieldFor(key, value, settings);
    if (key === 'attributes' && isObject(value)) attributes.push(...Object.entries(value));
    else if ((key === 'fields' || key === 'metadata') && isObject(value))
      attributes.push(
        ...Object.entries(value).map(([k, v]): [string, unknown] => [attributeName(k, settings.columns), v]),
      );
    else if (key === 'transcript' && transcriptInfoSchema.safeParse(value).success) continue;
    else if (field !== null && !(field in values)) {
      const wrong = misfit(field, value, settings);
      if (wrong === null) values[field] = value;
      else if (strict && (field === key || key === 'start')) issues.push(`${key}: ${wrong}`);
      else attributes.push([attributeName(key, settings.columns), value]);
    } else attributes.push([attributeName(key, settings.columns), value]);
  }
  return {
    values,
    attributes: Object.fromEntries(attributes),
    channel: channelOf(values.channel),
    language: typeof values.language === 'string' ? languageTag(values.language) : null,
    startedAt: isoTime(values.startedAt, settings.timeZone),
    channelRoles: rolesOf(values.channelRoles) ?? sideOf(values.agentChannel),
    issues,
  };
}

function fieldFor(key: string, value: unknown, settings: Settings): SessionField | null {
  if (key === 'type') return channelOf(value) === null ? null : 'channel';
  const field = sessionField(key, settings.columns);
  if (field !== null) return field;
  return messageField(key, settings.columns) === 'time' ? 'startedAt' : null;
}

/** What is wrong with a field's value, null when it can be read. */
function misfit(field: SessionField, value: unknown, settings: Settings): string | null {
  const not = (expected: string, holds: boolean) => (holds ? null : `expected ${expected}, received ${short(value)}`);
  const scalar = typeof value === 'string' || typeof value === 'number';
  switch (field) {
    case 'turns':
      return not('a list', Array.isArray(value));
    case 'channelRoles':
      return not('agent, customer or mixed for each channel', rolesOf(value) !== null);
    case 'agentChannel':
      return not('left or right', sideOf(value) !== null);
    case 'recording':
      return not('a file name', typeof value === 'string' || isObject(value));
    case 'agentId':
    case 'customerId':
    case 'team':
    case 'queue':
      return not('a name or id', typeof value === 'string' || nameOf(value) !== null);
    case 'id':
      return not('text or a number', scalar);
    case 'startedAt':
      return not('a date and time such as 2026-03-01T10:22:05Z', isoTime(value, settings.timeZone) !== null);
    case 'channel':
      return not('call, chat or ticket', channelOf(value) !== null);
    case 'language':
      return not('a tag such as en or zh', typeof value === 'string' && languageTag(value) !== null);
    case 'subject':
    case 'description':
    case 'reply':
    case 'file':
      return not('text', typeof value === 'string');
  }
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? text.slice(0, 60) + '…' : text;
}

/** `[agent, customer]` or `agent,customer`. */
function rolesOf(value: unknown): Role[] | null {
  const list = typeof value === 'string' ? value.split(/[,;|/\s]+/) : value;
  return roleSchema.array().min(1).max(16).safeParse(list).data ?? null;
}

/** `left|right|左|右`: the channel of a stereo recording that carries the agent. */
function sideOf(value: unknown): Role[] | null {
  if (typeof value !== 'string') return null;
  if (/^(?:left|l|左|左声道)$/i.test(value.trim())) return ['agent', 'customer'];
  return /^(?:right|r|右|右声道)$/i.test(value.trim()) ? ['customer', 'agent'] : null;
}

/** The messages of a list: own turns are checked strictly, other shapes by what can be read from them. */
export function readMessages(
  list: readonly unknown[],
  key: string,
  settings: Settings,
  issues: string[],
): LooseMessage[] {
  if (
    key === 'turns' ||
    list.every((item) => isObject(item) && typeof item.text === 'string' && ('start' in item || 'startMs' in item))
  ) {
    const turns = givenTurnsSchema.safeParse(list);
    if (turns.success) return turns.data.map(messageFromTurn);
    issues.push(listIssues(turns.error.issues.map((issue) => ({ ...issue, path: [key, ...issue.path] }))));
    return [];
  }
  return list.flatMap((item, i) => {
    const message = isObject(item)
      ? messageFromRecord(item, settings)
      : { fault: `expected an object, received ${typeName(item)}` };
    if (!('fault' in message)) return [message];
    if (issues.length < 50) issues.push(`${key}[${i}]: ${message.fault}`);
    return [];
  });
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
  const fields = readSessionFields(record, settings, Array.isArray(record.turns));
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
