import type { Channel, Role } from '../session/index.ts';
import { roleSchema, transcriptInfoSchema } from '../session/index.ts';
import { attributeName, languageTag, messageField, nameOf, sessionField } from './fields.ts';
import type { SessionField } from './fields.ts';
import { givenTurnsSchema, isObject, messageFromRecord, messageFromTurn } from './message.ts';
import { listIssues } from './problems.ts';
import { isoTime } from './times.ts';
import type { LooseMessage, Settings } from './types.ts';

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
 * Which values that do not fit their field are faults rather than attributes: those under the project's own names
 * (`own`), those of a sidecar or manifest that steer how a recording is heard, whatever their name (`metadata`), none.
 */
export type Strictness = 'own' | 'metadata' | 'none';

const checkedMetadata = new Set<SessionField>([
  'turns',
  'channel',
  'language',
  'startedAt',
  'channelRoles',
  'agentChannel',
]);

/**
 * Sorts the keys of a record into session fields and attributes. The project's own names win over other spellings of
 * the same field, which then stay as attributes; nothing that the source says is dropped.
 */
export function readSessionFields(raw: Json, settings: Settings, strict: Strictness): SessionFields {
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
      else if (strict === 'metadata' ? checkedMetadata.has(field) : strict === 'own' && field === key)
        issues.push(`${key}: ${wrong}`);
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

export function short(value: unknown): string {
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
