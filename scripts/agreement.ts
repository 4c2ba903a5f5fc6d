// npm run agreement [-- --write]: compares the demo batch with its labels; --write renews docs/demo-agreement.md.
import { writeFileSync } from 'node:fs';
import { compareAll, explain, loadDifferences } from './agreement/compare.ts';
import { inspectDemo } from './agreement/inspect-demo.ts';
import { agreementPage, agreementTable, itemTable } from './agreement/page.ts';
import { loadLabels } from './labels.ts';

const rows = compareAll(await inspectDemo(), await loadLabels('fixtures/labels/demo'));
const { explained, unexplained, stale } = explain(rows, loadDifferences());
console.log(agreementTable(rows));
console.log(`\n${itemTable(rows)}\n`);
for (const row of unexplained)
  console.log(
    `unexplained  ${row.stratum}  ${row.session}  ${row.item}: expected ${row.expected}, found ${row.found}. ${row.reason}`,
  );
for (const one of stale)
  console.log(`explains nothing any more: ${one.session} ${one.item} ${one.stratum} ${one.found}`);
if (process.argv.includes('--write'))
  writeFileSync(
    'docs/demo-agreement.md',
    `${agreementPage(rows, explained, 'Written by `npm run agreement -- --write`; a test fails when a difference is not explained here.').trimEnd()}\n`,
  );
process.exitCode = unexplained.length + stale.length > 0 ? 1 : 0;
