import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { engine } from '../pipeline/index.ts';
import { GiveUp, RetryLater } from '../queue/index.ts';
import { EarwitnessError } from '../session/index.ts';
import type { InspectJob, WorkDesk } from './desk.ts';
import { type OrderAnswer, orderAnswerSchema, workWire } from './wire.ts';

export interface HttpDeskOptions {
  /** Address of the server, without a slash at the end. */
  server: string;
  /** Made by `earwitness worker-token`. */
  token: string;
  /** Tries of one request before the job is given back; default 6. */
  tries?: number | undefined;
  /** Wait after the first failed try, doubled each time; default 500 ms. */
  backoffMs?: number | undefined;
}

/** How long a job waits after it was given back because the server could not be reached. */
const giveBackMs = 15_000;
/** One request at most; recordings are large and lines slow. */
const requestMs = 10 * 60_000;

/** The desk of a server elsewhere: the same questions over HTTP, by the signed addresses that each order brings. */
export function createHttpDesk(options: HttpDeskOptions): WorkDesk {
  const { server, token, tries = 6, backoffMs = 500 } = options;
  const links = new Map<string, OrderAnswer['links']>();

  /** Asks until there is an answer that more asking would not change. */
  const ask = async (url: () => string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    let last = '';
    for (let n = 1; n <= tries; n++) {
      signal.throwIfAborted();
      let waitMs = Math.min(30_000, backoffMs * 2 ** (n - 1)) * (1 + Math.random() / 4);
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
        const response = await fetch(url(), { ...init, signal: limit, redirect: 'error' });
        if (response.status !== 429 && response.status < 500) return response;
        last = `HTTP ${response.status}`;
        const after = Number(response.headers.get('retry-after'));
        if (after > 0) waitMs = Math.min(120, after) * 1000;
        await response.body?.cancel();
      } catch (error) {
        signal.throwIfAborted();
        last = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
      }
      if (n < tries) await sleep(waitMs, undefined, { signal });
    }
    throw new RetryLater(giveBackMs, `The server could not be reached: ${last}.`);
  };

  const takeOrder = async (job: InspectJob, signal: AbortSignal): Promise<OrderAnswer> => {
    const response = await ask(
      () => `${server}/api/v1/work/orders`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'earwitness-worker-token': token },
        body: JSON.stringify({ engine, job: { id: job.id, payload: job.payload } }),
      },
      signal,
    );
    if (!response.ok) throw await refusal(response);
    const answer = orderAnswerSchema.parse(await response.json());
    links.set(job.id, answer.links);
    // Kept for jobs at work; a worker has few at a time.
    if (links.size > 64) links.delete(links.keys().next().value!);
    return answer;
  };

  /** By a signed address; one that has expired is asked for again, once. */
  const byLink = async (
    job: InspectJob,
    pick: (links: OrderAnswer['links']) => string | undefined,
    init: RequestInit,
    signal: AbortSignal,
  ): Promise<Response> => {
    let known = links.get(job.id) ?? (await takeOrder(job, signal)).links;
    for (let renewed = false; ; renewed = true) {
      const url = pick(known);
      if (url === undefined)
        throw new EarwitnessError('artefact-missing', job.id, 'The order does not name what its job asks for.');
      const response = await ask(() => server + url, init, signal);
      if (response.ok) return response;
      if (response.status !== 403 || renewed) throw await refusal(response);
      await response.body?.cancel();
      known = (await takeOrder(job, signal)).links;
    }
  };

  return {
    async order(job, signal) {
      return (await takeOrder(job, signal)).order;
    },
    async artefact(job, sha256, signal) {
      const response = await byLink(job, ({ artefacts }) => artefacts[sha256], {}, signal);
      return new Uint8Array(await response.arrayBuffer());
    },
    async recording(job, sha256, signal) {
      const dir = await mkdtemp(join(tmpdir(), 'earwitness-recording-'));
      const release = () => rm(dir, { recursive: true, force: true });
      try {
        const response = await byLink(job, ({ recordings }) => recordings[sha256], {}, signal);
        const path = join(dir, 'recording');
        await save(response, path, sha256, signal);
        return { path, release };
      } catch (error) {
        await release();
        throw error;
      }
    },
    async submit(job, work, signal) {
      const { id, payload } = job;
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ job: { id, payload }, work: workWire.body(work) }),
      };
      const response = await byLink(job, ({ results }) => results, init, signal);
      await response.body?.cancel();
    },
  };
}

/** Keeps what arrives only where it is what was asked for. */
async function save(response: Response, path: string, sha256: string, signal: AbortSignal): Promise<void> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  if (!response.body) throw new RetryLater(giveBackMs, 'The server sent a recording without a body.');
  const body = Readable.fromWeb(response.body);
  try {
    await pipeline(body, hashing, createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw new RetryLater(giveBackMs, 'A recording broke off on the way.');
  }
  if (hash.digest('hex') !== sha256) throw new RetryLater(giveBackMs, 'A recording arrived with another content.');
}

/** What the server does not want done, and what that means for the job. */
async function refusal(response: Response): Promise<Error> {
  const body = (await response.json().catch(() => ({}))) as { detail?: unknown; code?: unknown };
  const detail = typeof body.detail === 'string' ? body.detail : `HTTP ${response.status}`;
  // Another worker may have the right token or version; this one does not.
  if (response.status === 401 || response.status === 409) return new RetryLater(giveBackMs, detail);
  if (response.status === 422 && body.code === 'work-job-unknown') return new GiveUp(detail);
  return new Error(`The server refused: ${detail}`);
}
