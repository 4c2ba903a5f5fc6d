import { beforeAll, describe, expect, it } from 'vitest';
import { compareAll, type Comparison, explain, loadDifferences } from './agreement/compare.ts';
import { inspectDemo } from './agreement/inspect-demo.ts';
import { agreementTable } from './agreement/page.ts';
import { loadLabels } from './labels.ts';

describe('the demo batch against its labels', () => {
  let rows: Comparison[];
  beforeAll(async () => {
    rows = compareAll(await inspectDemo(), await loadLabels('fixtures/labels/demo'));
    console.log(agreementTable(rows));
  }, 280_000);

  it('explains every difference between a verdict and its label, and nothing that is no difference', () => {
    const { unexplained, stale } = explain(rows, loadDifferences());
    expect({
      unexplained: unexplained.map(
        ({ stratum, session, item, expected, found }) => `${stratum} ${session} ${item}: ${expected} → ${found}`,
      ),
      stale: stale.map(({ stratum, session, item, found }) => `${stratum} ${session} ${item} → ${found}`),
    }).toEqual({ unexplained: [], stale: [] });
  });

  it('judges given text better than recognised speech, and both far from chance', () => {
    const share = (keep: (row: Comparison) => boolean) => {
      const own = rows.filter((row) => row.item !== 'risk' && keep(row));
      return own.filter((row) => row.agrees).length / own.length;
    };
    const given = share((row) => row.stratum !== 'calls-recognised');
    const recognised = share((row) => row.stratum === 'calls-recognised');
    expect(given).toBeGreaterThan(0.95);
    expect(recognised).toBeGreaterThan(0.85);
    expect(given).toBeGreaterThan(recognised);
  });
});
