import { z } from 'zod';
import { languageSchema, localisedSchema } from '../session/index.ts';

const phrasesSchema = z.array(z.string().min(1));
const dateSchema = z.iso.date();

const quantitySchema = z
  .strictObject({
    /** One number … */
    value: z.number().optional(),
    /** … or both ends of a range. */
    low: z.number().optional(),
    high: z.number().optional(),
    /** `clock`: minutes since midnight, or write `from`/`to` as HH:MM. */
    unit: z.enum([
      'second',
      'minute',
      'hour',
      'day',
      'businessDay',
      'week',
      'month',
      'year',
      'percent',
      'money',
      'clock',
    ]),
    from: z
      .string()
      .regex(/^([01]?\d|2[0-4]):[0-5]\d$/, 'write a time of day as HH:MM')
      .optional(),
    to: z
      .string()
      .regex(/^([01]?\d|2[0-4]):[0-5]\d$/, 'write a time of day as HH:MM')
      .optional(),
    /** ISO 4217; only with unit money. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'write the currency as three capitals, for example USD')
      .optional(),
  })
  .refine((quantity) => shapeOf(quantity) !== null, {
    message: 'give exactly one of: value; low and high (low ≤ high); from and to (unit clock)',
  })
  .refine((quantity) => quantity.currency === undefined || quantity.unit === 'money', {
    message: 'a currency belongs to unit money',
    path: ['currency'],
  });

type RawQuantity = { value?: unknown; low?: unknown; high?: unknown; from?: unknown; to?: unknown; unit: string };

function shapeOf(quantity: RawQuantity): 'value' | 'range' | 'clock' | null {
  const { value, low, high, from, to, unit } = quantity;
  const given = [value, low, high, from, to].filter((part) => part !== undefined).length;
  if (value !== undefined) return given === 1 ? 'value' : null;
  if (typeof low === 'number' && typeof high === 'number') return given === 2 && low <= high ? 'range' : null;
  return from !== undefined && to !== undefined && given === 2 && unit === 'clock' ? 'clock' : null;
}

const factSchema = z.strictObject({
  /** Phrases that tie a number said near them to this fact. */
  subject: phrasesSchema.min(1),
  quantity: quantitySchema,
});

const entrySchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'use small letters, digits and hyphens'),
    title: localisedSchema.strict(),
    /** Phrases by which a customer asks about the topic. */
    asks: phrasesSchema.min(1),
    /** The right answer, as the report shows it. */
    statement: localisedSchema.strict(),
    facts: z.array(factSchema).default([]),
    /** Said on the topic, right. */
    right: phrasesSchema.default([]),
    /** Said on the topic, wrong. */
    wrong: phrasesSchema.default([]),
    /** Words of special cases: a statement that holds one is left to a person. */
    unless: phrasesSchema.default([]),
    /** Days of the calendar, inclusive. */
    validFrom: dateSchema.optional(),
    validTo: dateSchema.optional(),
  })
  .refine((entry) => entry.facts.length + entry.right.length + entry.wrong.length > 0, {
    message: 'an entry needs at least one of facts, right, wrong: there is nothing to check otherwise',
  })
  .refine((entry) => !entry.validFrom || !entry.validTo || entry.validFrom <= entry.validTo, {
    message: 'validTo lies before validFrom',
    path: ['validTo'],
  });

export const knowledgeSchema = z.strictObject({
  id: z.string().min(1),
  version: z.number().int().min(1),
  language: languageSchema,
  title: localisedSchema.strict(),
  /** Words that weaken a statement: I think, maybe, 可能. */
  hedges: phrasesSchema.default([]),
  /** Words that admit not knowing: I am not sure, 不太清楚. */
  ignorance: phrasesSchema.default([]),
  entries: z.array(entrySchema).min(1),
});

export type KnowledgeFile = z.infer<typeof knowledgeSchema>;
export type KnowledgeEntry = KnowledgeFile['entries'][number];
export type KnowledgeQuantity = KnowledgeEntry['facts'][number]['quantity'];
