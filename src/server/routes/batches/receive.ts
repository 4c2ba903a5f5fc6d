import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type Batch, EarwitnessError } from '../../../session/index.ts';
import type { Context } from '../../context.ts';
import { HttpProblem } from '../../http/problem.ts';
import { listedName } from '../../intake/names.ts';
import { takeIn } from '../../intake/take-in.ts';
import { type FilePart, isBrokenOff, type PartLimits, readParts } from './parts.ts';
import { type FileProblem, fileFieldsSchema, type UploadAnswer, type UploadedFile } from './schemas.ts';

/** Files in one form; more go into further requests, a zip, or resumable uploads. */
export const filesPerRequest = 1_000;
/** One form may carry so many times the largest file. */
const largestForm = 8;
export const idleMs = 30_000;

export interface ReceiveOptions {
  /** Opens the batch when the first file is safe; asked again it gives the same. */
  batch: () => Promise<Batch>;
  again: boolean;
  /** A field that says nothing about the next file; throws where it is unknown or wrong. */
  onField?: (name: string, value: string) => void;
  /** Asked before the first byte of a file is stored; throws where no file can be wanted. */
  ready?: () => void;
  /** Milliseconds without a byte after which the sender is given up. */
  idleMs?: number;
}

export interface Received {
  files: UploadedFile[];
  incomplete: HttpProblem | null;
}

/** Takes in the files of a form one after the other. One that is refused costs no other one. */
export async function receiveFiles(
  context: Context,
  request: FastifyRequest,
  options: ReceiveOptions,
): Promise<Received> {
  const files: UploadedFile[] = [];
  let next: z.infer<typeof fileFieldsSchema> = {};
  const { uploadBytes, filesPerBatch } = context.config.limits;
  const limits: PartLimits = {
    files: Math.min(filesPerRequest, filesPerBatch),
    fileBytes: uploadBytes,
    totalBytes: uploadBytes * largestForm,
    idleMs: options.idleMs ?? idleMs,
  };
  const room = new Room(filesPerBatch, options.batch);
  const incomplete = await readParts(request, limits, {
    onField(name, value) {
      if (name in fileFieldsSchema.shape) next = { ...next, ...fileField(name, value) };
      else if (options.onField) options.onField(name, value);
      else throw unknownField(name);
    },
    async onFile(part) {
      const about = next;
      next = {};
      options.ready?.();
      files.push(await receiveOne(context, part, { ...about, again: about.again ?? options.again, batch: room.take }));
    },
  });
  return { files, incomplete };
}

/** Opens the batch at its first file and keeps count, so that the limit holds within one request too. */
class Room {
  readonly #limit: number;
  readonly #open: () => Promise<Batch>;
  #batch: Batch | null = null;
  #taken = 0;

  constructor(limit: number, open: () => Promise<Batch>) {
    this.#limit = limit;
    this.#open = open;
  }

  readonly take = async (): Promise<Batch> => {
    this.#batch ??= await this.#open();
    if (this.#batch.counts.files + this.#taken >= this.#limit) throw batchFull(this.#limit);
    this.#taken++;
    return this.#batch;
  };
}

export function batchFull(limit: number): HttpProblem {
  return new HttpProblem(
    409,
    'batch-full',
    `A batch takes ${limit} files.`,
    'Open another batch, or send one zip archive of many files.',
  );
}

async function receiveOne(
  context: Context,
  { filename, source, whole }: FilePart,
  about: z.infer<typeof fileFieldsSchema> & { again: boolean; batch: () => Promise<Batch> },
): Promise<UploadedFile> {
  const name = listedName(filename);
  try {
    const file = await takeIn(context, {
      batch: async () => {
        await whole;
        return about.batch();
      },
      name,
      source,
      expect: about.sha256,
      again: about.again,
      sidecar: about.metadata ?? null,
    });
    const { id, sha256, bytes, duplicateOf } = file;
    return { name, id, sha256, bytes, duplicateOf, problem: null };
  } catch (error) {
    return { name, id: null, sha256: null, bytes: null, duplicateOf: null, problem: fileProblem(context, error, name) };
  } finally {
    source.destroy();
  }
}

/** A field that speaks of the file after it. */
function fileField(name: string, value: string): z.infer<typeof fileFieldsSchema> {
  let read: unknown = value;
  if (name === 'metadata')
    try {
      read = JSON.parse(value);
    } catch {
      throw new HttpProblem(400, 'body-invalid', 'The field "metadata" is not valid JSON.');
    }
  const parsed = fileFieldsSchema.safeParse({ [name]: read });
  if (!parsed.success) throw wrongField(name, parsed.error);
  return parsed.data;
}

export function wrongField(name: string, error: z.ZodError): HttpProblem {
  const [issue] = error.issues;
  return new HttpProblem(400, 'request-invalid', `The field ${JSON.stringify(name)} is wrong.`, null, {
    errors: [{ path: `body.${name}`, message: issue?.message ?? 'is not valid' }],
  });
}

export function unknownField(name: string): HttpProblem {
  return new HttpProblem(
    400,
    'request-invalid',
    `The form has a field ${JSON.stringify(name.slice(0, 100))}, which means nothing here.`,
    'Fields before a file: sha256, again, metadata.',
  );
}

const statuses: Readonly<Record<string, number>> = {
  'upload-hash-wrong': 422,
  'upload-too-large': 413,
  'disk-full': 507,
  'archive-unusable': 503,
};

function fileProblem(context: Context, error: unknown, name: string): FileProblem {
  if (error instanceof HttpProblem)
    return { status: error.status, code: error.code, detail: error.message, hint: error.hint };
  if (error instanceof EarwitnessError) {
    const { code, message, hint } = error.problem;
    return { status: statuses[code] ?? 422, code, detail: message, hint };
  }
  if (isBrokenOff(error)) {
    const hint = 'Send the file again.';
    return { status: 400, code: 'upload-broken-off', detail: `${name} did not come to its end.`, hint };
  }
  context.log.error({ err: error }, 'a file could not be taken in');
  return { status: 500, code: 'internal', detail: 'The server failed on this file.', hint: 'Send it again.' };
}

/** Some taken, some not: 207. None taken: the first reason, as of any other request. */
export function answerUpload(
  reply: FastifyReply,
  batch: Batch | null,
  { files, incomplete }: Received,
): { status: 201 | 207; answer: UploadAnswer } {
  // What was not read to its end cannot be followed by another request on the same connection.
  if (incomplete) void reply.header('connection', 'close');
  const taken = files.filter((file) => file.problem === null);
  const [refused] = files.flatMap((file) => file.problem ?? []);
  if (taken.length === 0 || !batch) throw nothingTaken(files, refused ?? null, incomplete);
  const answer: UploadAnswer = {
    batch,
    taken: taken.length,
    duplicates: taken.filter((file) => file.duplicateOf !== null).length,
    refused: files.length - taken.length,
    files,
    incomplete: incomplete && {
      status: incomplete.status,
      code: incomplete.code,
      detail: incomplete.message,
      hint: incomplete.hint,
    },
  };
  return { status: answer.refused > 0 || incomplete ? 207 : 201, answer };
}

function nothingTaken(
  files: readonly UploadedFile[],
  refused: FileProblem | null,
  incomplete: HttpProblem | null,
): HttpProblem {
  if (incomplete) return incomplete;
  if (!refused)
    return new HttpProblem(
      400,
      'file-missing',
      'The form holds no file.',
      'With curl: -F files=@recording.wav, once for each file.',
    );
  return new HttpProblem(refused.status, refused.code as HttpProblem['code'], refused.detail, refused.hint, {
    errors: files
      .slice(0, 50)
      .flatMap(({ name, problem }) => (problem ? [{ path: `files.${name}`, message: problem.detail }] : [])),
  });
}
