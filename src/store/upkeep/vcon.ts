import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Recording, SessionResult, Speaker, Turn } from '../../session/index.ts';

/**
 * A session as a vCon: draft-ietf-vcon-vcon-core-04 (syntax 0.4.0), with the parameter `role` of
 * draft-ietf-vcon-cc-extension-02. docs/reference/export.md says which part of a result goes where.
 */
export interface Vcon {
  /** Deprecated in the draft; readers of its earlier versions ask for it. */
  vcon: '0.4.0';
  uuid: string;
  extensions: string[];
  created_at: string;
  parties: VconParty[];
  dialog: VconDialog[];
  analysis: VconAnalysis[];
  attachments: VconAttachment[];
}
interface Content {
  mediatype?: string;
  filename?: string;
  encoding?: 'base64url' | 'json' | 'none';
  body?: unknown;
}
interface VconParty {
  uuid?: string;
  type?: 'person' | 'bot';
  role?: string;
}
interface VconDialog extends Content {
  type: 'recording' | 'text';
  start?: string;
  duration?: number;
  /** One entry per channel where each carries another party. */
  parties: number | (number | number[])[];
  originator?: number;
}
interface VconAnalysis extends Content {
  type: string;
  dialog: number[];
  vendor: string;
  product: string;
  schema: string;
}
interface VconAttachment extends Content {
  purpose: string;
  start: string;
  party: number;
  dialog: number;
}

export interface VconOptions {
  /** The session's key in its installation. */
  key: string;
  createdAt: string;
  /** The recording's bytes, where they are wanted and there. */
  recording: Uint8Array | null;
}

export function toVcon(result: SessionResult, { key, createdAt, recording }: VconOptions): Vcon {
  const speakers = speakersOf(result);
  const parties = speakers.map((speaker) => partyOf(speaker, result));
  const index = (speaker: Speaker) => speakers.indexOf(speaker);
  const spoken = result.channel === 'call';
  const shown = result.turns.filter(({ visibility }) => visibility === 'public');
  const dialog = spoken
    ? [callDialog(result, speakers, recording)]
    : shown.map((turn) => textDialog(turn, result, speakers));
  const all = dialog.map((_, at) => at);
  const analysis = (type: string, schema: string, body: unknown): VconAnalysis => ({
    type,
    dialog: all,
    mediatype: 'application/json',
    vendor: 'Earwitness',
    product: result.pins.engine,
    schema,
    encoding: 'json',
    body,
  });
  const { turns, sentiment, recording: _recording, source: _source, audio: _audio, ...verdicts } = result;
  return {
    vcon: '0.4.0',
    uuid: uuidOf(key, createdAt),
    extensions: ['CC'],
    created_at: createdAt,
    parties,
    dialog,
    analysis: [
      ...(spoken && shown.length > 0
        ? [
            analysis('transcript', 'earwitness/report/1#/sessions/turns', {
              transcript: result.transcript,
              turns: shown.map((turn) => ({ ...turn, party: index(turn.speaker) })),
            }),
          ]
        : []),
      analysis('sentiment', 'earwitness/report/1#/sessions/sentiment', sentiment),
      analysis('report', 'earwitness/report/1#/sessions', verdicts),
    ],
    attachments: turns
      .filter(({ visibility }) => visibility === 'internal')
      .map((turn) => ({
        purpose: 'internal note',
        start: instantOf(result, turn.startMs) ?? createdAt,
        party: index(turn.speaker),
        dialog: Math.max(0, shown.filter(({ n }) => n < turn.n).length - 1),
        mediatype: 'text/plain',
        encoding: 'none' as const,
        body: turn.text,
      }))
      // It must belong to a dialog, and notes on a call all belong to its one.
      .map((note) => (spoken ? { ...note, dialog: 0 } : note)),
  };
}

/** Who takes part, in an order that does not depend on who speaks first; a channel of a recording is somebody too. */
function speakersOf({ turns, recording }: SessionResult): Speaker[] {
  const order: Speaker[] = ['agent', 'customer', 'bot', 'system', 'unknown'];
  const present = new Set<Speaker>(turns.map(({ speaker }) => speaker));
  for (const role of recording?.roles ?? [])
    for (const speaker of role === 'mixed' ? (['agent', 'customer'] as const) : [role]) present.add(speaker);
  if (present.size === 0) present.add('agent').add('customer');
  return order.filter((speaker) => present.has(speaker));
}

function partyOf(speaker: Speaker, { agentId, customerId }: SessionResult): VconParty {
  switch (speaker) {
    case 'agent':
      return { ...(agentId === null ? {} : { uuid: agentId }), type: 'person', role: 'agent' };
    case 'customer':
      return { ...(customerId === null ? {} : { uuid: customerId }), type: 'person', role: 'customer' };
    case 'bot':
    case 'system':
      return { type: 'bot', role: speaker };
    case 'unknown':
      return {};
  }
}

function callDialog(result: SessionResult, speakers: Speaker[], bytes: Uint8Array | null): VconDialog {
  const { recording } = result;
  const everybody = speakers.map((_, at) => at);
  const start = instantOf(result, 0);
  const lengthMs = recording?.durationMs ?? result.measures.durationMs;
  return {
    type: 'recording',
    ...(start === null ? {} : { start }),
    ...(lengthMs === null ? {} : { duration: Math.max(0, lengthMs) / 1000 }),
    parties:
      recording && recording.roles.length > 1
        ? recording.roles.map((role) =>
            role === 'mixed' ? [speakers.indexOf('agent'), speakers.indexOf('customer')] : speakers.indexOf(role),
          )
        : everybody,
    ...(recording && bytes
      ? {
          mediatype: mediaTypeOf(recording),
          filename: basename(recording.path.replaceAll('\\', '/')),
          encoding: 'base64url',
          body: Buffer.from(bytes).toString('base64url'),
        }
      : {}),
  };
}

function textDialog(turn: Turn, result: SessionResult, speakers: Speaker[]): VconDialog {
  const start = instantOf(result, turn.startMs);
  const writer = speakers.indexOf(turn.speaker);
  // The writer first: who is first is the originator.
  const parties = [writer, ...speakers.map((_, at) => at).filter((at) => at !== writer)];
  return {
    type: 'text',
    ...(start === null ? {} : { start }),
    duration: 0,
    parties,
    originator: writer,
    mediatype: 'text/plain',
    encoding: 'none',
    body: turn.text,
  };
}

function instantOf({ startedAt }: SessionResult, ms: number | null): string | null {
  if (startedAt === null || ms === null) return null;
  const instant = Date.parse(startedAt) + ms;
  return Number.isFinite(instant) ? new Date(instant).toISOString() : null;
}

function mediaTypeOf({ container }: Recording): string {
  switch (container) {
    case 'wav':
      return 'audio/x-wav';
    case 'mp3':
      return 'audio/x-mp3';
    case 'mp4':
    case 'm4a':
      return 'audio/x-mp4';
    default:
      return /^[a-z0-9]+$/.test(container) ? `audio/${container}` : 'application/octet-stream';
  }
}

/** Version 8: the instant as in version 7, and in place of chance the session and the instant. */
function uuidOf(key: string, createdAt: string): string {
  const time = Date.parse(createdAt).toString(16).padStart(12, '0').slice(-12);
  const rest = createHash('sha256').update(`${key}\n${createdAt}`).digest('hex');
  const variant = ((Number.parseInt(rest.charAt(3), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-8${rest.slice(0, 3)}-${variant}${rest.slice(4, 7)}-${rest.slice(7, 19)}`;
}
