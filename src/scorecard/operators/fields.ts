import { z } from 'zod';
import { readDuration } from '../load/units.ts';

/** A length of time as written (`10s`), read into ms. */
export const durationField = z
  .string({ error: (issue) => explain(issue.input) })
  .meta({
    title: 'length of time',
    description: 'A length of time with its unit: 250ms, 10s, 1.5 min, 4h, 2d.',
    examples: ['10s'],
  })
  .transform((given, context) => {
    const read = readDuration(given);
    if (read.ok) return read.value;
    context.addIssue({ code: 'custom', message: explain(given) });
    return z.NEVER;
  });

function explain(given: unknown): string {
  const read = readDuration(given);
  return read.ok ? '' : `${read.message} ${read.hint}`;
}

/** A phrase list: literals and `$lexicon` references. */
export const phraseList = z
  .union([z.string().min(1).max(300), z.array(z.string().min(1).max(300)).min(1).max(20_000)])
  .meta({ title: 'phrases', description: 'A phrase, a $lexicon reference, or a list of both.' });

/** A count of at least one. */
export const countField = z.number().int().min(1).max(10_000);

/** A part of a whole: `30%`, or a number from 0 to 1. Read into 0…1. */
export const shareField = z
  .union([z.number(), z.string()], { error: shareHelp })
  .meta({ title: 'share', description: 'A share: 30%, or a number from 0 to 1.', examples: ['30%'] })
  .transform((given, context) => {
    const percent = typeof given === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(given) : null;
    const value = typeof given === 'number' ? given : percent ? Number(percent[1]) / 100 : NaN;
    if (value >= 0 && value <= 1) return value;
    context.addIssue({
      code: 'custom',
      message: typeof given === 'number' && given <= 100 ? `${shareHelp()} Did you mean "${given}%"?` : shareHelp(),
    });
    return z.NEVER;
  });

function shareHelp(): string {
  return 'A share is written 30%, or as a number from 0 to 1.';
}

/** An optional key with what it means and what holds where it is left out; published in schema and reference. */
export function key<T extends z.ZodType>(schema: T, description: string, byDefault?: unknown) {
  return schema.optional().meta({ description, ...(byDefault !== undefined && { default: byDefault }) });
}
