import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Context } from '../../context.ts';
import { notFound } from '../../http/problem.ts';
import { publish } from './publish.ts';
import {
  publishBodySchema,
  publishedAnswerSchema,
  publishedListSchema,
  publishQuerySchema,
  scorecardParamsSchema,
  scorecardQuerySchema,
  scorecardSchema,
  versionsSchema,
} from './schemas.ts';

const tags = ['scorecards'];

/** The scorecards in force, their texts and versions; publishing. */
export function scorecardRoutes(context: Context): FastifyPluginAsyncZod {
  const { bundles } = context.store;
  return async (app) => {
    app.get(
      '/scorecards',
      {
        config: { right: 'scorecards.read' },
        schema: {
          operationId: 'listScorecards',
          summary: 'The scorecards that are in force',
          tags,
          response: { 200: publishedListSchema },
        },
      },
      async () => ({ items: await bundles.published() }),
    );

    app.get(
      '/scorecards/:id',
      {
        config: { right: 'scorecards.read' },
        schema: {
          operationId: 'getScorecard',
          summary: 'A scorecard with the texts of its files',
          tags,
          params: scorecardParamsSchema,
          querystring: scorecardQuerySchema,
          response: { 200: scorecardSchema },
        },
      },
      async ({ params: { id }, query: { version } }) => {
        const all = version === undefined ? await bundles.published() : await bundles.versions(id);
        const found = all.find((one) =>
          version === undefined ? 'id' in one && one.id === id : one.version === version,
        );
        const pinned = found && (await bundles.get('scorecard', found.hash));
        if (!pinned) throw notFound('The scorecard');
        const files = await Promise.all(
          pinned.files.map(async ({ path, sha256 }) => {
            const bytes = await bundles.artefact(sha256);
            return { path, sha256, text: bytes === null ? '' : Buffer.from(bytes).toString('utf8') };
          }),
        );
        return { id, version: found.version, hash: found.hash, path: pinned.path, files };
      },
    );

    app.get(
      '/scorecards/:id/versions',
      {
        config: { right: 'scorecards.read' },
        schema: {
          operationId: 'listScorecardVersions',
          summary: 'Everything that was published under this id, newest first',
          tags,
          params: scorecardParamsSchema,
          response: { 200: versionsSchema },
        },
      },
      async ({ params: { id } }) => {
        const items = await bundles.versions(id);
        if (items.length === 0) throw notFound('The scorecard');
        return { items };
      },
    );

    app.post(
      '/scorecards',
      {
        config: { right: 'scorecards.publish', idempotent: true },
        schema: {
          operationId: 'publishScorecard',
          summary: 'Check a scorecard and put it in force',
          description:
            'Every problem is told at once, by file, line and column. Sessions inspected before keep their verdicts.',
          tags,
          querystring: publishQuerySchema,
          body: publishBodySchema,
          response: { 200: publishedAnswerSchema },
        },
      },
      async ({ body, query, actor }) => publish(context, { body, actor: actor!.name, dryRun: query.dryRun === 'true' }),
    );
  };
}
