import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { batchFileSchema, batchSchema, batchStateSchema, problemSchema } from '../../../session/index.ts';
import type { Context } from '../../context.ts';
import { pageQuerySchema, pageSchema } from '../../http/paging.ts';
import { act, batchActions } from './actions.ts';
import { openBatch, visibleBatch, visibleFile } from './open-batch.ts';
import { batchChangeSchema, batchIdSchema, newBatchSchema } from './schemas.ts';

const tags = ['Batches'];

/** Batches and what is known of them. */
export function batchListRoutes(context: Context): FastifyPluginAsyncZod {
  const { store } = context;
  return async (app) => {
    app.post(
      '/batches',
      {
        config: { right: 'batches.create', idempotent: true },
        schema: {
          tags,
          operationId: 'createBatch',
          summary: 'Open a batch for files.',
          body: newBatchSchema,
          response: { 201: batchSchema },
        },
      },
      async (request, reply) => {
        const batch = await openBatch(context, request.actor!, request.body);
        return reply.code(201).header('location', `/api/v1/batches/${batch.id}`).send(batch);
      },
    );

    app.get(
      '/batches',
      {
        config: { right: 'batches.read' },
        schema: {
          tags,
          operationId: 'listBatches',
          summary: 'Batches, newest first.',
          querystring: pageQuerySchema.extend({ state: batchStateSchema.optional().describe('Only in this state.') }),
          response: { 200: pageSchema(batchSchema) },
        },
      },
      async (request) => store.batches.list(request.actor!.scope, request.query),
    );

    app.get(
      '/batches/:id',
      {
        config: { right: 'batches.read' },
        schema: {
          tags,
          operationId: 'getBatch',
          summary: 'One batch with its counts.',
          params: batchIdSchema,
          response: { 200: batchSchema },
        },
      },
      async (request) => visibleBatch(context, request.actor!, request.params.id),
    );

    app.patch(
      '/batches/:id',
      {
        config: { right: 'batches.manage' },
        schema: {
          tags,
          operationId: 'changeBatch',
          summary: 'Change title or priority.',
          params: batchIdSchema,
          body: batchChangeSchema,
          response: { 200: batchSchema },
        },
      },
      async (request) => {
        const actor = request.actor!;
        const { title, priority } = request.body;
        const before = await visibleBatch(context, actor, request.params.id);
        const after = await store.batches.update(before.id, {
          ...(title === undefined ? {} : { title }),
          ...(priority === undefined ? {} : { priority }),
        });
        const detail = { fields: Object.keys(request.body) };
        await store.audit.append({ actor: actor.name, action: 'batch.change', target: `batch:${before.id}`, detail });
        return after ?? before;
      },
    );

    for (const [name, { right, summary }] of Object.entries(batchActions) as [
      keyof typeof batchActions,
      (typeof batchActions)[keyof typeof batchActions],
    ][])
      app.post(
        `/batches/:id/${name}`,
        {
          config: { right },
          schema: {
            tags,
            operationId: `${name}Batch`,
            summary,
            params: batchIdSchema,
            response: { 200: batchSchema },
          },
        },
        async (request) => act(context, request.actor!, name, request.params.id),
      );

    app.get(
      '/batches/:id/files',
      {
        config: { right: 'batches.read' },
        schema: {
          tags,
          operationId: 'listBatchFiles',
          summary: 'Files of a batch, in the order in which they came.',
          params: batchIdSchema,
          querystring: pageQuerySchema,
          response: { 200: pageSchema(batchFileSchema.omit({ sidecar: true })) },
        },
      },
      async (request) => {
        const { id } = await visibleBatch(context, request.actor!, request.params.id);
        return store.batches.files(id, request.query);
      },
    );

    app.get(
      '/batches/:id/failures',
      {
        config: { right: 'batches.read' },
        schema: {
          tags,
          operationId: 'listBatchFailures',
          summary: 'What could not be read or inspected, and why.',
          params: batchIdSchema,
          querystring: pageQuerySchema,
          response: { 200: pageSchema(problemSchema) },
        },
      },
      async (request) => {
        const { id } = await visibleBatch(context, request.actor!, request.params.id);
        return store.batches.failures(id, request.query);
      },
    );

    app.get(
      '/files/:id',
      {
        config: { right: 'batches.read' },
        schema: {
          tags,
          operationId: 'getFile',
          summary: 'One uploaded file: how far it is, and what it is a duplicate of.',
          params: z.object({ id: z.string().min(1).max(100).describe('Id of the file.') }),
          response: { 200: batchFileSchema.omit({ sidecar: true }) },
        },
      },
      async (request) => visibleFile(context, request.actor!, request.params.id),
    );
  };
}
