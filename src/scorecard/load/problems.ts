import { EarwitnessError } from '../../session/index.ts';

/** The closed set of things that can be wrong with a scorecard file. */
export const problemCodes = [
  'file-unreadable',
  'file-too-large',
  'file-encoding',
  'unknown-version',
  'version-mismatch',
  'yaml-syntax',
  'yaml-unsafe',
  'missing-key',
  'unknown-key',
  'wrong-type',
  'bad-value',
  'duplicate-id',
  'no-operator',
  'unknown-operator',
  'two-operators',
  'misplaced-key',
  'unknown-lexicon',
  'unknown-condition',
  'unknown-fragment',
  'unknown-parameter',
  'unknown-id',
  'circular-reference',
  'empty-lexicon',
  'lexicon-too-large',
  'bad-pattern',
  'no-anchor',
  'no-rule',
  'knowledge-invalid',
  'calendar-invalid',
] as const;
export type ScorecardProblemCode = (typeof problemCodes)[number];

/** One thing wrong, at its place in the file. `line` and `column` are 1-based. */
export interface ScorecardProblem {
  file: string;
  line: number;
  column: number;
  code: ScorecardProblemCode;
  message: string;
  hint: string | null;
}

/** A message is read by people; `problems` holds all. */
const shownProblems = 500;

/** Every problem of a scorecard at once; `problems` is never empty and is ordered by place. */
export class ScorecardProblems extends EarwitnessError {
  readonly problems: readonly ScorecardProblem[];

  constructor(path: string, problems: readonly ScorecardProblem[]) {
    const ordered = [...problems].sort(
      (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.code.localeCompare(b.code),
    );
    const lines = ordered.slice(0, shownProblems).map((p) => {
      const hint = p.hint ? ` ${p.hint}` : '';
      return `${p.file}:${p.line}:${p.column}: ${p.message}${hint}`;
    });
    if (ordered.length > shownProblems) lines.push(`… and ${ordered.length - shownProblems} more.`);
    const count = ordered.length === 1 ? 'one problem' : `${ordered.length} problems`;
    super(
      'scorecard-invalid',
      path,
      `The scorecard has ${count}:\n${lines.join('\n')}`,
      'Correct the places named and run again.',
    );
    this.name = 'ScorecardProblems';
    this.problems = ordered;
  }
}

/** A place inside a YAML document: keys and list positions from the root. */
export type Path = readonly (string | number)[];

/** Collects problems while loading goes on, so that an author sees all of them in one run. */
export interface Report {
  (path: Path, code: ScorecardProblemCode, message: string, hint?: string | null): void;
}
