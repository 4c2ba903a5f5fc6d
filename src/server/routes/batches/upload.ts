import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Batch } from '../../../session/index.ts';
import type { Actor, Context } from '../../context.ts';
import { HttpProblem } from '../../http/problem.ts';
import { finishBatch } from '../../intake/finish.ts';
import { mayStillCome } from '../../intake/rolling.ts';
import { batchClosed } from '../../intake/take-in.ts';
import { fromFields, openBatch, teamFor, visibleBatch } from './open-batch.ts';
import { answerUpload, receiveFiles, unknownField, wrongField } from './receive.ts';
import {
  batchFieldsSchema,
  type BatchFields,
  batchIdSchema,
  uploadAnswerSchema,
  uploadQuerySchema,
} from './schemas.ts';

const tags = ['Uploads'];
const responses = { 201: uploadAnswerSchema, 207: uploadAnswerSchema };
const consumes = ['multipart/form-data'];

export interface UploadSettings {
  /** Milliseconds without a byte after which a sender is given up. */
  idleMs?: number;
}

/** Files in forms: into a batch that is open, or with a batch made around them. */
export function uploadRoutes(context: Context, settings: UploadSettings = {}): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/batches/:id/files',
      {
        config: { right: 'batches.create' },
        schema: {
          tags,
          operationId: 'uploadFiles',
          summary: 'Send files into an open batch, as a form.',
          description:
            'Fields `sha256`, `again` and `metadata` speak of the file after them. A file that is refused costs no other one.',
          consumes,
          params: batchIdSchema,
          querystring: uploadQuerySchema,
          response: responses,
        },
      },
      async (request, reply) => {
        const actor = request.actor!;
        const batch = await visibleBatch(context, actor, request.params.id);
        if (!mayStillCome(batch)) throw batchClosed();
        const received = await receiveFiles(context, request, {
          batch: () => Promise.resolve(batch),
          again: request.query.again ?? false,
          ...settings,
        });
        const { status, answer } = answerUpload(reply, await visibleBatch(context, actor, batch.id), received);
        return reply.code(status).send(answer);
      },
    );

    app.post(
      '/batches/upload',
      {
        config: { right: 'batches.create' },
        schema: {
          tags,
          operationId: 'uploadBatch',
          summary: 'Open a batch, send files and close it, in one form.',
          description: 'Title, team and settings come in the query, or as fields before the first file.',
          consumes,
          querystring: batchFieldsSchema.extend(uploadQuerySchema.shape),
          response: responses,
        },
      },
      async (request, reply) => {
        const { again, ...fromQuery } = request.query;
        const whole = new OneBatch(context, request.actor!, fromQuery);
        const received = await receiveFiles(context, request, {
          batch: () => whole.open(),
          again: again ?? false,
          onField: (name, value) => {
            whole.field(name, value);
          },
          ready: () => {
            whole.check();
          },
          ...settings,
        });
        // Closed even where the sender broke off: what came whole is inspected, what is sent again is new or a duplicate.
        const { status, answer } = answerUpload(reply, await whole.close(), received);
        return reply.code(status).send(answer);
      },
    );
  };
}

/** The batch of a one-request upload: described by fields until its first file is safe, then opened. */
class OneBatch {
  readonly #context: Context;
  readonly #actor: Actor;
  #fields: BatchFields;
  #batch: Batch | null = null;

  constructor(context: Context, actor: Actor, fields: BatchFields) {
    this.#context = context;
    this.#actor = actor;
    this.#fields = fields;
  }

  /** Throws where this account may open no such batch. */
  check(): void {
    teamFor(this.#actor, this.#fields.team ?? null);
  }

  field(name: string, value: string): void {
    if (!(name in batchFieldsSchema.shape)) throw unknownField(name);
    if (this.#batch)
      throw new HttpProblem(
        400,
        'request-invalid',
        `The field "${name}" came after a file.`,
        'Put it before all files.',
      );
    const parsed = batchFieldsSchema.safeParse({ [name]: value });
    if (!parsed.success) throw wrongField(name, parsed.error);
    this.#fields = { ...this.#fields, ...parsed.data };
  }

  async open(): Promise<Batch> {
    const { now } = this.#context;
    this.#batch ??= await openBatch(this.#context, this.#actor, fromFields(this.#fields, now()));
    return this.#batch;
  }

  async close(): Promise<Batch | null> {
    if (!this.#batch) return null;
    const { store } = this.#context;
    await store.batches.close(this.#batch.id);
    await finishBatch(this.#context, this.#batch.id);
    return store.batches.get(this.#batch.id, this.#actor.scope);
  }
}
