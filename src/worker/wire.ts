import { z } from 'zod';
import {
  channelSchema,
  type FinishedSession,
  type FinishedWork,
  languageSchema,
  localisedSchema,
  msSchema,
  problemSchema,
  roleSchema,
  sessionSchema,
  sessionSummarySchema,
  verdictSchema,
  type WorkOrder,
} from '../session/index.ts';
import { inspectPayloadSchema } from './desk.ts';

/** Orders and results as they travel between machines: JSON, bytes in base64. */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const orderSchema = z.object({
  batchId: z.string(),
  sessions: z.array(
    z.object({
      key: z.string(),
      session: sessionSchema,
      source: z.object({ path: z.string(), entry: z.string().nullable() }),
      notices: z.array(problemSchema),
      recordingSha256: z.string().nullable(),
      channelRoles: z.array(roleSchema).nullable(),
    }),
  ),
  scorecards: z.array(
    z.object({
      hash: z.string(),
      id: z.string(),
      version: z.string(),
      path: z.string(),
      files: z.array(z.object({ path: z.string(), sha256 })),
    }),
  ),
  recogniser: z.string(),
  agentChannel: z.enum(['left', 'right']),
});

/** What a worker gets for a job. */
export const orderAnswerSchema = z.object({
  order: orderSchema,
  /** Paths with signatures, on the server that was asked. */
  links: z.object({
    recordings: z.record(z.string(), z.string()),
    artefacts: z.record(z.string(), z.string()),
    results: z.string(),
  }),
});
export type OrderAnswer = z.infer<typeof orderAnswerSchema>;

const summary = sessionSummarySchema.shape;

const finishedSchema = z.object({
  key: z.string().max(400),
  summary: z.object({
    channel: channelSchema,
    language: languageSchema,
    agentId: summary.agentId,
    customerId: summary.customerId,
    team: summary.team,
    queue: summary.queue,
    startedAt: summary.startedAt,
    durationMs: msSchema.nullable(),
    scorecardId: summary.scorecardId,
    scorecardVersion: summary.scorecardVersion,
    scorecardHash: summary.scorecardHash,
    score: summary.score,
    passed: summary.passed,
    provisional: summary.provisional,
    autoFails: summary.autoFails,
    probability: summary.probability,
    band: summary.band,
    reason: localisedSchema.nullable(),
  }),
  engine: z.string().max(200),
  sentimentHash: sha256,
  inputHash: sha256,
  input: z.base64(),
  verdictsHash: sha256,
  verdicts: z.base64(),
  items: z.array(z.object({ id: z.string(), verdict: verdictSchema, cost: z.number() })),
});

/** What a worker hands in. */
export const resultsBodySchema = z.object({
  job: z.object({ id: z.string().min(1).max(400), payload: inspectPayloadSchema }),
  work: z.object({
    finished: z.array(finishedSchema).max(100),
    failed: z.array(z.object({ key: z.string().max(400), problem: problemSchema })).max(100),
  }),
});
export type ResultsBody = z.infer<typeof resultsBodySchema>;

export const workWire = {
  order: (order: WorkOrder): OrderAnswer['order'] => ({
    ...order,
    sessions: order.sessions.map((one) => ({ ...one, channelRoles: one.channelRoles && [...one.channelRoles] })),
    scorecards: order.scorecards.map((one) => ({ ...one, files: [...one.files] })),
  }),
  work: ({ finished, failed }: ResultsBody['work']): FinishedWork => ({
    finished: finished.map((one) => ({
      ...one,
      input: Buffer.from(one.input, 'base64'),
      verdicts: Buffer.from(one.verdicts, 'base64'),
    })),
    failed,
  }),
  body: ({ finished, failed }: FinishedWork): ResultsBody['work'] => ({
    finished: finished.map((one: FinishedSession) => ({
      ...one,
      input: Buffer.from(one.input).toString('base64'),
      verdicts: Buffer.from(one.verdicts).toString('base64'),
    })),
    failed,
  }),
};
