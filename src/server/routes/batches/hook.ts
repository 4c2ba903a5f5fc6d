import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { BatchFile } from '../../../session/index.ts';
import type { Actor, Context } from '../../context.ts';
import { HttpProblem } from '../../http/problem.ts';
import { stableId } from '../../intake/names.ts';
import { rollingBatch } from '../../intake/rolling.ts';
import { takeIn } from '../../intake/take-in.ts';
import { openRecording, unreachable } from './fetch-recording.ts';
import { teamFor } from './open-batch.ts';
import { type PartLimits, readParts } from './parts.ts';
import { idleMs, unknownField, wrongField } from './receive.ts';

const word = z.string().trim().min(1).max(200);

/** What a telephone system knows of a call. Further keys become attributes of the session. */
const callSchema = z.looseObject({
  callId: word.describe('Id of the call in its source. The same id is taken in once.'),
  recordingUrl: z.url().max(2_000).optional().describe('Where the recording is fetched from; public addresses alone.'),
  fileName: z.string().max(500).optional(),
  team: word.optional().describe('Team that the session belongs to.'),
  agentId: word.optional(),
  customerId: word.optional(),
  queue: word.optional(),
  startedAt: z.iso.datetime({ offset: true, local: true }).optional(),
  language: z.string().max(35).optional(),
  agentChannel: z.enum(['left', 'right']).optional(),
  sha256: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
    .optional(),
});
type Call = z.infer<typeof callSchema>;

/** Nothing with so many keys describes a call. */
const mostKeys = 200;

const answerSchema = z.object({
  callId: z.string(),
  batchId: z.string(),
  fileId: z.string(),
  /** The file of the same content that was inspected before. */
  duplicateOf: z.string().nullable(),
  /** True where this call had been taken in before. */
  repeated: z.boolean(),
});

/** POST /hooks/recordings: a telephone system hands over a call when it has ended. */
export function hookRoutes(context: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/hooks/recordings',
      {
        config: { right: 'batches.create' },
        schema: {
          tags: ['Uploads'],
          operationId: 'recordingHook',
          summary: 'Hand over the recording of a call, into the batch of the day.',
          description:
            'Either JSON with `recordingUrl`, or multipart/form-data with a field `metadata` (the same JSON) and a file `recording`. ' +
            'Idempotent by `callId` within a team.',
          consumes: ['application/json', 'multipart/form-data'],
          response: { 200: answerSchema, 202: answerSchema },
        },
      },
      async (request, reply) => {
        const actor = request.actor!;
        const given = request.isMultipart()
          ? await fromForm(context, actor, (handlers) => readParts(request, limitsOf(context), handlers))
          : await fromJson(context, actor, request.body);
        return reply.code(given.repeated ? 200 : 202).send(given);
      },
    );
  };
}

const limitsOf = ({ config }: Context): PartLimits => ({
  files: 1,
  fileBytes: config.limits.uploadBytes,
  totalBytes: config.limits.uploadBytes + 1024 * 1024,
  idleMs,
});

type Answer = z.infer<typeof answerSchema>;

async function fromJson(context: Context, actor: Actor, body: unknown): Promise<Answer> {
  const call = readCall(body);
  const known = await before(context, actor, call);
  if (known) return known;
  const { recordingUrl } = call;
  if (recordingUrl === undefined)
    throw new HttpProblem(
      422,
      'file-missing',
      'There is neither recordingUrl nor a recording.',
      'Name recordingUrl, or send multipart/form-data with a field "metadata" and a file "recording".',
    );
  const source = await openRecording(recordingUrl, context.config.webhookNetworks);
  try {
    return await keep(context, actor, call, source, call.fileName ?? lastPart(recordingUrl));
  } catch (error) {
    if (source.errored || source.aborted) throw unreachable('broke off');
    throw error;
  } finally {
    source.destroy();
  }
}

function lastPart(url: string): string {
  const part = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function fromForm(
  context: Context,
  actor: Actor,
  read: (handlers: Parameters<typeof readParts>[2]) => ReturnType<typeof readParts>,
): Promise<Answer> {
  let call: Call | null = null;
  let answer: Answer | null = null;
  let refused: unknown = null;
  const problem = await read({
    onField(name, value) {
      if (name !== 'metadata') throw unknownField(name);
      call = readCall(parsed(value));
    },
    async onFile({ filename, source, whole }) {
      try {
        if (!call)
          throw new HttpProblem(
            400,
            'body-invalid',
            'The field "metadata" is missing.',
            'Put it before the recording.',
          );
        answer =
          (await before(context, actor, call)) ??
          (await keep(context, actor, call, source, call.fileName ?? filename ?? '', whole));
      } catch (error) {
        refused = error;
      } finally {
        source.destroy();
      }
    },
  });
  // A form that broke off inside the recording fails with that, not with what the archive made of it.
  if (answer) return answer;
  if (problem) throw problem;
  if (refused instanceof Error) throw refused;
  throw new HttpProblem(400, 'file-missing', 'The form holds no recording.', 'Send it as a file named "recording".');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'body-invalid', 'The field "metadata" is not valid JSON.');
  }
}

function readCall(value: unknown): Call {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > mostKeys)
    throw new HttpProblem(422, 'request-invalid', `Metadata of a call has at most ${mostKeys} keys.`);
  const call = callSchema.safeParse(value);
  if (!call.success) throw wrongField(String(call.error.issues[0]?.path[0] ?? 'metadata'), call.error);
  return call.data;
}

/** A call belongs to a team: the same id of another team's telephone system is another call. */
const idOf = (team: string | null, call: Call) => stableId('hook', team ?? '', call.callId);

async function before(context: Context, actor: Actor, call: Call): Promise<Answer | null> {
  const file = await context.store.batches.file(idOf(teamFor(actor, call.team ?? null), call));
  return file ? answerOf(call, file, true) : null;
}

async function keep(
  context: Context,
  actor: Actor,
  call: Call,
  source: Parameters<typeof takeIn>[1]['source'],
  name: string,
  whole: Promise<void> = Promise.resolve(),
): Promise<Answer> {
  const team = teamFor(actor, call.team ?? null);
  const { callId, recordingUrl: _url, fileName: _name, sha256, team: _team, ...rest } = call;
  const file = await takeIn(context, {
    id: idOf(team, call),
    batch: async () => {
      await whole;
      return rollingBatch(context, 'hook', { label: null, team });
    },
    name: name || callId,
    source,
    expect: sha256,
    sidecar: { id: callId, ...(team === null ? {} : { team }), ...rest },
  });
  return answerOf(call, file, false);
}

function answerOf({ callId }: Call, { id, batchId, duplicateOf }: BatchFile, repeated: boolean): Answer {
  return { callId, batchId, fileId: id, duplicateOf, repeated };
}
