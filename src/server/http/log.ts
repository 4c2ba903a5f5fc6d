import type { FastifyInstance } from 'fastify';
import { pino, type DestinationStream, type Logger } from 'pino';

/** Names of fields whose values never reach the log, at the top and one and two levels down. */
const secret = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-csrf-token',
  'csrf',
  'password',
  'passwordHash',
  'secret',
  'clientSecret',
  'secretAccessKey',
  'token',
  'code',
  'query',
  'body',
];

/**
 * Lines of JSON. Nothing that a person said or typed belongs in it: requests are told by route, status and ids, and the
 * names above are blotted out wherever they appear.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const quoted = secret.map((name) => `["${name}"]`);
  const paths = quoted.flatMap((name) => [name, `*${name}`, `*.*${name}`]).filter((path) => path !== '["code"]');
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: '[redacted]' },
      serializers: { err: serializeError, error: serializeError },
    },
    ...(destination ? [destination] : []),
  );
}

/** Where it broke, and what kind it was. Messages of foreign errors may quote what was being read. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack } = error;
  const code = (error as { code?: unknown }).code;
  const known = name === 'EarwitnessError' || name === 'HttpProblem' || typeof code === 'string';
  return {
    type: name,
    kind: typeof code === 'string' ? code : undefined,
    message: known ? message.slice(0, 500) : undefined,
    stack: stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 12)
      .join('\n'),
  };
}

/** One line for each request when it is answered. Never path parameters beyond ids, never query, headers or body. */
export function installRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      route: request.is404 ? null : (request.routeOptions.url ?? null),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      actor: request.actor?.name,
    };
    if (reply.statusCode >= 500) request.log.error(line, 'answered');
    else request.log.info(line, 'answered');
  });
  app.addHook('onRequestAbort', async (request) => {
    request.log.info({ method: request.method, route: request.routeOptions.url ?? null }, 'caller went away');
  });
}
