import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Scope } from '../../../store/index.ts';
import type { Context } from '../../context.ts';
import { HttpProblem } from '../../http/problem.ts';
import { comparison, daysOf, periodAnswer, previousPeriod } from './period.ts';
import { type ComparedAnswer, comparedReportSchema, periodQuerySchema } from './schemas.ts';
import { periodCsv } from './table.ts';

const tags = ['reports'];
const longestDays = 3 * 366;

/** What a supervisor reads about a period: means and rates with intervals, agents, items. */
export function reportRoutes({ store }: Context): FastifyPluginAsyncZod {
  const answer = async (scope: Scope, query: z.infer<typeof periodQuerySchema>): Promise<ComparedAnswer> => {
    const { from, to } = query;
    if (from > to)
      throw new HttpProblem(400, 'request-invalid', '`from` lies after `to`.', 'Correct what `errors` names.', {
        errors: [{ path: 'query.to', message: 'must not be earlier than from' }],
      });
    if (daysOf(from, to) > longestDays)
      throw new HttpProblem(400, 'request-invalid', `A period has at most ${longestDays} days.`, null, {
        errors: [{ path: 'query.from', message: `must lie within ${longestDays} days before to` }],
      });
    const { team, channel } = query;
    const now = await store.reports.period(scope, { from, to, team, channel });
    if (query.compare === undefined) return { ...periodAnswer(now), previous: null };
    const before = await store.reports.period(scope, { ...previousPeriod(from, to), team, channel });
    return { ...periodAnswer(now), previous: comparison(now, before) };
  };
  return async (app) => {
    app.get(
      '/reports/period',
      {
        config: { right: 'reports.read' },
        schema: {
          operationId: 'getPeriodReport',
          summary: 'Figures of a period, with intervals',
          description: 'Days are those of UTC. Agents with too few scored sessions are listed without a rank.',
          tags,
          querystring: periodQuerySchema,
          response: { 200: comparedReportSchema },
        },
      },
      async ({ query, actor }) => answer(actor!.scope, query),
    );

    app.get(
      '/reports/period.csv',
      {
        config: { right: 'reports.read' },
        schema: {
          operationId: 'getPeriodReportCsv',
          summary: 'The same as a table for spreadsheets',
          tags,
          querystring: periodQuerySchema,
        },
      },
      async ({ query, actor }, reply) => {
        const report = await answer(actor!.scope, query);
        void reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="earwitness-period.csv"');
        return reply.send(periodCsv(report, actor!.account.language));
      },
    );
  };
}
