import { z } from 'zod';
import { audioFactsSchema, measuresSchema, sentimentSchema } from './annotations.ts';
import { problemSchema } from './errors.ts';
import { judgePinSchema } from './opinion.ts';
import { type Localised, localisedSchema, msSchema } from './primitives.ts';
import { recogniserRefSchema, sessionSchema } from './session.ts';

export const verdictSchema = z.enum(['pass', 'fail', 'unknown', 'na']);
export type Verdict = z.infer<typeof verdictSchema>;

/**
 * The words and the second that prove a verdict. `quote` is exactly
 * `turns[turn-1].text.slice(charStart, charEnd)`; where the proof is a gap or a field, `quote` is the words that the
 * gap follows or the field's value, and `kind` says so.
 */
export const evidenceSchema = z.object({
  kind: z.enum(['words', 'gap', 'field', 'measure']),
  turn: z.number().int().nullable(),
  startMs: msSchema.nullable(),
  endMs: msSchema.nullable(),
  charStart: z.number().int().nullable(),
  charEnd: z.number().int().nullable(),
  quote: z.string(),
  operator: z.string(),
  /** What was measured and what it was held against, e.g. 12400 and 10000 with unit `ms`. */
  measured: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string().nullable(),
  /** One short sentence: what this shows. */
  note: localisedSchema.nullable(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** The closest thing found when a rule did not hold: “said at 12.4 s, limit 10 s”. Same shape as evidence. */
export type NearMiss = Evidence;

/** Three-valued (Kleene) outcome of a condition. */
export const truthSchema = z.enum(['true', 'false', 'unknown']);
export type Truth = z.infer<typeof truthSchema>;

/** One node of the evaluation tree, kept so that a verdict can be explained step by step. */
export interface EvalNode {
  /** `all`, `any`, `not`, `atLeast` or an operator's name. */
  op: string;
  truth: Truth;
  /** What was looked for, where, and what came of it. */
  message: Localised;
  evidence: Evidence[];
  nearMisses: NearMiss[];
  children: EvalNode[];
}

export const evalNodeSchema: z.ZodType<EvalNode> = z.lazy(() =>
  z.object({
    op: z.string(),
    truth: truthSchema,
    message: localisedSchema,
    evidence: z.array(evidenceSchema),
    nearMisses: z.array(evidenceSchema),
    children: z.array(evalNodeSchema),
  }),
);

export const criticalClassSchema = z.enum(['customer', 'business', 'compliance']);
export type CriticalClass = z.infer<typeof criticalClassSchema>;

export const itemResultSchema = z.object({
  id: z.string(),
  section: z.string(),
  title: localisedSchema,
  why: localisedSchema.nullable(),
  coaching: localisedSchema.nullable(),
  type: z.enum(['yesno', 'scale', 'deduction', 'number']),
  verdict: verdictSchema,
  /** Sentence a supervisor reads first: why this verdict. */
  reason: localisedSchema,
  evidence: z.array(evidenceSchema),
  nearMisses: z.array(evidenceSchema),
  tree: evalNodeSchema.nullable(),
  earned: z.number().nullable(),
  possible: z.number(),
  weight: z.number(),
  /** Points of the 0…100 total that this item cost; 0 unless it failed. */
  cost: z.number(),
  severity: z.enum(['low', 'medium', 'high']),
  critical: criticalClassSchema.nullable(),
  autoFail: z.enum(['none', 'section', 'form']),
  /** An auto-fail that rests on a similarity, judge or sentiment alone waits for a person. */
  needsConfirmation: z.boolean(),
  manualOnly: z.boolean(),
});
export type ItemResult = z.infer<typeof itemResultSchema>;

export const sectionResultSchema = z.object({
  id: z.string(),
  title: localisedSchema,
  weight: z.number(),
  /** 0…100, null when nothing in it applies. */
  score: z.number().nullable(),
  scoreBeforeAutoFail: z.number().nullable(),
});
export type SectionResult = z.infer<typeof sectionResultSchema>;

export const scorecardRefSchema = z.object({
  id: z.string(),
  version: z.number().int(),
  language: z.string(),
  title: localisedSchema,
  /** SHA-256 of the scorecard with its lexicons and knowledge bases as compiled. */
  hash: z.string(),
});
export type ScorecardRef = z.infer<typeof scorecardRefSchema>;

export const scorecardResultSchema = z.object({
  scorecard: scorecardRefSchema,
  method: z.enum(['sectionPercent', 'pooledPoints', 'deductFrom100']),
  passMark: z.number(),
  /** 0…100 after auto-fail; null when nothing applies. Not rounded. */
  score: z.number().nullable(),
  scoreBeforeAutoFail: z.number().nullable(),
  /** deductFrom100 only: before clamping to 0…100. */
  unclamped: z.number().nullable(),
  passed: z.boolean().nullable(),
  /** Something is unknown: the figures stand for what could be judged, and a person is asked for the rest. */
  provisional: z.boolean(),
  /** The items that triggered auto-fails. */
  autoFails: z.array(z.object({ item: z.string(), scope: z.enum(['section', 'form']), confirmed: z.boolean() })),
  /** Critical-error accuracy per class: of the critical items that applied, how many held. */
  critical: z.array(
    z.object({
      class: criticalClassSchema,
      applicable: z.number().int(),
      failed: z.number().int(),
      unknown: z.number().int(),
    }),
  ),
  sections: z.array(sectionResultSchema),
  items: z.array(itemResultSchema),
});
export type ScorecardResult = z.infer<typeof scorecardResultSchema>;

export const bandSchema = z.enum(['critical', 'high', 'medium', 'low']);
export type Band = z.infer<typeof bandSchema>;

export const riskReasonSchema = z.object({
  code: z.string(),
  title: localisedSchema,
  /** The scorecard item that it rests on, if one. */
  item: z.string().nullable(),
  evidence: z.array(evidenceSchema),
  /** Part of the probability's rise over the base rate that this reason carries; the shares of all reasons add to 1. */
  share: z.number(),
});
export type RiskReason = z.infer<typeof riskReasonSchema>;

export const riskSchema = z.object({
  /** Probability 0…1 that a person who hears the session finds something to act on. */
  probability: z.number().min(0).max(1),
  band: bandSchema,
  reasons: z.array(riskReasonSchema),
  model: z.object({ id: z.string(), version: z.string(), calibrated: z.boolean() }),
});
export type Risk = z.infer<typeof riskSchema>;

/** One inspected session: what was said, what was judged, why, and with which versions. */
export const sessionResultSchema = sessionSchema.extend({
  source: z.object({ path: z.string(), entry: z.string().nullable() }),
  scorecard: scorecardRefSchema.nullable(),
  method: scorecardResultSchema.shape.method.nullable(),
  passMark: z.number().nullable(),
  score: z.number().nullable(),
  scoreBeforeAutoFail: z.number().nullable(),
  unclamped: z.number().nullable(),
  passed: z.boolean().nullable(),
  provisional: z.boolean(),
  autoFails: scorecardResultSchema.shape.autoFails,
  critical: scorecardResultSchema.shape.critical,
  sections: z.array(sectionResultSchema),
  items: z.array(itemResultSchema),
  sentiment: sentimentSchema,
  measures: measuresSchema,
  audio: audioFactsSchema.nullable(),
  risk: riskSchema,
  /** What went less than well but did not stop the inspection. */
  notices: z.array(problemSchema),
  pins: z.object({
    engine: z.string(),
    scorecardHash: z.string().nullable(),
    sentimentHash: z.string(),
    modelHash: z.string().nullable(),
    transcriptHash: z.string(),
    /** Null where the scorecard has questions and none was asked; absent where it has none. */
    judge: judgePinSchema.nullable().optional(),
  }),
});
export type SessionResult = z.infer<typeof sessionResultSchema>;

/** What a batch run leaves behind: the content of report.json. */
export const batchResultSchema = z.object({
  schema: z.literal('earwitness/report/1'),
  engine: z.string(),
  generatedAt: z.string(),
  title: z.string(),
  /** Which recogniser was taken and why; null where nothing had to be recognised. */
  recogniser: recogniserRefSchema.extend({ reason: localisedSchema, caveats: z.array(localisedSchema) }).nullable(),
  scorecards: z.array(
    scorecardRefSchema.extend({ path: z.string(), passMark: z.number(), method: scorecardResultSchema.shape.method }),
  ),
  inputs: z.array(z.string()),
  sessions: z.array(sessionResultSchema),
  failures: z.array(problemSchema),
});
export type BatchResult = z.infer<typeof batchResultSchema>;
