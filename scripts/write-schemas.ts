import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { fixtureJsonSchema, mutationJsonSchema, testReportJsonSchema } from '../src/regression/index.ts';
import { backtestJsonSchema, reportJsonSchema } from '../src/report/index.ts';
import {
  checkIndex,
  checkPage,
  checks,
  fragmentsJsonSchema,
  lexiconJsonSchema,
  lintJsonSchema,
  operators,
  scorecardJsonSchema,
} from '../src/scorecard/index.ts';
import { operatorIndex, operatorPage } from './operator-docs/page.ts';

// Writes the published JSON Schemas and the reference pages of the operators and of lint. With --check nothing is written and a
// file that is out of date fails the run.
const pages = [...operators.values()].map(
  (one) => [`docs/reference/operators/${one.name}.md`, operatorPage(one)] as const,
);
const checkPages = checks.map((one) => [`docs/reference/lint/${one.code}.md`, checkPage(one)] as const);
const texts: Record<string, string> = {
  'docs/reference/lint.schema.json': JSON.stringify(lintJsonSchema()),
  'docs/reference/lint/README.md': checkIndex(checks),
  ...Object.fromEntries(checkPages),
  'docs/reference/backtest.schema.json': JSON.stringify(backtestJsonSchema()),
  'docs/reference/fixture.schema.json': JSON.stringify(fixtureJsonSchema()),
  'docs/reference/test-report.schema.json': JSON.stringify(testReportJsonSchema()),
  'docs/reference/mutation.schema.json': JSON.stringify(mutationJsonSchema()),
  'docs/reference/report.schema.json': JSON.stringify(reportJsonSchema()),
  'docs/reference/scorecard.schema.json': JSON.stringify(scorecardJsonSchema()),
  'docs/reference/fragments.schema.json': JSON.stringify(fragmentsJsonSchema()),
  'docs/reference/lexicon.schema.json': JSON.stringify(lexiconJsonSchema()),
  'docs/reference/operators/README.md': operatorIndex([...operators.values()]),
  ...Object.fromEntries(pages),
};

const check = process.argv.includes('--check');
let stale = 0;
for (const [path, written] of Object.entries(texts)) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const parser = path.endsWith('.json') ? 'json' : 'markdown';
  const text = await format(written, { ...(await resolveConfig(file)), parser });
  if (!check) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    console.log(`wrote ${path}`);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    console.error(`${path} is out of date: run "npm run schemas" and commit the result.`);
    stale++;
  }
}
process.exitCode = stale > 0 ? 1 : 0;
