import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { EarwitnessError, type ErrorCode, isNodeError } from '../../session/index.ts';
import { type HttpCode, httpCodes } from './codes.ts';
import { type FieldProblem, HttpProblem, type ProblemBody } from './problem.ts';

/** How faults that storage and intake name look from outside; every other one of theirs is about what was sent. */
const statusOf: Partial<Record<ErrorCode, number>> = {
  'account-exists': 409,
  'archive-unusable': 503,
  'artefact-missing': 404,
  'cursor-invalid': 400,
  'disk-full': 507,
  'file-too-large': 413,
  internal: 500,
  'output-unwritable': 503,
  'session-held': 409,
  'state-unusable': 503,
  'store-unavailable': 503,
  'upload-too-large': 413,
};

/** Fastify's own refusals. */
const fastifyCodes: Readonly<Record<string, [number, HttpCode | ErrorCode, string | null]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large', 'Send less at once; files go to the upload routes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'media-type-unsupported', 'Send application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'header-invalid', 'Make content-length the length of the body.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'body-invalid', 'Send a JSON object, or leave out the content-type.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'body-invalid', 'Send well-formed JSON in UTF-8.'],
  FST_REQ_FILE_TOO_LARGE: [413, 'upload-too-large', 'Split the file, or raise EARWITNESS_MAX_UPLOAD_BYTES.'],
  FST_ERR_BAD_URL: [400, 'request-invalid', 'Encode the path as UTF-8 with percent signs.'],
};

/** For what fails before there is a route, and with it any hook. */
export function answerOutside(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  void sendProblem(reply, request, toHttpProblem(error, request));
}

/** Makes every answer that is no success a problem+json. */
export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toHttpProblem(error, request);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'request failed');
    return sendProblem(reply, request, problem);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request, notHere(request)));
}

function notHere(request: FastifyRequest): HttpProblem {
  const path = pathOf(request);
  const others = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(
    (method) => method !== request.method && request.server.findRoute({ method, url: path }) !== null,
  );
  if (others.length > 0)
    return new HttpProblem(405, 'method-not-allowed', `${request.method} is not possible here.`, null, {
      headers: { allow: others.join(', ') },
    });
  return new HttpProblem(404, 'not-found', 'There is no such address.', 'See /api/docs for those there are.');
}

/** The whole answer, so that plugins which answer by themselves (streams, uploads) say it the same way. */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: HttpProblem): FastifyReply {
  const { retryAfterS, headers } = problem.more;
  if (retryAfterS !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterS))));
  return reply
    .code(problem.status)
    .headers(headers ?? {})
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer((payload) => payload as string)
    .send(JSON.stringify(problemBody(problem, request)));
}

export function problemBody(problem: HttpProblem, request: FastifyRequest): ProblemBody {
  const title = (httpCodes as Readonly<Record<string, string>>)[problem.code] ?? STATUS_CODES[problem.status];
  return {
    type: `urn:earwitness:problem:${problem.code}`,
    title: title ?? 'Problem',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    hint: problem.hint,
    instance: pathOf(request),
    requestId: request.id,
    ...(problem.more.errors ? { errors: [...problem.more.errors] } : {}),
  };
}

/** Without the query, which may hold what a person typed. */
function pathOf(request: FastifyRequest): string {
  const end = request.url.indexOf('?');
  return (end < 0 ? request.url : request.url.slice(0, end)).slice(0, 500);
}

function toHttpProblem(error: FastifyError, request: FastifyRequest): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error);
  if (error instanceof EarwitnessError) return fromProduct(error);
  const known = fastifyCodes[error.code];
  if (known) return new HttpProblem(known[0], known[1], error.message, known[2]);
  if (isNodeError(error) && error.code === 'ENOSPC')
    return new HttpProblem(
      507,
      'disk-full',
      'The disk of the server is full.',
      'Tell whoever runs it; nothing was lost.',
    );
  if (typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500)
    return new HttpProblem(error.statusCode, 'request-invalid', error.message);
  // Anything else is a defect or a lost backend: what happened is for the log, not for whoever asked.
  return new HttpProblem(
    500,
    'internal',
    'The server failed on this request.',
    `Ask whoever runs it to look for request ${request.id} in the log.`,
  );
}

function invalid(error: FastifyError): HttpProblem {
  const context = error.validationContext ?? 'body';
  const place = context === 'querystring' ? 'query' : context;
  const issues = (error.validation ?? []) as { instancePath: string; message?: string }[];
  const errors: FieldProblem[] = issues.slice(0, 50).map((issue) => ({
    path: [place, ...issue.instancePath.split('/').filter((part) => part !== '')].join('.').slice(0, 200),
    message: (issue.message ?? 'is not valid').slice(0, 300),
  }));
  const more = issues.length > errors.length ? ` (the first ${errors.length} of ${issues.length})` : '';
  const count = issues.length === 1 ? 'One field is wrong' : `${issues.length} fields are wrong${more}`;
  return new HttpProblem(400, 'request-invalid', `${count}.`, 'Correct what `errors` names.', { errors });
}

function fromProduct({ problem, code }: EarwitnessError): HttpProblem {
  const status = statusOf[code] ?? 422;
  return new HttpProblem(status, code, problem.message, problem.hint, status === 503 ? { retryAfterS: 5 } : {});
}
