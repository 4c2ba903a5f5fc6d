import { z } from 'zod';
import { bandSchema, channelSchema } from '../../../session/index.ts';

const day = z.iso.date();

export const periodQuerySchema = z.object({
  from: day.describe('First day of the period (UTC).'),
  to: day.describe('Its last day, included.'),
  team: z.string().min(1).max(200).optional(),
  channel: channelSchema.optional(),
  compare: z.enum(['previous']).optional().describe('`previous`: also the period of the same length before it.'),
});

/** A mean with its 95 % interval by Student’s t; bounds are null below two values. */
export const meanSchema = z.object({
  mean: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.number().int(),
});

/** A share of `n` with its 95 % Wilson interval, 0…1. */
export const rateSchema = z.object({
  count: z.number().int(),
  n: z.number().int(),
  rate: z.number(),
  low: z.number(),
  high: z.number(),
});

export const figuresSchema = z.object({
  sessions: z.number().int(),
  scored: z.number().int(),
  provisional: z.number().int(),
  score: meanSchema.nullable(),
  passRate: rateSchema.nullable(),
  autoFailRate: rateSchema.nullable(),
  bands: z.record(bandSchema, z.number().int()),
});

export const periodReportSchema = z.object({
  from: z.string(),
  to: z.string(),
  total: figuresSchema,
  days: z.array(figuresSchema.extend({ day: z.string() })),
  /** Agents with fewer scored sessions than this have no rank. */
  minimumToRank: z.number().int(),
  agents: z.array(
    figuresSchema.extend({
      agentId: z.string().nullable(),
      team: z.string().nullable(),
      /** 1: the highest mean; null where there is too little to rank by. */
      rank: z.number().int().nullable(),
    }),
  ),
  items: z.array(
    z.object({
      scorecardId: z.string(),
      item: z.string(),
      pass: z.number().int(),
      fail: z.number().int(),
      unknown: z.number().int(),
      na: z.number().int(),
      cost: z.number(),
      failRate: rateSchema.nullable(),
    }),
  ),
});
export type PeriodAnswer = z.infer<typeof periodReportSchema>;

export const comparedReportSchema = periodReportSchema.extend({
  previous: z
    .object({
      from: z.string(),
      to: z.string(),
      total: figuresSchema,
      /** How much the mean score rose, with the 95 % interval of the difference (Welch); null where either has no mean. */
      scoreChange: z.object({ change: z.number(), low: z.number().nullable(), high: z.number().nullable() }).nullable(),
    })
    .nullable(),
});
export type ComparedAnswer = z.infer<typeof comparedReportSchema>;
