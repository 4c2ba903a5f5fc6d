import { z95 } from '../session/index.ts';

/**
 * Sessions to check for an estimate of a proportion within ±margin: n₀ = z²p(1−p)/e², with finite population
 * correction n₀/(1 + (n₀ − 1)/N), rounded up. 95 %, ±5 %, N = 1,000 → 278.
 */
export function sampleSize(
  population: number,
  { margin = 0.05, proportion = 0.5, z = z95 }: { margin?: number; proportion?: number; z?: number } = {},
): number {
  if (!(margin > 0 && margin < 1) || !(proportion >= 0 && proportion <= 1) || !(population >= 0))
    throw new RangeError('sampleSize: margin must lie in (0, 1), proportion in [0, 1], population at or above 0');
  if (population === 0) return 0;
  const unlimited = (z * z * proportion * (1 - proportion)) / (margin * margin);
  const corrected = unlimited / (1 + Math.max(0, unlimited - 1) / population);
  return Math.min(population, Math.max(1, Math.ceil(corrected - 1e-9)));
}

export interface Stratum {
  key: string;
  population: number;
  drawn: number;
}

export interface Sample<T> {
  drawn: T[];
  /** What was drawn from what, by key: the log of the draw. `drawn / population` is a stratum's inclusion probability. */
  strata: Stratum[];
  seed: number;
}

/**
 * Draws `size` items without replacement, in proportion to the strata (largest remainder; every stratum at least one
 * where the size allows). The same seed and the same items give the same draw, whatever the order of the items:
 * they are sorted by `id` first.
 */
export function stratifiedSample<T>(
  items: readonly T[],
  { size, seed, id, stratum }: { size: number; seed: number; id: (item: T) => string; stratum: (item: T) => string },
): Sample<T> {
  const groups = new Map<string, T[]>();
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  for (const item of [...items].sort((a, b) => compare(id(a), id(b)))) {
    const key = stratum(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  const keys = [...groups.keys()].sort(compare);
  const counts = allocate(
    keys.map((key) => groups.get(key)!.length),
    Math.max(0, Math.min(Math.floor(size), items.length)),
  );
  const random = seededRandom(seed);
  const drawn = keys.flatMap((key, i) => draw(groups.get(key)!, counts[i]!, random));
  return {
    drawn,
    strata: keys.map((key, i) => ({ key, population: groups.get(key)!.length, drawn: counts[i]! })),
    seed,
  };
}

/** Largest remainder over what is left when every stratum has got one (if there is one for each). */
function allocate(populations: readonly number[], size: number): number[] {
  const least = size >= populations.length ? 1 : 0;
  const rest = size - least * populations.length;
  const open = populations.map((population) => population - least);
  const total = open.reduce((sum, count) => sum + count, 0);
  const exact = open.map((count) => (total === 0 ? 0 : (rest * count) / total));
  const counts = exact.map((share) => Math.floor(share));
  let left = rest - counts.reduce((sum, count) => sum + count, 0);
  const order = exact.map((share, i) => ({ i, remainder: share - Math.floor(share) }));
  order.sort((a, b) => b.remainder - a.remainder || populations[b.i]! - populations[a.i]! || a.i - b.i);
  for (const { i } of order) {
    if (left === 0) break;
    if (counts[i]! >= open[i]!) continue;
    counts[i]!++;
    left--;
  }
  return counts.map((count) => count + least);
}

/** `count` of the items, by a partial Fisher–Yates shuffle, in their old order. */
function draw<T>(items: readonly T[], count: number, random: () => number): T[] {
  const order = items.map((_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (order.length - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const chosen = order.slice(0, count).sort((a, b) => a - b);
  return chosen.map((i) => items[i]!);
}

/** Mulberry32: a small seeded generator, uniform in [0, 1). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
