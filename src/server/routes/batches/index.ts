import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Context } from '../../context.ts';
import { keepClosingEarlierDays } from '../../intake/rolling.ts';
import { batchListRoutes } from './batches.ts';
import { hookRoutes } from './hook.ts';
import { liveRoutes } from './live.ts';
import { reportRoutes } from './report.ts';
import { resumableRoutes } from './resumable.ts';
import { uploadRoutes } from './upload.ts';

/** Batches: opening them, filling them from every side, watching them, and what came of them. */
export function batchRoutes(context: Context): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(multipart, { throwFileSizeLimit: false });
    await app.register(batchListRoutes(context));
    await app.register(uploadRoutes(context));
    await app.register(resumableRoutes(context));
    await app.register(hookRoutes(context));
    await app.register(liveRoutes(context));
    await app.register(reportRoutes(context));
    const stop = keepClosingEarlierDays(context);
    app.addHook('onClose', async () => {
      stop();
    });
  };
}
