// npm run rules:quality [-- --write]: how well the fixtures of the shipped scorecards notice that a rule was changed;
// --write renews docs/rules-quality.md. Fails where a case does not hold, an item is not covered, or too few changes are noticed.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import {
  collectCases,
  coverageOf,
  defaultKinds,
  mutationReport,
  type MutationReport,
  runSuite,
  type SuiteOptions,
  testMutants,
} from '../src/regression/index.ts';
import { type CardQuality, leastKillRate, qualityPage, qualityTable } from './rules/quality-page.ts';
import { type ShippedCard, shippedCards, withSuite } from './rules/shipped.ts';

const seed = 1;

const results = await withSuite(async (options) => {
  const found: CardQuality[] = [];
  for (const card of await shippedCards()) {
    const started = performance.now();
    const quality = await measure(card, options);
    console.log(`${card.id}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    found.push(quality);
  }
  return found;
});
console.log(`\n${qualityTable(results)}`);
const wrong = results.flatMap(complaints);
for (const line of wrong) console.error(line);
if (process.argv.includes('--write')) {
  const path = 'docs/rules-quality.md';
  const page = qualityPage(results, seed);
  writeFileSync(path, await format(page, { ...(await resolveConfig(path)), parser: 'markdown' }));
}
process.exitCode = wrong.length > 0 ? 1 : 0;

async function measure({ id, path, fixtures }: ShippedCard, options: SuiteOptions): Promise<CardQuality> {
  const suite = await runSuite(fixtures, options);
  const cases = suite.files.flatMap((file) => file.cases);
  const coverage = coverageOf(suite.cards, cases).find(({ scorecard }) => scorecard === id);
  const { cards, problems } = await collectCases(fixtures, options);
  const own = cards.find(({ card }) => card.ref.id === id);
  const mutation = own
    ? mutationReport(
        [
          await testMutants(own.card.path, own.prepared, {
            kinds: defaultKinds,
            seed,
            words: 4,
            only: null,
            maxMutants: null,
            sketches: 0,
            annotator: options.annotator,
          }),
        ],
        { seed, kinds: [...defaultKinds], cwd: process.cwd() },
      ).scorecards[0]!
    : null;
  return {
    id,
    path,
    cases: cases.length,
    notPassed: cases.filter(({ status }) => status !== 'passed').length,
    coverage: coverage ?? null,
    mutation,
    problems,
  };
}

function complaints({ id, notPassed, coverage, mutation, problems }: CardQuality): string[] {
  const found = problems.map((problem) => `${id}: ${problem}`);
  if (notPassed > 0) found.push(`${id}: ${notPassed} cases do not pass; run "earwitness test fixtures/rules/${id}".`);
  if ((coverage?.percent ?? 0) < 100) found.push(`${id}: ${coverage?.covered ?? 0} items are covered, not all.`);
  if (killRateOf(mutation) < leastKillRate)
    found.push(
      `${id}: ${killRateOf(mutation).toFixed(1)} % of the mutants are noticed, at least ${leastKillRate} % wanted.`,
    );
  return found;
}

function killRateOf(mutation: MutationReport['scorecards'][number] | null): number {
  return mutation?.killRate ?? 0;
}
