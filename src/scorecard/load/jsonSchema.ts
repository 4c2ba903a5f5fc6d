import { z } from 'zod';
import { operators } from '../operators/registry.ts';
import { timeZeros, visibilities } from '../scope/types.ts';
import { scorecardShape } from './schema.ts';

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

/** JSON Schema (draft 2020-12) of the scorecard language, generated from the schemas that the loader checks with. */
export function scorecardJsonSchema(): Record<string, unknown> {
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
  ];
  const leaves = [...operators.values()].map((one) =>
    z
      .strictObject({ [one.name]: one.value, ...one.options.shape, ...scope })
      .meta({ description: `${one.summary.en}. Example: ${one.example}` }),
  );
  return z.toJSONSchema(scorecardShape(condition), { io: 'input', unrepresentable: 'any' });
}
