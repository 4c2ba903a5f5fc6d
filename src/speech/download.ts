import { open, rename, rm, stat } from 'node:fs/promises';
import { EarwitnessError, isNodeError } from '../session/index.ts';
import { sha256OfFile } from './hash.ts';
import { networkReason } from './hub.ts';

export interface DownloadRequest {
  address: string;
  /** Where the finished file stands; until then its bytes gather in `<target>.part`. */
  target: string;
  /** From the catalogue; null where unknown. */
  bytes: number | null;
  sha256: string | null;
  onBytes?: ((done: number, total: number | null) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** No byte for so long counts as a broken connection. */
  stallMs?: number | undefined;
}

/** Broken connections that are mended by resuming, before the fault is told. */
const attempts = 3;

/**
 * Fetches one file: resumes a partial one by HTTP Range, checks size and SHA-256 of the whole, then renames it into
 * place, so that `target` is either absent or complete. Without a hash in the catalogue the digest that the hub
 * states for the file (`x-linked-etag`) is used. A broken connection keeps the partial file for the next try.
 * @throws EarwitnessError `model-unreachable` | `model-corrupt` (the partial file is removed) | `disk-full` | `cancelled`
 */
export async function downloadFile(request: DownloadRequest): Promise<{ sha256: string; checked: boolean }> {
  const part = `${request.target}.part`;
  for (let attempt = 1; ; attempt++) {
    try {
      const stated = await transfer(request, part);
      return await verify(request, part, stated);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (error instanceof EarwitnessError) throw error;
      if (isNodeError(error) && error.code === 'ENOSPC')
        throw new EarwitnessError(
          'disk-full',
          part,
          'The disk is full.',
          'Free some space and run again; the download goes on where it stopped.',
        );
      if (attempt === attempts)
        throw new EarwitnessError(
          'model-unreachable',
          request.address,
          `The download broke off (${networkReason(error)}) ${attempts} times.`,
          'Run again: it goes on where it stopped.',
        );
    }
  }
}

interface Stated {
  sha256: string | null;
  bytes: number | null;
}

async function verify(request: DownloadRequest, part: string, stated: Stated) {
  const bytes = request.bytes ?? stated.bytes;
  const { size } = await stat(part);
  const sha256 = await sha256OfFile(part, request.signal);
  const expected = request.sha256 ?? stated.sha256;
  if ((bytes !== null && size !== bytes) || (expected !== null && sha256 !== expected)) {
    await rm(part, { force: true });
    const found = `${size} bytes, SHA-256 ${sha256}`;
    throw new EarwitnessError(
      'model-corrupt',
      request.address,
      `What arrived is not the file of the catalogue: ${found}; expected ${bytes ?? 'any number of'} bytes, SHA-256 ${expected ?? 'unknown'}. It was removed.`,
      'Run again. If it repeats, the hub serves another file: check EARWITNESS_MODEL_HUB and the catalogue.',
    );
  }
  await rename(part, request.target);
  return { sha256, checked: expected !== null };
}

async function transfer(request: DownloadRequest, part: string): Promise<Stated> {
  let at = await sizeOf(part);
  if (request.bytes !== null && at > request.bytes) {
    await rm(part);
    at = 0;
  }
  if (request.bytes !== null && at === request.bytes) return { sha256: null, bytes: null };
  const stall = stallGuard(request.stallMs ?? 30_000, request.signal);
  try {
    const { response, digest } = await follow(request.address, at, stall.signal);
    const stated: Stated = { sha256: digest, bytes: null };
    if (response.status === 416 && at > 0) {
      // Nothing is left to send, or the file shrank: sizes and hash decide which.
      await response.body?.cancel();
      const total = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? NaN);
      if (total === at) return { ...stated, bytes: total };
      await rm(part);
      throw new Error('the hub has another file than the partial one');
    }
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      throw refused(request.address, response.status);
    }
    if (response.status === 206 && !startsAt(response, at)) throw new Error('the hub answered with another range');
    const begin = response.status === 206 ? at : 0;
    const length = Number(response.headers.get('content-length') ?? NaN);
    // A compressed answer's length is not the file's.
    if (Number.isFinite(length) && !response.headers.get('content-encoding')) stated.bytes = begin + length;
    await write(response, part, begin, request.bytes ?? stated.bytes, request, stall.touch);
    return stated;
  } finally {
    stall.stop();
  }
}

async function write(
  response: Response,
  part: string,
  begin: number,
  total: number | null,
  request: DownloadRequest,
  touch: () => void,
): Promise<void> {
  const file = await open(part, begin === 0 ? 'w' : 'r+');
  try {
    let done = begin;
    if (response.body)
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        touch();
        await file.write(chunk, 0, chunk.length, done);
        done += chunk.length;
        request.onBytes?.(done, total);
      }
    if (total !== null && done < total) throw new Error('the connection ended early');
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Follows redirects by hand, because the hub states a large file's SHA-256 on its own answer, before it sends the
 * client on to where the bytes lie.
 */
async function follow(address: string, at: number, signal: AbortSignal) {
  let digest: string | null = null;
  let next = address;
  for (let hop = 0; hop < 6; hop++) {
    const response = await fetch(next, {
      redirect: 'manual',
      signal,
      // Bytes as they are stored: a range of a compressed stream could not be appended.
      headers: { 'accept-encoding': 'identity', ...(at > 0 ? { range: `bytes=${at}-` } : {}) },
    });
    digest ??= /^"?([0-9a-f]{64})"?$/.exec(response.headers.get('x-linked-etag') ?? '')?.[1] ?? null;
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return { response, digest };
    await response.body?.cancel();
    const target = new URL(location, next);
    if (next.startsWith('https:') && target.protocol !== 'https:') throw refused(address, response.status);
    next = target.href;
  }
  throw refused(address, 310);
}

function refused(address: string, status: number): EarwitnessError {
  return new EarwitnessError(
    'model-unreachable',
    address,
    `The model hub refused the file (status ${status}).`,
    status === 404
      ? 'The file is not there: check EARWITNESS_MODEL_HUB, or fetch the model by hand and put it into the models folder.'
      : 'Try again later, or set another hub with EARWITNESS_MODEL_HUB.',
  );
}

function startsAt(response: Response, at: number): boolean {
  return new RegExp(`^bytes ${at}-`).test(response.headers.get('content-range') ?? '');
}

function stallGuard(ms: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  const fire = () => controller.abort(new Error(`no byte for ${ms / 1000} s`));
  let timer = setTimeout(fire, ms);
  return {
    signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
    touch: () => {
      clearTimeout(timer);
      timer = setTimeout(fire, ms);
    },
    stop: () => clearTimeout(timer),
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
