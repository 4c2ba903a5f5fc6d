import { z } from 'zod';
import { channelSchema, criticalClassSchema, languageSchema } from '../../session/index.ts';
import { timeZeros } from '../scope/types.ts';
import { lexiconLimits } from './lexicons/limits.ts';
import type { Path } from './problems.ts';

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
const parameterName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'A parameter is named by letters, digits, - and _, e.g. what.');
const lexiconName = z.string().regex(/^[\p{L}\p{N}_-]{1,64}$/u, 'A name holds letters, digits, - and _.');
const phrase = z.string().min(1).max(lexiconLimits.characters);
const phrases = z.array(phrase).max(lexiconLimits.phrases);
const plain = z.union([z.string(), z.number(), z.boolean()]);
const versionLabel = z.union([z.string().min(1).max(64), z.number()]);
const fileName = z.string().min(1).max(1000);

const changes = { add: phrases.optional(), remove: phrases.optional() };
/** A lexicon of a scorecard, for the published schema; the loader reads lexicons by hand, as they can be very long. */
const lexicon = z
  .union([
    phrases,
    z.strictObject({ file: fileName, version: versionLabel.optional(), ...changes }),
    z.strictObject({ id: z.string().optional(), version: versionLabel.optional(), phrases, ...changes }),
    z.strictObject(changes),
  ])
  .meta({
    description:
      'Phrases, or { file: lexicons/complaint.en.yaml, version: 2 }; add and remove change a file or an inherited lexicon.',
  });

const bound = z.union([z.number(), z.string()]);

const earwitness = z.literal(1).meta({ description: 'The version of the scorecard language.' });
const use = z
  .array(fileName)
  .max(50)
  .meta({ description: 'Files with lexicons, conditions and fragments, relative to this one.' });

function fragmentShape(condition: z.ZodType) {
  return z
    .strictObject({
      params: z
        .union([z.array(parameterName).max(20), z.record(parameterName, z.unknown())])
        .optional()
        .meta({ description: 'Names, or names with defaults: { what: , limit: 10s } (empty: must be given).' }),
      condition,
    })
    .meta({ description: 'A condition with places left open: <what> stands for the parameter what.' });
}

/** Values that are opaque while a scorecard is loaded, and complete in the published schema. */
export interface Opaque {
  condition: z.ZodType;
  /** A fragment's condition, in which parameters may stand for anything. */
  open: z.ZodType;
  lexicon: z.ZodType;
}
const opaque: Opaque = { condition: z.unknown(), open: z.unknown(), lexicon: z.unknown() };
export const publishedLexicon: z.ZodType = lexicon;

function namedShape({ condition, open, lexicon }: Opaque) {
  return {
    lexicons: z.record(lexiconName, lexicon).optional(),
    conditions: z.record(lexiconName, condition).optional(),
    fragments: z.record(lexiconName, fragmentShape(open)).optional(),
  };
}

/** The shape of a fragment file: names that several scorecards share. */
export function libraryShape(given: Opaque) {
  return z.strictObject({
    $schema: z.string().optional(),
    earwitness: earwitness.optional(),
    id: id.optional(),
    version: versionLabel.optional(),
    use: use.optional(),
    ...namedShape(given),
  });
}
export const libraryFileSchema = libraryShape(opaque);

export function shapeOfLibrary(path: Path): readonly string[] {
  if (path.length === 0) return Object.keys(libraryFileSchema.shape);
  return path[0] === 'fragments' ? ['params', 'condition'] : [];
}

/** The shape of a scorecard that is whole: everything that it extends is in its place. */
export function scorecardShape(given: Opaque) {
  const { condition } = given;
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
    earwitness: earwitness.optional(),
    id,
    version: z.number().int().min(1),
    extends: z
      .union([fileName, z.strictObject({ file: fileName, version: z.number().int().min(1).optional() })])
      .optional()
      .meta({ description: 'A scorecard that this one changes: ./base.yaml or { file: ./base.yaml, version: 3 }.' }),
    use: use.optional(),
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
    ...namedShape(given),
    sections: z
      .array(z.strictObject({ id, title: localised, weight: weight.optional(), items: z.array(item).min(1).max(500) }))
      .min(1)
      .max(100),
  });
}

export const rawScorecardSchema = scorecardShape(opaque);
export type RawScorecard = z.infer<typeof rawScorecardSchema>;
export type RawItem = RawScorecard['sections'][number]['items'][number];

/** A lexicon file, for the published schema: a list of phrases, or phrases with an id, a version and other files. */
export const publishedLexiconFile = z.union([
  phrases,
  z.strictObject({
    $schema: z.string().optional(),
    id: z.string().optional(),
    version: versionLabel.optional(),
    include: z
      .array(fileName)
      .max(100)
      .optional()
      .meta({ description: 'Other lexicon files (.yaml, .txt, .csv) whose phrases belong to this one too.' }),
    phrases: phrases.optional(),
  }),
]);

export const scopeKeys = ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility'] as const;
export const windowKeys = ['after', 'before', 'around', 'same', 'within', 'hit'] as const;
