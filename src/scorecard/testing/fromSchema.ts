import fc from 'fast-check';

/** As much of JSON Schema as the schemas of operators use. */
interface Schema {
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  type?: string;
  pattern?: string;
  examples?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  items?: Schema;
  minItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
}

/**
 * Values that fit a JSON Schema; null where the schema says too little to make one up (another condition, free text
 * whose format only the loader knows). Lists and texts stay short: what is tested is their kind, not their size.
 */
export function valuesOf(schema: Schema, words: fc.Arbitrary<string>): fc.Arbitrary<unknown> | null {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) {
    const known = branches.map((one) => valuesOf(one, words)).filter((one) => one !== null);
    return known.length > 0 ? fc.oneof(...known) : null;
  }
  if (schema.examples && schema.examples.length > 0) return fc.constantFrom(...schema.examples);
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numbers(schema);
    case 'string':
      return schema.pattern !== undefined || (schema.minLength ?? 0) === 0 ? null : words;
    case 'array': {
      const items = schema.items ? valuesOf(schema.items, words) : null;
      const minLength = schema.minItems ?? 0;
      return items && fc.array(items, { minLength, maxLength: Math.max(3, minLength) });
    }
    case 'object':
      return objects(schema, words);
    default:
      return null;
  }
}

function numbers(schema: Schema): fc.Arbitrary<number> {
  const whole = schema.type === 'integer';
  const min = Math.max(schema.minimum ?? -20, (schema.exclusiveMinimum ?? -Infinity) + (whole ? 1 : 0.01));
  const max = Math.min(schema.maximum ?? min + 20, schema.exclusiveMaximum ?? Infinity, min + 20);
  return whole
    ? fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
    : fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
}

function objects(schema: Schema, words: fc.Arbitrary<string>): fc.Arbitrary<unknown> | null {
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    const values = valuesOf(inner, words);
    if (values) model[key] = values;
    else if (schema.required?.includes(key)) return null;
  }
  const requiredKeys = (schema.required ?? []).filter((key) => key in model);
  return fc.record(model, { requiredKeys });
}
