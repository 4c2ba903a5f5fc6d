import { z } from 'zod';
import { problemSchema } from './errors.ts';
import { channelSchema, localisedSchema, msSchema } from './primitives.ts';
import { bandSchema, scorecardRefSchema, verdictSchema } from './result.ts';

const count = z.number().int().min(0);

/** Which session: enough to find it and to say whose it is. */
export const sessionRefSchema = z.object({
  id: z.string(),
  channel: channelSchema,
  agentId: z.string().nullable(),
  team: z.string().nullable(),
  source: z.object({ path: z.string(), entry: z.string().nullable() }),
});
export type SessionRef = z.infer<typeof sessionRefSchema>;

/** A verdict with the sentence and the words that lead to it: its first evidence, else its closest miss. */
export const flipSideSchema = z.object({
  verdict: verdictSchema,
  reason: localisedSchema,
  quote: z.string().nullable(),
  turn: z.number().int().nullable(),
  startMs: msSchema.nullable(),
  /** What the words show: “said at 12.4 s, limit 10 s”. */
  note: localisedSchema.nullable(),
});
export type FlipSide = z.infer<typeof flipSideSchema>;

export const flipSchema = z.object({ session: sessionRefSchema, before: flipSideSchema, after: flipSideSchema });
export type Flip = z.infer<typeof flipSchema>;

/** Every change of a verdict is one of these; the six exclude each other. */
export const flipCountsSchema = z.object({
  passToFail: count,
  failToPass: count,
  /** From pass, fail or n/a. */
  toUnknown: count,
  /** To pass or fail. */
  fromUnknown: count,
  /** From pass, fail or unknown. */
  toNa: count,
  /** To pass or fail. */
  fromNa: count,
});
export type FlipCounts = z.infer<typeof flipCountsSchema>;

export const verdictCountsSchema = z.object({ pass: count, fail: count, unknown: count, na: count });
export type VerdictCounts = z.infer<typeof verdictCountsSchema>;

/** Machine against person. An unknown is no agreement. */
export const agreementSchema = z.object({
  n: count,
  agree: count,
  rate: z.number(),
  /** 95 % Wilson interval. */
  low: z.number(),
  high: z.number(),
  /** Cohen's κ over pass, fail, n/a and unknown; null where chance alone explains everything. */
  kappa: z.number().nullable(),
});
export type Agreement = z.infer<typeof agreementSchema>;

export const itemChangeSchema = z.object({
  id: z.string(),
  title: localisedSchema,
  section: z.string(),
  /** Verdicts by the current and by the candidate card; null where that card has no such item. */
  before: verdictCountsSchema.nullable(),
  after: verdictCountsSchema.nullable(),
  flips: flipCountsSchema,
  /** The first by kind (in the order of `flips`) and session id. */
  examples: z.array(flipSchema),
  /** Null where no person reviewed the item in these sessions. */
  agreement: z.object({ before: agreementSchema.nullable(), after: agreementSchema.nullable() }).nullable(),
});
export type ItemChange = z.infer<typeof itemChangeSchema>;

/** Over sessions that have a score by both cards. */
export const scoreChangeSchema = z.object({
  n: count,
  before: z.number(),
  after: z.number(),
  /** Mean of the differences, with half of its 95 % interval (t, paired); null below two sessions. */
  change: z.number(),
  halfWidth: z.number().nullable(),
});
export type ScoreChange = z.infer<typeof scoreChangeSchema>;

export const groupChangeSchema = z.object({
  key: z.string().nullable(),
  sessions: count,
  score: scoreChangeSchema.nullable(),
  flips: count,
  newlyFailed: count,
  newlyPassed: count,
  newlyAutoFailed: count,
});
export type GroupChange = z.infer<typeof groupChangeSchema>;

export const standingSchema = z.object({
  score: z.number().nullable(),
  passed: z.boolean().nullable(),
  provisional: z.boolean(),
  /** Ids of the items that triggered one. */
  autoFails: z.array(z.string()),
  band: bandSchema,
});
export type Standing = z.infer<typeof standingSchema>;

export const sessionListSchema = z.object({
  total: count,
  /** Largest change of score first, then by id. */
  shown: z.array(
    z.object({ session: sessionRefSchema, before: standingSchema.nullable(), after: standingSchema.nullable() }),
  ),
});
export type SessionList = z.infer<typeof sessionListSchema>;

/** Sessions that a person has to look at: band high or critical, or provisional. */
export const workloadSchema = z.object({
  sessions: count,
  /** Calls among them whose length is known, and their length together. */
  calls: count,
  minutes: z.number(),
});
export type Workload = z.infer<typeof workloadSchema>;

export const itemSettingSchema = z.object({
  /** The item; null for a setting of the scorecard. */
  item: z.string().nullable(),
  setting: z.string(),
  before: z.string(),
  after: z.string(),
});

export const cardComparisonSchema = z.object({
  card: scorecardRefSchema.extend({ path: z.string(), passMark: z.number() }),
  /** Sessions that this version stands for. */
  sessions: count,
  added: z.array(z.string()),
  removed: z.array(z.string()),
  /** Another id under the same title: compared as one item. */
  renamed: z.array(z.object({ from: z.string(), to: z.string() })),
  settings: z.array(itemSettingSchema),
});
export type CardComparison = z.infer<typeof cardComparisonSchema>;

const beforeAfter = <T extends z.ZodType>(schema: T) => z.object({ before: schema, after: schema });

/** What a change of a scorecard does to sessions: the content of `earwitness backtest --json`. */
export const backtestSchema = z.object({
  schema: z.literal('earwitness/backtest/1'),
  engine: z.string(),
  candidate: scorecardRefSchema.extend({ path: z.string(), passMark: z.number() }),
  /** The card compared with, or each version that stored results were judged by. */
  against: z.array(cardComparisonSchema),
  sessions: z.object({
    /** By at least one of the two cards. */
    judged: count,
    /** By the candidate alone; by the current card alone. */
    newlyCovered: count,
    noLongerCovered: count,
    /** Neither card applies, there are no words, or another scorecard judged it. */
    leftOut: count,
    /** With at least one flip. */
    flipped: count,
  }),
  flips: flipCountsSchema,
  score: scoreChangeSchema.nullable(),
  passed: beforeAfter(z.object({ passed: count, n: count })),
  autoFailed: beforeAfter(count),
  /** In the order of the candidate, then those that it no longer has. */
  items: z.array(itemChangeSchema),
  agents: z.array(groupChangeSchema),
  teams: z.array(groupChangeSchema),
  newlyAutoFailed: sessionListSchema,
  noLongerAutoFailed: sessionListSchema,
  newlyFailed: sessionListSchema,
  newlyPassed: sessionListSchema,
  workload: beforeAfter(workloadSchema).extend({ joined: sessionListSchema, left: sessionListSchema }),
  /** Null where no reviews were given. */
  reviews: z.object({ verdicts: count, used: count }).nullable(),
  /** Sessions that could not be compared, and why. */
  failures: z.array(problemSchema),
});
export type Backtest = z.infer<typeof backtestSchema>;
