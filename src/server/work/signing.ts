import { createHmac, timingSafeEqual } from 'node:crypto';
import type { InspectJob } from '../../worker/index.ts';

/**
 * Marks that only this installation can make: HMAC-SHA256 with its secret, over fields that are joined so that none can run
 * into the next. Each purpose has a name of its own, so that a mark made for one is none for another.
 */
function mark(secret: string, purpose: string, fields: readonly string[]): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['earwitness', purpose, ...fields]))
    .digest('base64url');
}

/** Compares in a time that does not tell where the two differ. */
function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Says in a job's payload that this installation made it: whoever can write to the queue cannot ask for other sessions. */
export function grantOf(secret: string, id: string, batchId: string, keys: readonly string[]): string {
  return mark(secret, 'job', [id, batchId, ...keys]);
}

export function isGranted(secret: string, { id, payload }: InspectJob): boolean {
  return same(payload.grant, grantOf(secret, id, payload.batchId, payload.keys));
}

/** What a signed address is good for: one method on one thing of one job, until it expires. */
export interface Signed {
  method: 'GET' | 'POST';
  /** `results`, `recordings/SHA256`, `artefacts/SHA256`. */
  what: string;
  jobId: string;
  /** Milliseconds since 1970. */
  expires: number;
}

export function signature(secret: string, { method, what, jobId, expires }: Signed): string {
  return mark(secret, 'url', [method, what, jobId, String(expires)]);
}

export function isSigned(secret: string, signed: Signed, given: string, now: number): boolean {
  return same(given, signature(secret, signed)) && now < signed.expires;
}

const prefix = 'ewk';

/** Lets a worker on another machine exchange jobs of the queue for orders, and nothing else. Good until it expires. */
export function workerToken(secret: string, expires: Date): string {
  const until = String(Math.floor(expires.getTime() / 1000));
  return `${prefix}.${until}.${mark(secret, 'worker', [until])}`;
}

export function isWorkerToken(secret: string, token: string, now: number): boolean {
  const [kind, until, given, ...rest] = token.split('.');
  if (kind !== prefix || until === undefined || given === undefined || rest.length > 0) return false;
  if (!/^\d{1,12}$/.test(until)) return false;
  return same(given, mark(secret, 'worker', [until])) && now < Number(until) * 1000;
}
