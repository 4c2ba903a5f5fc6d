import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../context.ts';
import { HttpProblem, notFound } from '../../http/problem.ts';
import { readRange } from './ranges.ts';

const types: Readonly<Record<string, string>> = {
  wav: 'audio/wav',
  w64: 'audio/wav',
  rf64: 'audio/wav',
  aiff: 'audio/aiff',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  flac: 'audio/flac',
  mp4: 'audio/mp4',
  m4a: 'audio/mp4',
  mov: 'audio/mp4',
  webm: 'audio/webm',
  matroska: 'audio/webm',
  amr: 'audio/amr',
  au: 'audio/basic',
};

/** Where the sound of a session lies in the archive, for those who may see the session. */
export async function recordingOf(
  { store }: Context,
  key: string,
  scope: Parameters<Context['store']['sessions']['summary']>[1],
): Promise<{ sha256: string; type: string }> {
  const summary = await store.sessions.summary(key, scope);
  if (!summary) throw notFound('The session');
  if (!summary.hasRecording) throw notFound('The recording');
  const found = await store.sessions.result(key, scope);
  const waiting = found?.result.recording ? null : (await store.sessions.waiting([key]))[0];
  const sha256 = found?.result.recording?.sha256 ?? waiting?.recordingSha256;
  if (!sha256) throw notFound('The recording');
  const container = (found?.result.recording?.container ?? '').toLowerCase();
  const known = Object.keys(types).find((name) => container.split(/[,\s/]/).includes(name));
  return { sha256, type: known ? types[known]! : 'application/octet-stream' };
}

/** Players ask for a recording in many pieces; a person listens once. */
const onceInMs = 10 * 60_000;
const remembered = 10_000;

/** Writes down that somebody listens: once for each person and recording in ten minutes. */
export function listeningLog({ store, now }: Pick<Context, 'store' | 'now'>) {
  const heard = new Map<string, number>();
  return async (request: FastifyRequest, key: string): Promise<void> => {
    const actor = request.actor!;
    const id = `${actor.name} ${key}`;
    const at = now().getTime();
    if (at - (heard.get(id) ?? -Infinity) < onceInMs) return;
    await store.audit.append({
      actor: actor.name,
      action: 'raw.listen',
      target: `session:${key}`,
      detail: { requestId: request.id },
    });
    heard.delete(id);
    heard.set(id, at);
    if (heard.size > remembered) heard.delete(heard.keys().next().value!);
  };
}

/** Sends the bytes that were asked for: all (200), a range (206), or none because they are known (304). */
export async function sendRecording(
  { archive }: Pick<Context, 'archive'>,
  request: FastifyRequest,
  reply: FastifyReply,
  { sha256, type, name }: { sha256: string; type: string; name: string },
): Promise<FastifyReply> {
  const info = await archive.has(sha256);
  if (!info) throw notFound('The recording');
  const etag = `"${sha256}"`;
  void reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-disposition': `inline; filename="${name.replace(/[^\w.-]/g, '_')}"`,
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const { range: asked, 'if-range': ifRange } = request.headers;
  const range = ifRange !== undefined && ifRange !== etag ? null : readRange(asked, info.bytes);
  if (range === 'refused')
    throw new HttpProblem(
      416,
      'range-invalid',
      `The recording has ${info.bytes} bytes; the range asked for is malformed or lies outside.`,
      'Ask for one range, as in `range: bytes=0-65535`.',
      { headers: { 'content-range': `bytes */${info.bytes}` } },
    );
  const { start, end } = range ?? { start: 0, end: info.bytes - 1 };
  void reply.type(type).header('content-length', String(end - start + 1));
  if (range) void reply.code(206).header('content-range', `bytes ${start}-${end}/${info.bytes}`);
  if (request.method === 'HEAD') return reply.send();
  return reply.send(await archive.read(sha256, info.bytes === 0 ? undefined : { start, end }));
}
