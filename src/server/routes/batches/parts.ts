import { Readable } from 'node:stream';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../../http/problem.ts';

export interface PartLimits {
  /** Files in one request. */
  files: number;
  /** Largest file; the archive is what refuses it, so that the next file is still read. */
  fileBytes: number;
  /** All files of one request together, those that are refused too. */
  totalBytes: number;
  /** Without a byte for so long, the sender is given up. */
  idleMs: number;
}

export interface FilePart {
  /** Name of the form field. */
  field: string;
  filename: string;
  /** To be read by one reader; what it leaves is passed over afterwards. */
  source: Readable;
  /**
   * Resolves when what follows the file was seen: a form that breaks off lets its last file end like any other, and only
   * then shows that it was cut. Rejects where it was.
   */
  whole: Promise<void>;
}

export interface PartHandlers {
  onField(name: string, value: string): Promise<void> | void;
  /** What it throws is the handler's own matter to catch: here it ends the reading. */
  onFile(part: FilePart): Promise<void>;
}

/**
 * Walks through a form with files, one at a time and straight from the connection: nothing is spooled here. Returns
 * null at the form's proper end, else why it was not reached; what was handed over before that is the handler's.
 */
export async function readParts(
  request: FastifyRequest,
  limits: PartLimits,
  handlers: PartHandlers,
): Promise<HttpProblem | null> {
  if (!request.isMultipart())
    return new HttpProblem(
      415,
      'media-type-unsupported',
      'Files come as multipart/form-data.',
      'With curl: -F files=@recording.wav',
    );
  const gate = new Gate(request, limits);
  const parts = request.parts({
    preservePath: true,
    limits: {
      files: limits.files,
      // One byte more than allowed is let through, for whoever stores the file to see and refuse it.
      fileSize: limits.fileBytes + 1,
      fields: limits.files * 4 + 20,
      parts: limits.files * 5 + 20,
      fieldNameSize: 100,
      fieldSize: 64 * 1024,
    },
  });
  try {
    let next: Promise<IteratorResult<Multipart, void>> = gate.whileMoving(parts.next());
    for (;;) {
      const { done, value: part } = await next;
      if (done) return null;
      if (part.type === 'field') {
        if (part.valueTruncated) throw tooLongField(part.fieldname);
        const { value } = part;
        await handlers.onField(part.fieldname, typeof value === 'string' ? value : JSON.stringify(value));
        next = gate.whileMoving(parts.next());
        continue;
      }
      const whole = deferred();
      whole.promise.catch(() => undefined);
      const read = deferred();
      gate.file = part.file;
      const source = Readable.from(gate.count(part, read.resolve), { objectMode: false });
      const work = handlers.onFile({
        field: part.fieldname,
        filename: part.filename,
        source,
        whole: whole.promise,
      });
      await Promise.race([work, read.promise]);
      // Whoever read it has had enough of it: the rest is passed over, so that the next file can be read.
      if (gate.over === null) for await (const _ of gate.count(part));
      gate.file = null;
      if (gate.over !== null) whole.reject(gate.over);
      else {
        next = gate.whileMoving(parts.next());
        next.then(
          () => {
            whole.resolve();
          },
          (error: unknown) => {
            // Too many parts are noticed at a boundary: the file before it is whole.
            if (error instanceof Error && 'code' in error && /^FST_\w+_LIMIT$/.test(String(error.code)))
              whole.resolve();
            else whole.reject(error);
          },
        );
      }
      await work;
      if (gate.over !== null) return gate.over;
    }
  } catch (error) {
    return gate.over ?? asProblem(error);
  } finally {
    gate.close();
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let settle: [() => void, (reason: unknown) => void];
  const promise = new Promise<void>((resolve, reject) => {
    settle = [resolve, reject];
  });
  return { promise, resolve: settle![0], reject: settle![1] };
}

/** Watches that bytes come, and not too many. */
class Gate {
  over: HttpProblem | null = null;
  file: MultipartFile['file'] | null = null;
  readonly #limits: PartLimits;
  readonly #timer: NodeJS.Timeout;
  readonly #stalled: Promise<never>;
  #bytes = 0;

  constructor({ raw }: FastifyRequest, limits: PartLimits) {
    this.#limits = limits;
    let seen = -1;
    let since = Date.now();
    let give: (problem: HttpProblem) => void;
    this.#stalled = new Promise((_, reject) => {
      give = reject;
    });
    this.#stalled.catch(() => undefined);
    this.#timer = setInterval(
      () => {
        const read = raw.socket?.bytesRead ?? 0;
        // Bytes that wait in the buffer are ours to fetch: then it is the archive that is slow, not the sender.
        if (read !== seen || raw.readableLength > 0 || raw.complete) {
          seen = read;
          since = Date.now();
        } else if (Date.now() - since >= limits.idleMs) {
          const problem = stalled(limits.idleMs);
          this.#stop(problem);
          give(problem);
        }
      },
      Math.min(1_000, Math.ceil(limits.idleMs / 4)),
    ).unref();
  }

  whileMoving<T>(next: Promise<T>): Promise<T> {
    return Promise.race([next, this.#stalled]);
  }

  async *count({ file }: MultipartFile, ended?: () => void): AsyncGenerator<Buffer> {
    try {
      if (file.destroyed || file.readableEnded) return;
      for await (const chunk of file.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        this.#bytes += chunk.length;
        if (this.#bytes > this.#limits.totalBytes) {
          this.over ??= tooMuch(this.#limits.totalBytes);
          throw this.over;
        }
        yield chunk;
      }
    } finally {
      ended?.();
    }
  }

  #stop(problem: HttpProblem): void {
    this.over ??= problem;
    this.file?.destroy(problem);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function stalled(idleMs: number): HttpProblem {
  return new HttpProblem(
    408,
    'upload-stalled',
    `Nothing came for ${Math.round(idleMs / 1000)} seconds.`,
    'Send what is missing again; over a bad line use resumable uploads (/api/v1/uploads).',
  );
}

function tooMuch(bytes: number): HttpProblem {
  return new HttpProblem(
    413,
    'body-too-large',
    `One request may carry ${bytes} bytes of files.`,
    'Send the rest in another request.',
  );
}

function tooLongField(name: string): HttpProblem {
  return new HttpProblem(413, 'body-too-large', `The field ${JSON.stringify(name)} is longer than 64 KiB.`);
}

function asProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'FST_FILES_LIMIT' || code === 'FST_PARTS_LIMIT' || code === 'FST_FIELDS_LIMIT')
    return new HttpProblem(
      413,
      'body-too-large',
      'The form has more files or fields than one request may carry.',
      'Send the rest in another request, or one zip archive.',
    );
  if (code === 'FST_PROTO_VIOLATION' || code === 'FST_INVALID_JSON_FIELD_ERROR')
    return new HttpProblem(400, 'body-invalid', 'A field of the form has a forbidden name or is not valid JSON.');
  if (isBrokenOff(error))
    return new HttpProblem(
      400,
      'upload-broken-off',
      'The form ended before its last boundary.',
      'Send what is missing again; the files that are listed were kept.',
    );
  if (error instanceof Error && /multipart|boundary|part header|charset/i.test(error.message))
    return new HttpProblem(400, 'body-invalid', 'The form is not well-formed multipart/form-data.');
  throw error;
}

export function isBrokenOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : null;
  return (
    code === 'FST_MP_PREMATURE_CLOSE' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ECONNRESET' ||
    /terminated early|Unexpected end of multipart data|^aborted$/.test(error.message)
  );
}
