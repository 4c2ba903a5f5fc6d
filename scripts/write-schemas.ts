import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { reportJsonSchema } from '../src/report/index.ts';
import { scorecardJsonSchema } from '../src/scorecard/index.ts';

// Writes the published JSON Schemas. With --check nothing is written and a schema that is out of date fails the run.
const schemas = {
  'docs/reference/report.schema.json': reportJsonSchema,
  'docs/reference/scorecard.schema.json': scorecardJsonSchema,
};

const check = process.argv.includes('--check');
let stale = 0;
for (const [path, schema] of Object.entries(schemas)) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const text = await format(JSON.stringify(schema()), { ...(await resolveConfig(file)), parser: 'json' });
  if (!check) {
    await writeFile(file, text);
    console.log(`wrote ${path}`);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    console.error(`${path} is out of date: run "npm run schemas" and commit the result.`);
    stale++;
  }
}
process.exitCode = stale > 0 ? 1 : 0;
