import { createHash } from 'node:crypto';

/** Eight hex digits that stand for a text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Up to `count` of the given, drawn by the seed and a name for the draw, in their own order. */
export function sample<T>(given: readonly T[], count: number, seed: number, name: string): T[] {
  if (given.length <= count) return [...given];
  const ranked = given.map((one, index) => ({ one, index, rank: shortHash(`${seed}\u0000${name}\u0000${index}`) }));
  return ranked
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.index - b.index))
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ one }) => one);
}
