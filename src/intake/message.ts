import { z } from 'zod';
import { msSchema } from '../session/index.ts';
import type { Word } from '../session/index.ts';
import { looseMessage } from './assemble.ts';
import { messageField, nameOf } from './fields.ts';
import type { LooseMessage, Settings } from './types.ts';

type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const seconds = z.number().min(0);
const givenWord = z.looseObject({
  text: z.string().optional(),
  word: z.string().optional(),
  startMs: msSchema.optional(),
  endMs: msSchema.optional(),
  start: seconds.optional(),
  end: seconds.optional(),
  confidence: z.number().min(0).max(1).optional(),
  probability: z.number().min(0).max(1).optional(),
});

/** A turn in the project's own vocabulary, or as speech recognisers write it (`start`/`end` in seconds). */
const givenTurn = z.looseObject({
  speaker: z.string().nullish(),
  startMs: msSchema.nullish(),
  endMs: msSchema.nullish(),
  start: seconds.nullish(),
  end: seconds.nullish(),
  text: z.string(),
  words: z.array(givenWord).nullish(),
  confidence: z.number().min(0).max(1).nullish(),
  visibility: z.enum(['public', 'internal']).nullish(),
  auto: z.boolean().nullish(),
  author: z.string().nullish(),
});

/** The turns of a session; every fault is listed with its path. */
export const givenTurnsSchema = z.array(givenTurn);

const toMs = (ms: number | null | undefined, s: number | null | undefined): number | null =>
  ms ?? (s == null ? null : Math.round(s * 1000));

function toWord(word: z.infer<typeof givenWord>): Word | null {
  const text = word.text ?? word.word?.trim();
  const startMs = toMs(word.startMs, word.start);
  const endMs = toMs(word.endMs, word.end);
  if (text === undefined || startMs === null || endMs === null) return null;
  const confidence = word.confidence ?? word.probability;
  return { text, startMs, endMs, ...(confidence === undefined ? {} : { confidence }) };
}

/** A checked turn as a message. Words without text or times are left out, as nothing can be located by them. */
export function messageFromTurn(turn: z.infer<typeof givenTurn>): LooseMessage {
  const words = turn.words?.flatMap((word) => toWord(word) ?? []) ?? null;
  return looseMessage({
    text: turn.text,
    labels: turn.speaker == null ? [] : [turn.speaker],
    author: turn.author ?? null,
    startMs: toMs(turn.startMs, turn.start) ?? words?.[0]?.startMs ?? null,
    endMs: toMs(turn.endMs, turn.end) ?? words?.at(-1)?.endMs ?? null,
    time: turn.time ?? turn.timestamp ?? null,
    visibility: turn.visibility ?? 'public',
    auto: turn.auto ?? null,
    words,
    confidence: turn.confidence ?? null,
  });
}

/**
 * A message in any of the shapes that chat and ticket systems export. Returns the fault instead when it has no text.
 */
export function messageFromRecord(raw: Json, settings: Settings): LooseMessage | { fault: string } {
  const message = looseMessage({ text: '' });
  let text: string | null = null;
  for (const [key, value] of Object.entries(raw)) {
    if (value === null || value === undefined || value === '') continue;
    const field = messageField(key, settings.columns);
    switch (field) {
      case 'text': {
        const found = flattenText(value);
        // `message: {text: …}` beside `body` and the like: the first that has text counts, plain text before all.
        if (found !== null && (text === null || /plain/i.test(key))) text = found;
        break;
      }
      case 'speaker':
        addLabels(message, value);
        break;
      case 'author':
        message.author ??= nameOf(value);
        break;
      case 'time':
        message.time ??= isObject(value) ? (value.$date ?? null) : value;
        break;
      case 'startMs':
      case 'endMs':
        message[field] ??= asNumber(value, 1);
        break;
      case 'startS':
        message.startMs ??= asNumber(value, 1000);
        break;
      case 'endS':
        message.endMs ??= asNumber(value, 1000);
        break;
      case 'visibility':
        if (isInternal(key, value)) message.visibility = 'internal';
        break;
      case 'auto':
        message.auto = truthy(value);
        break;
      case null:
        // Names such as `user` or `agentName` in a message tell who writes it.
        if (/^(?:user|username|agent|agentName|坐席|客服)$/i.test(key)) addLabels(message, value);
        else if (key === 'start') message.startMs ??= asNumber(value, 1000);
        break;
    }
  }
  if (text === null && typeof raw.html_body === 'string') text = stripHtml(raw.html_body);
  if (text === null && !mediaKeys.some((key) => key in raw))
    return { fault: 'has no text (looked for text, content, body, message, 内容)' };
  message.text = text ?? '';
  return message;
}

const mediaKeys = ['attachments', 'attachment', 'image', 'images', 'file', 'files', 'media', 'url', 'event'];

function addLabels(message: LooseMessage, value: unknown): void {
  if (!isObject(value)) {
    const name = typeof value === 'boolean' ? null : nameOf(value);
    if (name !== null) message.labels.push(name);
    return;
  }
  for (const key of ['role', 'type', 'kind', 'id', 'email', 'name'])
    if (typeof value[key] === 'string' || typeof value[key] === 'number') message.labels.push(String(value[key]));
  message.author ??= typeof value.name === 'string' ? value.name : nameOf(value);
}

/** Text of a message body: a string, `{text}`, or a list of such parts. */
function flattenText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    const parts = value.flatMap((part) => flattenText(part) ?? []);
    return parts.length > 0 ? parts.join('\n') : null;
  }
  if (!isObject(value)) return null;
  for (const key of ['text', 'content', 'body', 'plain', 'value'])
    if (typeof value[key] === 'string') return value[key];
  return null;
}

function asNumber(value: unknown, factor: number): number | null {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isFinite(number) ? Math.round(number * factor) : null;
}

function truthy(value: unknown): boolean {
  return (
    value === true || value === 1 || (typeof value === 'string' && /^(?:true|yes|y|1|是|内部)$/i.test(value.trim()))
  );
}

/** `public: false`, `private: true`, `internal: 是`, `visibility: internal|private|内部`. */
function isInternal(key: string, value: unknown): boolean {
  if (/public/i.test(key)) return value === false || value === 0 || /^(?:false|no|n|0|否)$/i.test(String(value).trim());
  if (typeof value === 'string' && /^(?:internal|private|note|内部|私有|内部备注)$/i.test(value.trim())) return true;
  return !/^(?:visibility|可见性)$/i.test(key) && truthy(value);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** HTML → readable plain text: blocks become lines, scripts and styles go, common entities are read. */
export function stripHtml(html: string): string {
  return html
    .replace(/<(script|style|head)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, '')
    .replace(/<blockquote\b[^>]*>/gi, '\n> ')
    .replace(/<br\s*\/?>|<\/(?:p|div|tr|li|h[1-6]|blockquote)\s*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, name: string) => {
      if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole;
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
