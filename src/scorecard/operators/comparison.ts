import type { z } from 'zod';
import { both } from '../wording.ts';
import type { Localised, Truth } from '../../session/index.ts';
import type { OperatorContext } from './operator.ts';
import { key } from './fields.ts';

/** Limits on a quantity; at least one must be given. All that are given must hold. */
export interface Limits<T> {
  above?: T | undefined;
  below?: T | undefined;
  atLeast?: T | undefined;
  atMost?: T | undefined;
}

export const limitKeys = ['above', 'below', 'atLeast', 'atMost'] as const;

/** The four limit keys over one kind of value. */
export function limitShape<T extends z.ZodType>(value: T) {
  return {
    above: key(value, 'It must be more than this.'),
    below: key(value, 'It must be less than this.'),
    atLeast: key(value, 'It must be this or more.'),
    atMost: key(value, 'It must be this or less.'),
  };
}

export function hasLimit(limits: Limits<unknown>): boolean {
  return limitKeys.some((key) => limits[key] !== undefined);
}

/** Reports a rule that holds its quantity against nothing. */
export function requireLimit(
  context: OperatorContext,
  operator: string,
  limits: Limits<unknown>,
  example: string,
): void {
  if (!hasLimit(limits))
    context.problem(
      [operator],
      'missing-key',
      `\`${operator}\` needs one of above, below, atLeast, atMost.`,
      `Example: ${example}.`,
    );
}

/**
 * Truth of limits on a quantity of which only the least is known: it may be anything from `least` upwards.
 * True or false only where every such value gives the same answer.
 */
export function withinLimitsFrom(least: number, limits: Limits<number>): Truth {
  const { above, below, atLeast, atMost } = limits;
  if ((below !== undefined && least >= below) || (atMost !== undefined && least > atMost)) return 'false';
  const bounded = below !== undefined || atMost !== undefined;
  return !bounded && withinLimits(least, { above, atLeast }) ? 'true' : 'unknown';
}

export function withinLimits(value: number, limits: Limits<number>): boolean {
  return (
    (limits.above === undefined || value > limits.above) &&
    (limits.below === undefined || value < limits.below) &&
    (limits.atLeast === undefined || value >= limits.atLeast) &&
    (limits.atMost === undefined || value <= limits.atMost)
  );
}

/** The limit that a value is held against: the one it breaks, or the first. */
export function tellingLimit(value: number, limits: Limits<number>): number {
  const given = limitKeys.filter((key) => limits[key] !== undefined);
  const broken = given.find((key) => !withinLimits(value, { [key]: limits[key] }));
  return limits[broken ?? given[0]!]!;
}

const signs = { above: '>', below: '<', atLeast: '≥', atMost: '≤' };

/** “≥ 3, < 10”. */
export function limitWords(limits: Limits<number>, show: (value: number) => Localised): Localised {
  const given = limitKeys.filter((key) => limits[key] !== undefined);
  return both(
    given.map((key) => `${signs[key]} ${show(limits[key]!).en}`).join(', '),
    given.map((key) => `${signs[key]} ${show(limits[key]!).zh}`).join('，'),
  );
}
