import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { type AddressGuard, addressGuard, guardedLookup, type Lookup, RefusedAddress } from './addresses.ts';

export interface GuardedRequest {
  url: string;
  method?: 'POST' | 'GET';
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** From the first look-up to the last byte of the answer. */
  timeoutMs?: number;
  /** Bytes of the answer that are read; what exceeds them is cut off and the connection closed. */
  maxBytes?: number;
  signal?: AbortSignal;
}

export interface GuardedResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** The answer, at most `maxBytes` of it. */
  body: Buffer;
  /** Whether the answer was longer. */
  cut: boolean;
}

export interface GuardedFetchOptions {
  /** Networks (CIDR) that may be reached although they are private. */
  networks: readonly string[];
  /** For tests: answers look-ups in place of the system. */
  lookup?: Lookup;
}

/** Thrown where the answer took too long. */
export class SlowAnswer extends Error {
  constructor(ms: number) {
    super(`No complete answer within ${ms} ms.`);
    this.name = 'SlowAnswer';
  }
}

/**
 * What may be fetched at somebody else's wish: http and https, to addresses that are public or allowed, without
 * credentials in the URL. Returns why not, or null.
 */
export function refusalOf(url: string, guard: AddressGuard): string | null {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return 'It is not a URL.';
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return 'Only https and http are spoken.';
  if (parsed.username !== '' || parsed.password !== '') return 'A URL must not hold a name or password.';
  const host = hostOf(parsed);
  if (isIP(host) !== 0 && !guard(host)) return `${host} is not a public address.`;
  if (/(^|\.)(localhost|local|internal)$/i.test(host) && !guard('127.0.0.1')) return `${host} is not a public name.`;
  return null;
}

/**
 * An HTTP request that a URL from outside may cause. Never follows a redirect, looks names up first and connects to the
 * address that was looked at, and is bounded in time and bytes.
 */
export function guardedFetch({ networks, lookup }: GuardedFetchOptions) {
  const guard = addressGuard(networks);
  const guarded = guardedLookup(guard, lookup);
  return async (given: GuardedRequest): Promise<GuardedResponse> => {
    const refusal = refusalOf(given.url, guard);
    if (refusal !== null) throw new RefusedAddress(given.url, `is refused: ${refusal}`);
    const url = new URL(given.url);
    const timeoutMs = given.timeoutMs ?? 10_000;
    const maxBytes = given.maxBytes ?? 64 * 1024;
    const clock = new AbortController();
    const timer = setTimeout(() => {
      clock.abort(new SlowAnswer(timeoutMs));
    }, timeoutMs);
    const signal = given.signal ? AbortSignal.any([given.signal, clock.signal]) : clock.signal;
    try {
      return await exchange(url, given, { guarded, maxBytes, signal });
    } catch (error) {
      // An aborted request fails with an error of its own; the reason says what happened.
      if (signal.aborted && signal.reason instanceof Error) throw signal.reason;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}

interface Bounds {
  guarded: ReturnType<typeof guardedLookup>;
  maxBytes: number;
  signal: AbortSignal;
}

function exchange(url: URL, given: GuardedRequest, { guarded, maxBytes, signal }: Bounds): Promise<GuardedResponse> {
  return new Promise((settle, fail) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = send(
      url,
      {
        method: given.method ?? 'POST',
        headers: {
          'user-agent': 'earwitness-webhook',
          ...given.headers,
          ...(given.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(given.body)) }),
        },
        lookup: guarded as never,
        // No connection outlives its request: a kept one would not be looked up again.
        agent: false,
        signal,
        maxHeaderSize: 16 * 1024,
      },
      (answer) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        const finish = (cut: boolean) => {
          const body = Buffer.concat(parts).subarray(0, maxBytes);
          settle({ status: answer.statusCode ?? 0, headers: answer.headers, body, cut });
        };
        answer.on('data', (part: Buffer) => {
          parts.push(part);
          bytes += part.length;
          if (bytes <= maxBytes) return;
          finish(true);
          answer.destroy();
        });
        answer.on('end', () => {
          finish(false);
        });
        answer.on('error', fail);
      },
    );
    sent.on('error', fail);
    sent.end(given.body);
  });
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
