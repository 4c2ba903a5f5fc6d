import { z } from 'zod';
import { operators } from '../operators/registry.ts';
import { timeZeros, visibilities } from '../scope/types.ts';
import { libraryShape, publishedLexicon, publishedLexiconFile, scorecardShape } from './schema.ts';

/** The scope keys of the language, for the published schema; the loader reads them with better messages. */
const scopeShape = {
  by: z.union([
    z.enum(['agent', 'customer', 'bot', 'system']),
    z.array(z.enum(['agent', 'customer', 'bot', 'system'])).min(1),
  ]),
  turns: z.union([
    z.string().regex(/^\s*((first|last)\s+\d+(\s+turns?)?|-?\d+\s*\.\.\s*-?\d+)\s*$/),
    z.number().int(),
    z.strictObject({ from: z.number().int().optional(), to: z.number().int().optional() }),
  ]),
  time: z.string().meta({ examples: ['first 10s', 'last 30s', '10s..60s', '0%..50%'] }),
  zero: z.enum(timeZeros),
  quantifier: z.string().regex(/^(any|all|atLeast [1-9]\d*)$/),
  unit: z.enum(['turn', 'joined']),
  visibility: z.enum(visibilities),
  within: z.string().meta({ examples: ['2 turns', '30s'] }),
  hit: z.union([z.enum(['any', 'each', 'last']), z.number().int().min(1)]),
};

/** A condition with everything that the language knows, and one in which parameters may stand for anything. */
function publishedConditions(): { condition: z.ZodType; open: z.ZodType } {
  const condition: z.ZodType = z
    .lazy(() => z.union([z.string().min(1), ...logic, ...leaves]))
    .meta({ id: 'condition' });
  const places = Object.fromEntries(['after', 'before', 'around', 'same'].map((key) => [key, condition.optional()]));
  const scope = {
    ...Object.fromEntries(Object.entries(scopeShape).map(([key, value]) => [key, value.optional()])),
    ...places,
  };
  const list = z.array(condition).min(1);
  const logic = [
    z.strictObject({ all: list, ...scope }),
    z.strictObject({ any: list, ...scope }),
    z.strictObject({ not: condition, ...scope }),
    z.strictObject({ atLeast: z.number().int().min(1), of: list, ...scope }),
    z
      .strictObject({ fragment: z.string().min(1), with: z.record(z.string(), z.unknown()).optional(), ...scope })
      .meta({ description: 'A fragment. Example: { fragment: said-early, with: { what: $identity, limit: 10s } }' }),
  ];
  const leaves = [...operators.values()].map((one) =>
    z
      .strictObject({ [one.name]: one.value, ...one.options.shape, ...scope })
      .meta({ description: `${one.summary.en}. Example: ${one.example}` }),
  );
  return { condition, open: z.union([condition, z.unknown()]) };
}

/** JSON Schema (draft 2020-12) of the scorecard language, generated from the schemas that the loader checks with. */
export function scorecardJsonSchema(): Record<string, unknown> {
  const whole = publishedSchema(scorecardShape({ ...publishedConditions(), lexicon: publishedLexicon }));
  return withExtending(whole);
}

/** JSON Schema of fragment files, which scorecards name under `use`. */
export function fragmentsJsonSchema(): Record<string, unknown> {
  return publishedSchema(libraryShape({ ...publishedConditions(), lexicon: publishedLexicon }));
}

/** JSON Schema of lexicon files. */
export function lexiconJsonSchema(): Record<string, unknown> {
  return publishedSchema(publishedLexiconFile);
}

interface ObjectSchema {
  required?: string[];
  properties: Record<string, ObjectSchema & { items: ObjectSchema }>;
}

/**
 * A scorecard that extends another says only what it changes: what must be there is asked of the others alone, and
 * the keys that place and drop inherited parts belong to it alone.
 */
function withExtending(whole: Record<string, unknown>): Record<string, unknown> {
  const card = whole as unknown as ObjectSchema;
  const section = card.properties.sections!.items;
  const item = section.properties.items!.items;
  const require = (schema: ObjectSchema, kept: readonly string[]): string[] => {
    const required = schema.required ?? [];
    schema.required = required.filter((key) => kept.includes(key));
    return required;
  };
  const [ofCard, ofSection, ofItem] = [
    require(card, ['id', 'version']),
    require(section, ['id']),
    require(item, ['id']),
  ];
  const change = {
    remove: {
      anyOf: [{ const: true }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
      description: 'true leaves the inherited one out; a list leaves out these of its keys.',
    },
    before: { type: 'string', description: 'The id of the one that it stands before.' },
    after: { type: 'string', description: 'The id of the one that it stands after.' },
  };
  for (const schema of [section, item]) Object.assign(schema.properties, change);
  const none = { remove: false, before: false, after: false };
  return {
    ...whole,
    if: { required: ['extends'] },
    else: {
      required: ofCard,
      properties: {
        sections: {
          items: {
            required: ofSection,
            properties: { ...none, items: { items: { required: ofItem, properties: none } } },
          },
        },
      },
    },
  };
}

/** A schema of what is written in a file. zod leaves out the defaults of what is read into something else; they are told too. */
export function publishedSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const byDefault: unknown = z.globalRegistry.get(zodSchema)?.default;
      if (byDefault !== undefined) jsonSchema.default = byDefault;
    },
  });
}
