import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { engine } from '../../../pipeline/index.ts';
import {
  type ReportHead,
  type ReportTail,
  reportJsonStream,
  reportPage,
  sessionsCsvStream,
} from '../../../report/index.ts';
import type { Batch, BatchResult, Problem, SessionResult } from '../../../session/index.ts';
import type { Context } from '../../context.ts';
import { reportPagePolicy } from '../../http/headers.ts';
import { HttpProblem } from '../../http/problem.ts';
import { rawQuerySchema, redactResult, wantsRaw } from '../../http/redact.ts';
import { visibleBatch } from './open-batch.ts';
import { batchIdSchema } from './schemas.ts';

/** The page holds every session at once, here and in the reader's browser; CSV and JSON are streamed and know no limit. */
const largestPage = 2_000;

const querySchema = rawQuerySchema.extend({
  language: z.enum(['en', 'zh']).default('en').describe('Of the page, which holds both, and of the table.'),
});

const formats = {
  html: { type: 'text/html; charset=utf-8', summary: `The report as one page, up to ${largestPage} sessions.` },
  json: { type: 'application/json; charset=utf-8', summary: 'The report as JSON, streamed.' },
  csv: { type: 'text/csv; charset=utf-8', summary: 'One row for each session, streamed.' },
} as const;
type Format = keyof typeof formats;

/** The report of a batch from what is recorded so far; of a finished batch it is the whole. */
export function reportRoutes(context: Context): FastifyPluginAsyncZod {
  return async (app) => {
    for (const [format, { type, summary }] of Object.entries(formats) as [Format, (typeof formats)[Format]][])
      app.get(
        `/batches/:id/report.${format}`,
        {
          config: { right: 'reports.read' },
          schema: {
            tags: ['Batches'],
            operationId: `batchReport${format.replace(/^./, (first) => first.toUpperCase())}`,
            summary,
            produces: [type.split(';')[0]!],
            params: batchIdSchema,
            querystring: querySchema,
            response: { 200: z.string().describe(type) },
          },
        },
        async (request, reply) => {
          const actor = request.actor!;
          const batch = await visibleBatch(context, actor, request.params.id);
          const raw = await wantsRaw(context, request, `batch:${batch.id}`);
          const recorded = new Recorded(context, batch, actor.scope, raw);
          const { language } = request.query;
          const body =
            format === 'csv'
              ? sessionsCsvStream(recorded.sessions(), language)
              : format === 'json'
                ? reportJsonStream(recorded.head(), recorded.sessions(), recorded.failures(), () => recorded.tail())
                : reportPage(await recorded.whole(), language);
          return send(reply, format, batch.id, body);
        },
      );
  };
}

function send(reply: FastifyReply, format: Format, id: string, body: AsyncIterable<string> | Iterable<string>) {
  // The page is read where it is; tables and JSON are files to keep.
  const kept = `attachment; filename="report-${id.replace(/[^\w.-]/g, '_')}.${format}"`;
  return reply
    .type(formats[format].type)
    .header('cache-control', 'no-store')
    .header('content-disposition', format === 'html' ? 'inline' : kept)
    .header('content-security-policy', format === 'html' ? reportPagePolicy : "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .serializer((payload) => payload as string)
    .send(Readable.from(body, { objectMode: false }));
}

/** What is recorded of a batch, as its reader may see it. */
class Recorded {
  readonly #context: Context;
  readonly #batch: Batch;
  readonly #scope: Parameters<Context['store']['sessions']['results']>[0];
  readonly #raw: boolean;
  readonly #cards = new Map<string, SessionResult>();
  #heardBy: SessionResult['transcript'] | null = null;

  constructor(
    context: Context,
    batch: Batch,
    scope: Parameters<Context['store']['sessions']['results']>[0],
    raw: boolean,
  ) {
    this.#context = context;
    this.#batch = batch;
    this.#scope = scope;
    this.#raw = raw;
  }

  head(): ReportHead {
    return {
      schema: 'earwitness/report/1',
      engine,
      generatedAt: this.#context.now().toISOString(),
      title: this.#batch.title,
      inputs: [this.#batch.title],
    };
  }

  async *sessions(): AsyncGenerator<SessionResult> {
    for await (const { result } of this.#context.store.sessions.results(this.#scope, { batchId: this.#batch.id })) {
      if (result.scorecard) this.#cards.set(result.scorecard.hash, result);
      if (result.transcript.recogniser) this.#heardBy ??= result.transcript;
      yield this.#raw ? result : redactResult(result);
    }
  }

  async *failures(): AsyncGenerator<Problem> {
    let cursor: string | undefined;
    do {
      const page = await this.#context.store.batches.failures(this.#batch.id, { limit: 200, cursor });
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  /** Scorecards and recogniser of the sessions that were read. */
  async tail(): Promise<ReportTail> {
    const { bundles } = this.#context.store;
    const scorecards = await Promise.all(
      [...this.#cards.values()].map(async ({ scorecard, passMark, method }) => ({
        ...scorecard!,
        path: (await bundles.get('scorecard', scorecard!.hash))?.path ?? scorecard!.id,
        passMark: passMark ?? 0,
        method: method ?? 'sectionPercent',
      })),
    );
    const heardBy = this.#heardBy;
    const reason = { en: 'As the batch was set up.', zh: '按批次设置。' };
    const recogniser = heardBy?.recogniser ? { ...heardBy.recogniser, reason, caveats: heardBy.caveats } : null;
    return { scorecards, recogniser };
  }

  async whole(): Promise<BatchResult> {
    const sessions: SessionResult[] = [];
    for await (const session of this.sessions()) {
      if (sessions.length >= largestPage)
        throw new HttpProblem(
          413,
          'report-too-large',
          `A page holds ${largestPage} sessions, and the batch has more.`,
          'Take report.csv or report.json, or the period report.',
        );
      sessions.push(session);
    }
    const failures: Problem[] = [];
    for await (const problem of this.failures()) if (failures.push(problem) >= largestPage) break;
    return { ...this.head(), sessions, failures, ...(await this.tail()) };
  }
}
