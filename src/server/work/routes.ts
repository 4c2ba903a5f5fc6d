import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { engine } from '../../pipeline/index.ts';
import { GiveUp } from '../../queue/index.ts';
import {
  inspectPayloadSchema,
  resultsBodySchema,
  orderAnswerSchema,
  type WorkDesk,
  workWire,
} from '../../worker/index.ts';
import type { Context } from '../context.ts';
import { HttpProblem } from '../http/problem.ts';
import { createDesk } from './desk.ts';
import { createRecorder } from './recorder.ts';
import { isGranted, isSigned, isWorkerToken, signature, type Signed } from './signing.ts';

/** How long the addresses of an order are good for; a worker that needs longer asks for the order again. */
const linkMs = 15 * 60_000;

/** A long recording's result with all its words and proofs, many of them at once. */
const resultsLimit = 128 * 1024 * 1024;
/** What one half of a result may unpack to. */
const unpackedLimit = 256 * 1024 * 1024;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const signedQuery = z.object({
  job: z.string().min(1).max(400),
  expires: z.coerce.number().int().min(0),
  signature: z.string().max(100),
});

const open =
  'A worker has no account: a token of its own lets it fetch orders, signed addresses that expire do the rest.';
const config = { open, rateLimit: false } as const;

/** The work desk for workers on other machines. */
export function workRoutes(context: Context): FastifyPluginAsyncZod {
  const desk: WorkDesk = createDesk(context, createRecorder(context));
  const { archive, now, config: settings } = context;
  const { secret } = settings;

  const link = (method: Signed['method'], what: string, jobId: string): string => {
    const expires = now().getTime() + linkMs;
    const query = new URLSearchParams({
      job: jobId,
      expires: String(expires),
      signature: signature(secret, { method, what, jobId, expires }),
    });
    return `/api/v1/work/${what}?${query.toString()}`;
  };

  const prove = (method: Signed['method'], what: string, query: z.infer<typeof signedQuery>): void => {
    const signed = { method, what, jobId: query.job, expires: query.expires };
    if (isSigned(secret, signed, query.signature, now().getTime())) return;
    throw new HttpProblem(
      403,
      'work-link-invalid',
      'This address was not made by this server, or it has expired.',
      'Ask for the order again; it brings new addresses.',
    );
  };

  return async (app) => {
    app.get(
      '/work',
      {
        config,
        schema: {
          operationId: 'greetWorker',
          summary: 'Whether a worker token is good, and the version that the worker must have',
          tags: ['work'],
          response: { 200: z.object({ engine: z.string() }) },
        },
      },
      async (request) => {
        proveWorker(request, secret, now());
        return { engine };
      },
    );

    app.post(
      '/work/orders',
      {
        config,
        schema: {
          operationId: 'takeOrder',
          summary: 'What a job of the queue asks for, with signed addresses for its recordings and results',
          tags: ['work'],
          body: z.object({
            engine: z.string(),
            job: z.object({ id: z.string().min(1).max(400), payload: inspectPayloadSchema }),
          }),
          response: { 200: orderAnswerSchema },
        },
      },
      async (request) => {
        proveWorker(request, secret, now());
        if (request.body.engine !== engine)
          throw new HttpProblem(
            409,
            'worker-outdated',
            `The worker is ${request.body.engine}, the server ${engine}: results of both would not be comparable.`,
            'Install the same version on both.',
          );
        const { job } = request.body;
        const order = await desk.order(job, request.signal).catch((error: unknown) => {
          if (error instanceof GiveUp) throw new HttpProblem(422, 'work-job-unknown', error.message);
          throw error;
        });
        const recordings = order.sessions.flatMap(({ recordingSha256 }) => recordingSha256 ?? []);
        const artefacts = order.scorecards.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
        const links = (kind: string, names: readonly string[]) =>
          Object.fromEntries(names.map((sha256) => [sha256, link('GET', `${kind}/${sha256}`, job.id)]));
        return {
          order: workWire.order(order),
          links: {
            recordings: links('recordings', recordings),
            artefacts: links('artefacts', artefacts),
            results: link('POST', 'results', job.id),
          },
        };
      },
    );

    app.get(
      '/work/recordings/:sha256',
      {
        config,
        schema: {
          operationId: 'fetchWorkRecording',
          summary: 'A recording, by the signed address of an order',
          tags: ['work'],
          params: z.object({ sha256: sha256Schema }),
          querystring: signedQuery,
          response: { 200: z.unknown().describe('The bytes of the recording') },
        },
      },
      async (request, reply) => {
        const { sha256 } = request.params;
        prove('GET', `recordings/${sha256}`, request.query);
        const info = await archive.has(sha256);
        if (info) void reply.header('content-length', info.bytes);
        return reply.type('application/octet-stream').send(await archive.read(sha256));
      },
    );

    app.get(
      '/work/artefacts/:sha256',
      {
        config,
        schema: {
          operationId: 'fetchWorkArtefact',
          summary: 'A file of a scorecard, by the signed address of an order',
          tags: ['work'],
          params: z.object({ sha256: sha256Schema }),
          querystring: signedQuery,
          response: { 200: z.unknown().describe('The bytes of the file') },
        },
      },
      async (request, reply) => {
        const { sha256 } = request.params;
        prove('GET', `artefacts/${sha256}`, request.query);
        const job = { id: request.query.job, payload: { batchId: '', keys: [], grant: '' } };
        const bytes = await desk.artefact(job, sha256, request.signal);
        return reply.type('application/octet-stream').send(Buffer.from(bytes));
      },
    );

    app.post(
      '/work/results',
      {
        config,
        bodyLimit: resultsLimit,
        schema: {
          operationId: 'handInResults',
          summary: 'Results of a job, by the signed address of its order; handing them in again changes nothing',
          tags: ['work'],
          querystring: signedQuery,
          body: resultsBodySchema,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const { job } = request.body;
        prove('POST', 'results', request.query);
        if (job.id !== request.query.job)
          throw new HttpProblem(422, 'request-invalid', 'The results are of another job than the address.');
        // The address does not hold the keys; the grant does.
        if (!isGranted(secret, job))
          throw new HttpProblem(422, 'work-job-unknown', 'This job was not made by this installation.');
        const work = workWire.work(request.body.work);
        for (const one of work.finished) {
          check(one.input, one.inputHash);
          check(one.verdicts, one.verdictsHash);
        }
        await desk.submit(job, work, request.signal);
        return reply.code(204).send(null);
      },
    );
  };
}

function proveWorker(request: FastifyRequest, secret: string, now: Date): void {
  const token = request.headers['earwitness-worker-token'];
  if (typeof token === 'string' && isWorkerToken(secret, token, now.getTime())) return;
  throw new HttpProblem(
    401,
    'worker-token-invalid',
    'The worker token is missing, not of this installation, or has expired.',
    'Make one with `earwitness worker-token` on the server.',
  );
}

/** A result that would not be whole when it is read again is not recorded. */
function check(packed: Uint8Array, hash: string): void {
  let text: Buffer;
  try {
    text = inflateRawSync(packed, { maxOutputLength: unpackedLimit });
  } catch {
    throw new HttpProblem(422, 'request-invalid', 'A result cannot be unpacked, or is too large.');
  }
  if (createHash('sha256').update(text).digest('hex') !== hash)
    throw new HttpProblem(422, 'request-invalid', 'A result does not have the hash that is stated for it.');
}
