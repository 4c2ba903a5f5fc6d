import { z } from 'zod';
import { channelSchema, criticalClassSchema, languageSchema } from '../../session/index.ts';
import { timeZeros } from '../scope/types.ts';

const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'An id holds letters, digits, - and _ (at most 64), e.g. identity-within-10s.',
  );
const text = z.string().min(1).max(2000);
const localised = z
  .union([text, z.strictObject({ en: text.optional(), zh: text.optional() })])
  .meta({ description: 'A text, or one per language: { en: Opening, zh: 开场 }.' });
const weight = z.number().min(0).max(1_000_000);
const points = z.number().min(0).max(1_000_000);
const channels = z.array(channelSchema).min(1);
const lexiconName = z.string().regex(/^[\p{L}\p{N}_-]{1,64}$/u, 'A name holds letters, digits, - and _.');
const phrases = z.array(z.string().min(1).max(300)).max(100_000);
const plain = z.union([z.string(), z.number(), z.boolean()]);

const lexicon = z.union([
  phrases,
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ id: z.string().optional(), version: z.union([z.string(), z.number()]).optional(), phrases }),
]);

const bound = z.union([z.number(), z.string()]);

/** The shape of a scorecard. Conditions are given from outside: opaque for loading, complete for the published schema. */
export function scorecardShape(condition: z.ZodType) {
  const item = z.strictObject({
    id,
    title: localised,
    why: localised.optional(),
    coaching: localised.optional(),
    weight: weight.optional(),
    type: z.enum(['yesno', 'scale', 'deduction', 'number']).optional(),
    expect: condition.optional(),
    forbid: condition.optional(),
    when: condition.optional(),
    naWhen: condition.optional(),
    channels: channels.optional(),
    severity: z.enum(['low', 'medium', 'high']).optional(),
    critical: criticalClassSchema.optional(),
    autoFail: z.enum(['none', 'section', 'form']).optional(),
    manualOnly: z.boolean().optional(),
    zero: z.enum(timeZeros).optional(),
    points: points.optional(),
    once: points.optional(),
    perHit: points.optional(),
    max: points.optional(),
    levels: z
      .array(z.strictObject({ points, expect: condition }))
      .min(1)
      .max(20)
      .optional(),
    measure: condition.optional(),
    bands: z
      .array(z.strictObject({ from: bound.optional(), to: bound.optional(), points }))
      .min(1)
      .max(50)
      .optional(),
  });
  return z.strictObject({
    $schema: z.string().optional(),
    id,
    version: z.number().int().min(1),
    title: localised.optional(),
    language: languageSchema,
    channels: channels.optional(),
    appliesTo: z
      .strictObject({
        queue: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
        team: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
        attributes: z.record(z.string(), z.union([plain, z.array(plain).min(1)])).optional(),
      })
      .optional(),
    passMark: z.number().min(0).max(100).optional(),
    method: z.enum(['sectionPercent', 'pooledPoints', 'deductFrom100']).optional(),
    deductPer: z.enum(['form', 'section']).optional(),
    zero: z.enum(timeZeros).optional(),
    confidence: z
      .strictObject({ words: z.number().min(0).max(1).optional(), scope: z.number().min(0).max(1).optional() })
      .optional(),
    knowledge: z.string().min(1).optional(),
    lexicons: z.record(lexiconName, lexicon).optional(),
    conditions: z.record(lexiconName, condition).optional(),
    sections: z
      .array(z.strictObject({ id, title: localised, weight: weight.optional(), items: z.array(item).min(1).max(500) }))
      .min(1)
      .max(100),
  });
}

export const rawScorecardSchema = scorecardShape(z.unknown());
export type RawScorecard = z.infer<typeof rawScorecardSchema>;
export type RawItem = RawScorecard['sections'][number]['items'][number];

/** A lexicon file: a list of phrases, or phrases with an id and a version. */
export const lexiconFileSchema = z.union([
  phrases,
  z.strictObject({ id: z.string().optional(), version: z.union([z.string(), z.number()]).optional(), phrases }),
]);

export const scopeKeys = ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility'] as const;
export const windowKeys = ['after', 'before', 'around', 'same', 'within', 'hit'] as const;
