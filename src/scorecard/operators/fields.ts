import { z } from 'zod';
import { readDuration } from '../load/units.ts';

/** A length of time as written (`10s`), read into ms. */
export const durationField = z
  .string({ error: (issue) => explain(issue.input) })
  .meta({ description: 'A length of time with its unit: 250ms, 10s, 1.5 min, 4h, 2d.', examples: ['10s'] })
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
  .meta({ description: 'A phrase, a $lexicon reference, or a list of both.' });

/** A count of at least one. */
export const countField = z.number().int().min(1).max(10_000);
