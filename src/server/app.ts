import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { engine } from '../pipeline/index.ts';
import { installAccess } from './access/plugin.ts';
import type { Context } from './context.ts';
import { installFront } from './front/index.ts';
import { answerOutside, installProblems } from './http/errors.ts';
import { installEtags } from './http/etag.ts';
import { installHeaders } from './http/headers.ts';
import { installHealth } from './http/health.ts';
import { installIdempotency } from './http/idempotency.ts';
import { installPressureRelief, installRateLimit } from './http/limits.ts';
import { installRequestLog } from './http/log.ts';
import { installMetrics } from './http/metrics.ts';
import { installOpenApi } from './http/openapi.ts';
import { requestId } from './http/request-id.ts';
import { installSlowness } from './http/slowness.ts';
import { routeModules } from './routes/index.ts';

export interface AppOptions {
  /** Further routes, before the server is ready. */
  extend?: ((app: FastifyInstance) => Promise<void> | void) | undefined;
  /** How late the event loop may be before requests are put off; 0: however late. */
  longestDelayMs?: number | undefined;
}

/** The whole HTTP server, ready to listen or to be asked by `inject`. Closing it closes nothing of the context. */
export async function buildApp(
  context: Context,
  { extend, longestDelayMs }: AppOptions = {},
): Promise<FastifyInstance> {
  const { config, log } = context;
  // Fastify's own type of a logger, so that plugins need not know ours.
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    // One line for each request, by installRequestLog; Fastify's own would hold the query.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    frameworkErrors: answerOutside,
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: config.limits.bodyBytes,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: false },
    return503OnClosing: true,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Forms of other sites can send text/plain without asking; nothing here takes it.
  app.removeContentTypeParser('text/plain');
  installSlowness(app);
  installProblems(app);
  installRequestLog(app);
  await installHeaders(app, context);
  await installPressureRelief(app, longestDelayMs);
  const access = await installAccess(app, context);
  await installRateLimit(app, context);
  access.authorise();
  installEtags(app);
  installIdempotency(app, context);
  await installOpenApi(app, { version: engine.split(' ')[1]! });
  installHealth(app, context);
  installMetrics(app, context);
  for (const module of routeModules) await app.register(module(context), { prefix: '/api/v1' });
  installFront(app);
  await extend?.(app);
  await app.ready();
  return app;
}
