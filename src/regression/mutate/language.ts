import { scorecardJsonSchema } from '../../scorecard/index.ts';

/** What the published schema of the language says of one operator: which texts each of its keys may hold. */
export interface OperatorWords {
  name: string;
  /** Key (of the value or beside the operator) → the texts allowed, where they are a closed set. */
  choices: ReadonlyMap<string, readonly string[]>;
  /** Keys that may be left out. */
  optional: ReadonlySet<string>;
}

interface Schema {
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

export const windowPlaces = ['after', 'before', 'around', 'same'] as const;
export const scopeWords = [
  'by',
  'turns',
  'time',
  'zero',
  'quantifier',
  'unit',
  'visibility',
  'within',
  'hit',
  ...windowPlaces,
] as const;
export const logicWords = ['all', 'any', 'not', 'atLeast'] as const;

let known: ReadonlyMap<string, OperatorWords> | undefined;

/** The operators of the language by name, read from its published schema: a new one is mutated without a line here. */
export function operatorWords(): ReadonlyMap<string, OperatorWords> {
  return (known ??= readOperators());
}

function readOperators(): ReadonlyMap<string, OperatorWords> {
  const { $defs } = scorecardJsonSchema() as { $defs: { condition: Schema } };
  const operators = new Map<string, OperatorWords>();
  for (const branch of $defs.condition.anyOf ?? []) {
    const name = branch.required?.find((key) => !(scopeWords as readonly string[]).includes(key));
    if (name === undefined || (logicWords as readonly string[]).includes(name) || !branch.properties) continue;
    const choices = new Map<string, readonly string[]>();
    const optional = new Set<string>();
    const read = (properties: Record<string, Schema>, required: readonly string[]) => {
      for (const [key, schema] of Object.entries(properties)) {
        const texts = choicesOf(schema);
        if (texts.length > 0) choices.set(key, texts);
        if (!required.includes(key)) optional.add(key);
      }
    };
    const own = Object.entries(branch.properties).filter(
      ([key]) => key !== name && !(scopeWords as readonly string[]).includes(key),
    );
    read(Object.fromEntries(own), branch.required ?? []);
    const value = branch.properties[name]!;
    if (value.properties) read(value.properties, value.required ?? []);
    operators.set(name, { name, choices, optional });
  }
  return operators;
}

function choicesOf(schema: Schema): string[] {
  if (schema.enum) return schema.enum.filter((one): one is string => typeof one === 'string');
  return schema.anyOf?.find((one) => one.enum)?.enum?.filter((one): one is string => typeof one === 'string') ?? [];
}
