import type { Localised } from '../../session/index.ts';
import type { Origin } from '../load/compose/written.ts';
import type { LintedCard } from './card.ts';

export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Something that a check found, at the place where it is written. */
export interface Draft {
  at: Origin;
  message: Localised;
  hint: Localised;
  /** The entry at the place can go without changing a verdict. */
  removable?: boolean;
  /** Of names: what is unused in one scorecard may be used by another one that rests on the same file. */
  unused?: { file: string; kind: string; name: string };
}

/** A scorecard that shows a check: keys of the scorecard, a line `---`, items of its one section. */
export interface CheckExample {
  failing: string;
  passing: string;
  /** Lines of published.json beside it. */
  published?: string;
}

/** One thing that is looked for. Its file holds everything that is known of it; docs/reference/lint is written from it. */
export interface Check {
  code: string;
  severity: Severity;
  title: Localised;
  /** Why it matters and what to do, for its page. */
  about: string;
  example: CheckExample;
  run(card: LintedCard): Iterable<Draft>;
}

/** The scorecard that an example stands for. */
export function exampleCard(text: string): string {
  const [top, items] = text.includes('\n---\n') ? (text.split('\n---\n') as [string, string]) : ['', text];
  if (items === '') return `${top}\n`;
  const language = /^language:/m.test(top) ? '' : 'language: en\n';
  const version = /^version:/m.test(top) ? '' : 'version: 1\n';
  const listed = items.trimEnd().replace(/^/gm, '      ');
  return `id: example\n${version}${language}${top === '' ? '' : `${top}\n`}sections:\n  - id: section\n    title: { en: Section, zh: 部分 }\n    items:\n${listed}\n`;
}
