import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { EVENTS, Server, type Upload } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EarwitnessError, type BatchFile, isNodeError } from '../../../session/index.ts';
import type { Actor, Context } from '../../context.ts';
import { HttpProblem, notFound } from '../../http/problem.ts';
import { listedName, stableId } from '../../intake/names.ts';
import { mayStillCome } from '../../intake/rolling.ts';
import { batchClosed, takeIn } from '../../intake/take-in.ts';
import { visibleBatch } from './open-batch.ts';
import { arriving } from './arriving.ts';
import { batchFull } from './receive.ts';
import { fileFieldsSchema } from './schemas.ts';
import { isUploadId, newUploadId, type UploadNote, UploadStore } from './tus-store.ts';

export const uploadsPath = '/api/v1/uploads';

export interface ResumableSettings {
  /** Uploads that are not whole after so long are given up. */
  expiresMs: number;
  idleMs: number;
}
export const defaultResumable: ResumableSettings = { expiresMs: 24 * 3_600_000, idleMs: 30_000 };

/** What a client says of an upload, and what the server adds. */
const metadataSchema = z.object({
  batchId: z.string().min(1).max(100),
  filename: z.string().max(2_000),
  sha256: fileFieldsSchema.shape.sha256,
  again: fileFieldsSchema.shape.again,
  metadata: z
    .string()
    .transform((text, issues): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        issues.addIssue('expected JSON');
        return z.NEVER;
      }
    })
    .pipe(fileFieldsSchema.shape.metadata)
    .optional(),
});

/**
 * Uploads that can be interrupted and gone on with, by the tus protocol 1.0 (creation, creation-with-upload,
 * creation-defer-length, termination, expiration). The protocol's library moves bytes and offsets; who may do so, what
 * becomes of a whole upload, and how a refusal reads is decided here.
 */
export class Resumable {
  readonly #context: Context;
  readonly #store: UploadStore;
  readonly #server: Server;
  readonly #settings: ResumableSettings;
  readonly #asking = new WeakMap<Request, Actor>();
  readonly #faults = new WeakMap<Request, unknown>();
  readonly #moving = new Map<string, Promise<BatchFile>>();

  private constructor(context: Context, store: UploadStore, settings: ResumableSettings) {
    this.#context = context;
    this.#store = store;
    this.#settings = settings;
    this.#server = new Server({
      path: uploadsPath,
      datastore: store,
      relativeLocation: true,
      maxSize: context.config.limits.uploadBytes,
      namingFunction: newUploadId,
      getFileIdFromRequest: (_, last) => (last !== undefined && isUploadId(last) ? last : undefined),
      disableTerminationForFinishedUploads: true,
      onUploadCreate: async (request, upload) => ({
        metadata: await this.#accept(this.#asking.get(request)!, upload.metadata ?? {}),
      }),
      onUploadFinish: async (_, { id }) => {
        const file = await this.#finish(id);
        const headers: Record<string, string> = { 'X-File-Id': file.id };
        if (file.duplicateOf !== null) headers['X-Duplicate-Of'] = file.duplicateOf;
        return { headers };
      },
      onResponseError: (request, error) => {
        this.#faults.set(request, error);
        return undefined;
      },
    });
    // Listened to, so that the library does not hold progress timers for nobody.
    this.#server.on(EVENTS.POST_TERMINATE, (_request, _response, id) => {
      context.log.info({ uploadId: id }, 'upload given up by its sender');
    });
  }

  /** Opens the folder of uploads and brings to their end those that were whole when the process ended. */
  static async open(context: Context, settings: ResumableSettings): Promise<Resumable> {
    const store = await UploadStore.open(join(context.config.dataDir, 'uploads'), settings.expiresMs);
    const resumable = new Resumable(context, store, settings);
    for (const { id } of await store.unfinished())
      await resumable.#finish(id).catch((error: unknown) => {
        context.log.warn({ err: error, uploadId: id }, 'a whole upload could not become a file');
      });
    return resumable;
  }

  removeExpired(): Promise<number> {
    return this.#store.deleteExpired();
  }

  /** One request of the protocol. */
  async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const actor = request.actor!;
    const { id } = request.params as { id?: string };
    if (id !== undefined) await this.#mayTouch(actor, id, request.method);
    const body = arriving(request.raw, this.#settings.idleMs);
    const asked = new Request(new URL(request.url, 'http://server.invalid'), {
      method: request.method,
      headers: Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
      ),
      ...(request.method === 'PATCH' || request.method === 'POST' ? { body: body.bytes as never, duplex: 'half' } : {}),
    });
    this.#asking.set(asked, actor);
    const answer = await this.#server.handleWeb(asked);
    const text = await answer.text();
    for (const [name, value] of answer.headers)
      if (!name.startsWith('access-control-') && name !== 'content-length') void reply.header(name, value);
    if (!request.raw.complete) void reply.header('connection', 'close');
    if (body.stalled && answer.status < 400) throw stalled(this.#settings.idleMs);
    if (answer.status >= 400) throw this.#refusal(this.#faults.get(asked), answer.status, text);
    return reply.code(answer.status).send(text === '' ? undefined : text);
  }

  /** How an upload stands, for whoever does not speak the protocol. */
  async status(actor: Actor, id: string): Promise<UploadStatus> {
    const note = await this.#owned(actor, id);
    const { offset, size } = await this.#store.getUpload(id).catch(() => {
      throw gone();
    });
    return {
      id,
      batchId: note.metadata?.batchId ?? '',
      name: note.metadata?.filename ?? '',
      bytes: size ?? null,
      offset,
      fileId: note.finished?.fileId ?? null,
      duplicateOf: note.finished?.duplicateOf ?? null,
      expiresAt: new Date(Date.parse(note.creation_date ?? '') + this.#settings.expiresMs).toISOString(),
    };
  }

  /** Another account's upload is as good as none. */
  async #owned(actor: Actor, id: string): Promise<UploadNote> {
    const note = await this.#store.notes.get(id);
    if (note?.metadata?.owner !== actor.account.id) throw notFound('The upload');
    return note;
  }

  async #mayTouch(actor: Actor, id: string, method: string): Promise<void> {
    const note = await this.#owned(actor, id);
    if (method !== 'PATCH' || note.finished) return;
    const batch = await visibleBatch(this.#context, actor, note.metadata!.batchId ?? '');
    if (!mayStillCome(batch)) throw batchClosed();
  }

  async #accept(actor: Actor, given: NonNullable<Upload['metadata']>): Promise<NonNullable<Upload['metadata']>> {
    const stated = Object.entries({ ...given, filename: given.filename ?? given.name ?? null });
    const parsed = metadataSchema.safeParse(Object.fromEntries(stated.filter(([, value]) => value !== null)));
    if (!parsed.success)
      throw new HttpProblem(
        400,
        'request-invalid',
        'Upload-Metadata does not say what is needed.',
        'It needs batchId and filename; sha256, again and metadata may be there.',
        {
          errors: parsed.error.issues.map(({ path, message }) => ({
            path: `header.upload-metadata.${path.join('.')}`,
            message,
          })),
        },
      );
    const { batchId, filename, sha256, again, metadata } = parsed.data;
    const batch = await visibleBatch(this.#context, actor, batchId);
    if (!mayStillCome(batch)) throw batchClosed();
    const { filesPerBatch } = this.#context.config.limits;
    if (batch.counts.files >= filesPerBatch) throw batchFull(filesPerBatch);
    return {
      batchId,
      filename: listedName(filename),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(again ? { again: 'true' } : {}),
      ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
      owner: actor.account.id,
    };
  }

  /** Once for each upload, whoever asks and however often. */
  #finish(id: string): Promise<BatchFile> {
    let moving = this.#moving.get(id);
    if (!moving) {
      moving = this.#move(id).finally(() => this.#moving.delete(id));
      this.#moving.set(id, moving);
    }
    return moving;
  }

  async #move(id: string): Promise<BatchFile> {
    const note = await this.#store.notes.get(id);
    const { metadata } = note ?? {};
    if (!note || !metadata) throw gone();
    const { store } = this.#context;
    if (note.finished) {
      const file = await store.batches.file(note.finished.fileId);
      if (!file) throw gone();
      return file;
    }
    try {
      const batch = await store.batches.get(metadata.batchId ?? '', { kind: 'all' });
      if (!batch) throw batchClosed();
      const file = await takeIn(this.#context, {
        // The same after a crash between archive, list and note: it becomes one file.
        id: stableId('tus', id),
        batch,
        name: metadata.filename ?? '',
        source: createReadStream(this.#store.path(id)),
        expect: metadata.sha256 ?? undefined,
        again: metadata.again === 'true',
        sidecar: metadata.metadata ? (JSON.parse(metadata.metadata) as Record<string, unknown>) : null,
      });
      await this.#store.finish(id, { fileId: file.id, duplicateOf: file.duplicateOf, bytes: file.bytes });
      return file;
    } catch (error) {
      // What can never become a file is not kept; what the server failed on can be asked for again.
      const final =
        (error instanceof HttpProblem && error.status < 500) ||
        (error instanceof EarwitnessError && (error.code === 'upload-hash-wrong' || error.code === 'upload-too-large'));
      if (final) await this.#store.remove(id);
      throw error;
    }
  }

  #refusal(fault: unknown, status: number, text: string): Error {
    if (fault instanceof HttpProblem || fault instanceof EarwitnessError) return fault;
    if (isNodeError(fault)) return fault;
    const detail = text.trim() || 'The upload was refused.';
    switch (status) {
      case 404:
        return notFound('The upload');
      case 409:
        return new HttpProblem(
          409,
          'upload-offset-wrong',
          detail,
          'Ask with HEAD at which byte it stands and go on there.',
        );
      case 410:
        return gone();
      case 412:
        return new HttpProblem(412, 'header-invalid', detail, 'Send Tus-Resumable: 1.0.0.', {
          headers: { 'tus-version': '1.0.0' },
        });
      case 413:
        return new HttpProblem(
          413,
          'upload-too-large',
          detail,
          `A file may have ${this.#context.config.limits.uploadBytes} bytes.`,
        );
      case 501:
        return new HttpProblem(501, 'request-invalid', detail);
      default:
        if (status >= 500) return new HttpProblem(500, 'internal', 'The upload could not be stored.', 'Go on with it.');
        return new HttpProblem(
          status === 403 ? 400 : status,
          'header-invalid',
          detail,
          'See docs/guides/uploading.md.',
        );
    }
  }
}

export const uploadStatusSchema = z.object({
  id: z.string(),
  batchId: z.string(),
  name: z.string(),
  /** Null where the sender has not said yet. */
  bytes: z.number().int().nullable(),
  /** Bytes that are here. */
  offset: z.number().int(),
  /** The file of the batch that it became. */
  fileId: z.string().nullable(),
  duplicateOf: z.string().nullable(),
  expiresAt: z.string(),
});
export type UploadStatus = z.infer<typeof uploadStatusSchema>;

function gone(): HttpProblem {
  return new HttpProblem(410, 'upload-gone', 'The upload is no longer kept.', 'Begin it again.');
}

function stalled(idleMs: number): HttpProblem {
  return new HttpProblem(
    408,
    'upload-stalled',
    `Nothing came for ${Math.round(idleMs / 1000)} seconds.`,
    'What came is kept: go on at the byte that HEAD tells.',
  );
}
