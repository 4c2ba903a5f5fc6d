import { z } from 'zod';
import type { ErrorCode } from '../../session/index.ts';
import type { HttpCode } from './codes.ts';

/** One field of a request that is wrong; `path` as in `body.title` or `query.limit`. */
export interface FieldProblem {
  path: string;
  message: string;
}

interface More {
  errors?: readonly FieldProblem[];
  /** Seconds after which trying again makes sense; becomes the `retry-after` header. */
  retryAfterS?: number;
  headers?: Readonly<Record<string, string>>;
  /** For the log alone. */
  cause?: Error;
}

/** A refusal that a client can act on. Thrown anywhere below a route, answered as problem+json (RFC 9457). */
export class HttpProblem extends Error {
  readonly status: number;
  /** As Fastify's own parts look for it. */
  readonly statusCode: number;
  readonly code: HttpCode | ErrorCode;
  readonly hint: string | null;
  readonly more: More;

  constructor(
    status: number,
    code: HttpCode | ErrorCode,
    message: string,
    hint: string | null = null,
    more: More = {},
  ) {
    super(message, more.cause ? { cause: more.cause } : {});
    this.name = 'HttpProblem';
    this.status = status;
    this.statusCode = status;
    this.code = code;
    this.hint = hint;
    this.more = more;
  }
}

/** What the scope does not show and what is not there are told apart by nobody outside. */
export function notFound(what = 'This'): HttpProblem {
  return new HttpProblem(404, 'not-found', `${what} does not exist, or not for this account.`);
}

/** The body of every answer that is not a success. */
export const problemBodySchema = z.object({
  /** `urn:earwitness:problem:CODE`. */
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** What is wrong, in this case. */
  detail: z.string(),
  /** Of the closed set in docs/reference/http-errors.md or errors.md. */
  code: z.string(),
  /** What to do next. */
  hint: z.string().nullable(),
  /** Path of the request. */
  instance: z.string(),
  /** Under which the server's log speaks of this request. */
  requestId: z.string(),
  /** All fields that are wrong, where fields are. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ProblemBody = z.infer<typeof problemBodySchema>;
