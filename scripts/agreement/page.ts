import { table } from '../bench/measure.ts';
import type { Comparison, Difference } from './compare.ts';
import type { Stratum } from './inspect-demo.ts';

const names: Record<Stratum, string> = {
  'calls-given': 'Calls, given text',
  'calls-recognised': 'Calls, recognised (PocketSphinx)',
  chats: 'Chats',
  tickets: 'Tickets',
};
const strata = Object.keys(names) as Stratum[];

const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);

/** Agreement per way that the words came about. */
export function agreementTable(rows: readonly Comparison[]): string {
  const line = (name: string, own: readonly Comparison[]) => {
    const verdicts = own.filter((row) => row.item !== 'risk');
    const bands = own.filter((row) => row.item === 'risk');
    const agreeing = verdicts.filter((row) => row.agrees).length;
    const exact = verdicts.filter((row) => row.exact).length;
    const unknown = verdicts.filter((row) => row.found === 'unknown').length;
    return [
      name,
      bands.length,
      verdicts.length,
      percent(agreeing, verdicts.length),
      percent(exact, verdicts.length),
      percent(unknown, verdicts.length),
      `${bands.filter((row) => row.agrees).length}/${bands.length}`,
    ];
  };
  return table(
    ['', 'sessions', 'verdicts', 'agree', 'exactly as labelled', 'unknown', 'risk band as expected'],
    strata.map((stratum) =>
      line(
        names[stratum],
        rows.filter((row) => row.stratum === stratum),
      ),
    ),
  );
}

/** Misses and false alarms per item: given text and recognised calls apart. */
export function itemTable(rows: readonly Comparison[]): string {
  const items = [...new Set(rows.map((row) => row.item))];
  const cell = (own: Comparison[]) => {
    const wrong = own.filter((row) => !row.agrees);
    const alarms = wrong.filter((row) => row.found === 'fail').length;
    const missed = wrong.filter((row) => row.expected === 'fail' && row.found !== 'fail').length;
    return own.length === 0
      ? '–'
      : `${own.length - wrong.length}/${own.length}${wrong.length > 0 ? ` (${alarms} false alarms, ${missed} missed)` : ''}`;
  };
  return table(
    ['item', 'given text, chats, tickets', 'recognised calls'],
    items.map((item) => {
      const own = rows.filter((row) => row.item === item);
      return [
        `\`${item}\``,
        cell(own.filter((row) => row.stratum !== 'calls-recognised')),
        cell(own.filter((row) => row.stratum === 'calls-recognised')),
      ];
    }),
  );
}

/** docs/demo-agreement.md. */
export function agreementPage(
  rows: readonly Comparison[],
  explained: readonly { row: Comparison; difference: Difference }[],
  sentence: string,
): string {
  const list = (own: typeof explained) =>
    table(
      ['session', 'item', 'a reader says', 'found', 'cause', 'why'],
      own.map(({ row, difference }) => [
        row.session,
        `\`${row.item}\``,
        row.expected,
        row.found,
        difference.cause,
        difference.why.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim(),
      ]),
    );
  return [
    '# Agreement with a careful reader on the demo batch',
    '',
    sentence,
    '',
    'The labels in `fixtures/labels/demo` are a reader’s verdict on the script of each session, made without looking at any',
    'rule. A debatable case names the verdicts that are acceptable beside the reader’s own; those count as agreement in the',
    'column *agree* and not in *exactly as labelled*. Recognised calls and given text are counted apart: the first measure',
    'recogniser and rules together, the second the rules alone. The rules were tuned while these differences were in view, so',
    'the figures say that the product does what its makers meant, not how it will do on your calls.',
    '',
    agreementTable(rows),
    '',
    '## Per item',
    '',
    itemTable(rows),
    '',
    '## Differences, explained',
    '',
    ...strata.flatMap((stratum) => {
      const own = explained.filter(({ row }) => row.stratum === stratum);
      return [`### ${names[stratum]}`, '', own.length === 0 ? 'None.' : list(own), ''];
    }),
  ].join('\n');
}
