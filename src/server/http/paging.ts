import { z } from 'zod';
import type { Page } from '../../store/index.ts';

/** Query of every list. Spread its `.shape` into the query schema of a route. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most.'),
  cursor: z.string().min(1).max(1_000).optional().describe('`next` of the page before.'),
});

/** Answer of every list. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Hand it back as `cursor`; null at the end.'),
  });
}

export function pageOf<T, U>(page: Page<T>, present: (item: T) => U): Page<U> {
  return { items: page.items.map(present), next: page.next };
}
