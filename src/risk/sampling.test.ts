import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleSize, stratifiedSample } from './sampling.ts';

describe('sample size', () => {
  it('is 278 for ±5 % of 1,000 at 95 %', () => {
    expect(sampleSize(1000)).toBe(278);
    expect(sampleSize(10_000_000)).toBe(385);
    expect([0, 1, 5].map((population) => sampleSize(population))).toEqual([0, 1, 5]);
    expect(sampleSize(1000, { proportion: 0 })).toBe(1);
  });

  it('refuses a margin that is none', () => {
    expect(() => sampleSize(100, { margin: 0 })).toThrow(RangeError);
  });

  it('never exceeds the population and grows with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (population) => {
        expect(sampleSize(population)).toBeLessThanOrEqual(population);
        expect(sampleSize(population + 1)).toBeGreaterThanOrEqual(sampleSize(population));
      }),
    );
  });
});

interface Case {
  id: string;
  team: string;
}
const how = (size: number, seed: number) => ({
  size,
  seed,
  id: ({ id }: Case) => id,
  stratum: ({ team }: Case) => team,
});
const population = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 60 })
  .map((teams) => teams.map((team, i): Case => ({ id: `s${String(i).padStart(3, '0')}`, team })));

describe('stratified sample', () => {
  it('draws in proportion, at least one of each', () => {
    const items = Array.from({ length: 100 }, (_, i): Case => ({
      id: `s${i}`,
      team: i < 80 ? 'a' : i < 98 ? 'b' : 'c',
    }));
    expect(stratifiedSample(items, how(10, 1)).strata).toEqual([
      { key: 'a', population: 80, drawn: 7 },
      { key: 'b', population: 18, drawn: 2 },
      { key: 'c', population: 2, drawn: 1 },
    ]);
  });

  it('gives the same draw for the same seed in any order, without repeats, of exactly the size', () => {
    fc.assert(
      fc.property(population, fc.integer({ min: 0, max: 70 }), fc.integer(), (items, size, seed) => {
        const first = stratifiedSample(items, how(size, seed));
        expect(stratifiedSample([...items].reverse(), how(size, seed))).toEqual(first);
        expect(new Set(first.drawn).size).toBe(Math.min(size, items.length));
        for (const { key, drawn } of first.strata)
          expect(first.drawn.filter(({ team }) => team === key).length).toBe(drawn);
      }),
    );
  });

  it('draws every item about equally often', () => {
    const items = Array.from({ length: 20 }, (_, i): Case => ({ id: `s${i}`, team: 'a' }));
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed++)
      for (const { id } of stratifiedSample(items, how(5, seed)).drawn) counts.set(id, (counts.get(id) ?? 0) + 1);
    // 500 expected each, standard deviation 19.
    expect(Math.min(...counts.values())).toBeGreaterThan(400);
    expect(Math.max(...counts.values())).toBeLessThan(600);
  });
});
