import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { defaultResumable, Resumable, type ResumableSettings, uploadStatusSchema } from './tus.ts';

const tags = ['Uploads'];
const idSchema = z.object({ id: z.string().min(1).max(100).describe('Id of the upload.') });
const description =
  'tus 1.0. Upload-Metadata: batchId, filename; optional sha256, again, metadata (JSON). See docs/guides/uploading.md.';

/** Uploads that can be gone on with, under /uploads. */
export function resumableRoutes(
  context: Context,
  settings: ResumableSettings = defaultResumable,
): FastifyPluginAsyncZod {
  return async (app) => {
    const resumable = await Resumable.open(context, settings);
    const timer = setInterval(() => {
      resumable.removeExpired().catch((error: unknown) => {
        context.log.warn({ err: error }, 'expired uploads could not be removed');
      });
    }, 3_600_000).unref();
    app.addHook('onClose', async () => {
      clearInterval(timer);
    });
    // The bytes are for the protocol to read.
    app.addContentTypeParser('application/offset+octet-stream', (_request, _payload, done) => {
      done(null);
    });

    const config = { right: 'batches.create' } as const;
    app.post(
      '/uploads',
      { config, schema: { tags, operationId: 'createUpload', summary: 'Begin a resumable upload.', description } },
      async (request, reply) => resumable.handle(request, reply),
    );
    app.head(
      '/uploads/:id',
      { config, schema: { tags, operationId: 'headUpload', summary: 'At which byte it stands.', params: idSchema } },
      async (request, reply) => resumable.handle(request, reply),
    );
    app.patch(
      '/uploads/:id',
      { config, schema: { tags, operationId: 'patchUpload', summary: 'Send more of it.', params: idSchema } },
      async (request, reply) => resumable.handle(request, reply),
    );
    app.delete(
      '/uploads/:id',
      { config, schema: { tags, operationId: 'removeUpload', summary: 'Give it up.', params: idSchema } },
      async (request, reply) => resumable.handle(request, reply),
    );
    app.options(
      '/uploads',
      {
        config: { open: 'Tells which parts of the tus protocol are spoken, the same to everybody.' },
        schema: { tags, operationId: 'uploadOptions', summary: 'What of the tus protocol is spoken.' },
      },
      async (_request, reply) =>
        reply
          .code(204)
          .headers({
            'tus-resumable': '1.0.0',
            'tus-version': '1.0.0',
            'tus-extension': 'creation,creation-with-upload,creation-defer-length,termination,expiration',
            'tus-max-size': String(context.config.limits.uploadBytes),
          })
          .send(),
    );
    app.get(
      '/uploads/:id',
      {
        config,
        exposeHeadRoute: false,
        schema: {
          tags,
          operationId: 'getUpload',
          summary: 'How an upload stands, and which file it became.',
          params: idSchema,
          response: { 200: uploadStatusSchema },
        },
      },
      async (request) => resumable.status(request.actor!, request.params.id),
    );
  };
}
