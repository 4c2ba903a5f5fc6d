import type { CardCoverage, MutationReport } from '../../src/regression/index.ts';

/** Below this share of noticed mutants, in per cent, the fixtures of a shipped scorecard do not hold it. */
export const leastKillRate = 85;

export interface CardQuality {
  id: string;
  path: string;
  cases: number;
  notPassed: number;
  /** Null where no case ran. */
  coverage: CardCoverage | null;
  mutation: MutationReport['scorecards'][number] | null;
  /** Fixtures or scorecards that could not be used. */
  problems: string[];
}

/** One row per scorecard, and their sum. */
export function qualityTable(cards: readonly CardQuality[]): string {
  const killed = sum(cards, ({ mutation }) => mutation?.killed ?? 0);
  const survived = sum(cards, ({ mutation }) => mutation?.survived ?? 0);
  const rows = cards.map(({ id, cases, coverage, mutation }) => [
    id,
    String(coverage?.items ?? 0),
    String(cases),
    `${(coverage?.percent ?? 0).toFixed(0)} %`,
    String((mutation?.killed ?? 0) + (mutation?.survived ?? 0)),
    mutation?.killRate === null || mutation === null ? '–' : `${mutation.killRate.toFixed(1)} %`,
    survivorsByKind(mutation),
  ]);
  const total = [
    'all',
    String(sum(cards, ({ coverage }) => coverage?.items ?? 0)),
    String(sum(cards, ({ cases }) => cases)),
    '',
    String(killed + survived),
    killed + survived === 0 ? '–' : `${((100 * killed) / (killed + survived)).toFixed(1)} %`,
    '',
  ];
  const head = ['Scorecard', 'Items', 'Cases', 'Covered', 'Mutants', 'Noticed', 'Survivors by kind'];
  const rule = ['---', '--:', '--:', '--:', '--:', '--:', '---'];
  return [head, rule, ...rows, total].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** docs/rules-quality.md. */
export function qualityPage(cards: readonly CardQuality[], seed: number): string {
  return `# How well the shipped scorecards are held

Written by \`npm run rules:quality -- --write\`; the run fails where a case does not hold, an item lacks a passing or a failing case,
or fewer than ${leastKillRate} % of a scorecard's mutants are noticed.

An item is *covered* when a case expects it to pass, another expects it to fail, and the run found both. A *mutant* is the scorecard
with one change; it is *noticed* when some case no longer holds. Kinds of changes, and what is left out: [mutation.md](reference/mutation.md).
Seed ${seed}: four phrases are dropped from each list and one loses its last word.

${qualityTable(cards)}

## What survives

Look at a survivor before a fixture is written for it: some come to the same as the rule (a dropped phrase that \`sound\` finds by its
neighbour, \`by: agent\` on a turn that is the agent's anyway).

${cards.map(survivorList).join('\n')}
`;
}

function survivorList({ id, mutation }: CardQuality): string {
  const lines = (mutation?.survivors ?? []).map(
    ({ kind, file, line, change, items }) =>
      `- ${kind}, ${items.join(', ')}: \`${change.replaceAll('`', "'")}\` (${file}:${line})`,
  );
  return `### ${id}\n\n${lines.length > 0 ? lines.join('\n') : 'None.'}\n`;
}

function survivorsByKind(mutation: CardQuality['mutation']): string {
  const some = (mutation?.kinds ?? []).filter(({ survived }) => survived > 0);
  return some.length > 0 ? some.map(({ kind, survived }) => `${kind} ${survived}`).join(', ') : 'none';
}

function sum(cards: readonly CardQuality[], figure: (card: CardQuality) => number): number {
  return cards.reduce((total, card) => total + figure(card), 0);
}
