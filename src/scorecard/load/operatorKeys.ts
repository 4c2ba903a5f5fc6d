import { z } from 'zod';
import type { OperatorDefinition } from '../operators/operator.ts';
import type { Path, Report } from './problems.ts';
import { scopeKeys } from './schema.ts';
import { reportIssues } from './zodProblems.ts';

/**
 * Holds what is written under and beside an operator's name against its schemas; null after a problem. Every problem
 * shows the operator's example.
 */
export function readOperatorKeys(
  operator: OperatorDefinition,
  raw: Record<string, unknown>,
  path: Path,
  report: Report,
): { value: unknown; options: Record<string, unknown> } | null {
  const optionKeys = Object.keys(operator.options.shape);
  for (const key of scopeKeys)
    if (raw[key] !== undefined && !operator.scope.includes(key))
      report(
        [...path, key],
        'misplaced-key',
        `"${operator.name}" does not look at "${key}".`,
        `It takes ${operator.scope.filter((one) => one !== 'anchor').join(', ') || 'no scope keys'}. Example: ${operator.example}.`,
      );
  const value = operator.value.safeParse(raw[operator.name], { reportInput: true });
  const options = operator.options.safeParse(
    Object.fromEntries(optionKeys.filter((key) => key in raw).map((key) => [key, raw[key]])),
    { reportInput: true },
  );
  const known = (at: Path) =>
    at.length > path.length ? shapeKeys(operator.value, at.slice(path.length + 1)) : optionKeys;
  const shown: Report = (at, code, message, hint = null) =>
    report(
      at,
      code,
      message,
      hint?.includes('Example:') ? hint : `${hint ? `${hint} ` : ''}Example: ${operator.example}.`,
    );
  if (!value.success) reportIssues(value.error.issues, [...path, operator.name], shown, known);
  if (!options.success) reportIssues(options.error.issues, path, shown, known);
  if (!value.success || !options.success) return null;
  return { value: value.data, options: options.data };
}

/** The keys that a place inside an operator's value takes when it is a group of keys. */
function shapeKeys(schema: unknown, at: Path): string[] {
  const shape = unwrapped(schema).shape ?? {};
  const [step, ...rest] = at;
  return step === undefined ? Object.keys(shape) : shapeKeys(shape[step], rest);
}

function unwrapped(schema: unknown): { shape?: Record<string, unknown> } {
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap());
  return schema instanceof z.ZodObject ? schema : {};
}
