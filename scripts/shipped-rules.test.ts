import { describe, expect, it } from 'vitest';
import { coverageOf, runSuite } from '../src/regression/index.ts';
import { shippedCards, withSuite } from './rules/shipped.ts';

/** Hundreds of cases each: more than the runner's few seconds on a busy machine. */
const patienceMs = 180_000;

describe.each(await shippedCards())('$path', ({ id, folder, fixtures }) => {
  it(`has fixtures in ${folder}`, () => {
    expect(fixtures).not.toEqual([]);
  });

  it(
    'does what its fixtures say, every item passed and failed',
    async () => {
      const suite = await withSuite((options) => runSuite(fixtures, options));
      const cases = suite.files.flatMap((file) => file.cases);
      const broken = cases
        .filter(({ status }) => status !== 'passed')
        .map(({ place, name, status }) => `${place.file}:${place.line} ${name}: ${status}`);
      const problems = [...suite.problems, ...suite.files.flatMap((file) => file.problems)].map(
        ({ message }) => message,
      );
      expect({ broken, problems }).toEqual({ broken: [], problems: [] });

      const coverage = coverageOf(suite.cards, cases);
      // Fixtures of a folder that name another scorecard would cover nothing here.
      expect(coverage.map(({ scorecard }) => scorecard)).toEqual([id]);
      const gaps = coverage[0]!.sections
        .flatMap(({ list }) => list)
        .filter(({ covered, manualOnly }) => !covered && !manualOnly)
        .map((item) => item.id);
      expect(gaps).toEqual([]);
    },
    patienceMs,
  );
});
