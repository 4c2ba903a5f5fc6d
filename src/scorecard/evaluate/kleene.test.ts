import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { truthSchema, type Truth } from '../../session/index.ts';
import { and, atLeast, between, not, or } from './kleene.ts';

const truth = fc.constantFrom<Truth>(...truthSchema.options);
const some = fc.array(truth, { minLength: 1, maxLength: 6 });
/** Every way the unknowns could turn out. */
function worlds(values: readonly Truth[]): Truth[][] {
  return values.reduce<Truth[][]>(
    (all, value) =>
      all.flatMap((world) =>
        (value === 'unknown' ? (['true', 'false'] as const) : [value]).map((one) => [...world, one]),
      ),
    [[]],
  );
}

describe("Kleene's logic", () => {
  it('answers what every completion of the unknowns agrees on, else unknown', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 6 }), (values, n) => {
        for (const connective of [and, or, (given: readonly Truth[]) => atLeast(n, given)]) {
          const answers = new Set(worlds(values).map(connective));
          expect(connective(values)).toBe(answers.size === 1 ? [...answers][0] : 'unknown');
        }
      }),
    );
  });

  it('obeys De Morgan, double negation, and atLeast between or and and', () => {
    fc.assert(
      fc.property(some, (values) => {
        expect(not(and(values))).toBe(or(values.map(not)));
        expect(values.map(not).map(not)).toEqual(values);
        expect(atLeast(1, values)).toBe(or(values));
        expect(atLeast(values.length, values)).toBe(and(values));
      }),
    );
  });

  it('takes a quantity as known where both cases agree', () => {
    expect([between(true, true), between(false, false), between(false, true)]).toEqual(['true', 'false', 'unknown']);
  });
});
