import { resolve } from 'node:path';
import { EarwitnessError, type Localised } from '../../session/index.ts';
import type { ReadText } from '../load/files.ts';
import { loadWithInsides } from '../load/load.ts';
import { ScorecardProblems } from '../load/problems.ts';
import type { CompiledScorecard } from '../scorecard.ts';
import { LintedCard } from './card.ts';
import { type Draft, severities, type Severity } from './check.ts';
import { ledgerPath, readLedger, type PublishedEntry } from './ledger.ts';
import { checks } from './registry.ts';
import { usedLexicons } from './usage.ts';

/** One finding at its place; `line` and `column` are 1-based. */
export interface Finding {
  /** Code of a check, or of a problem that kept a file from being read. */
  code: string;
  severity: Severity;
  /** Absolute path. */
  file: string;
  line: number;
  column: number;
  message: Localised;
  hint: Localised | null;
  /** `--fix` takes it away. */
  fixable: boolean;
}

/** A scorecard that was read, with its findings. */
interface Linted {
  linted: LintedCard;
  drafts: (Draft & { code: string; severity: Severity })[];
}

export interface LintResult {
  /** The scorecards that could be read. */
  cards: readonly CompiledScorecard[];
  /** Ordered by file, place and code; each once, whatever number of scorecards rests on the file. */
  findings: readonly Finding[];
}

export interface LintOptions {
  read?: ReadText;
  /** What was published, instead of what published.json beside each scorecard says. */
  history?: readonly PublishedEntry[];
}

/**
 * Reads scorecards and tells everything that is wrong or doubtful about them.
 * @throws EarwitnessError `path-not-found` for a file that is not there; `state-unusable` for a broken published.json
 */
export async function lintScorecards(paths: readonly string[], options: LintOptions = {}): Promise<LintResult> {
  const { cards, findings } = await lintThoroughly(paths, options);
  return { cards: cards.map(({ linted }) => linted.card), findings };
}

/** As `lintScorecards`, with the scorecards taken apart; for those who mend what was found. */
export async function lintThoroughly(
  paths: readonly string[],
  options: LintOptions,
): Promise<{ cards: Linted[]; findings: Finding[] }> {
  const cards: Linted[] = [];
  const findings: Finding[] = [];
  for (const path of paths.map((one) => resolve(one)))
    try {
      const { card, insides } = await loadWithInsides(path, options.read ? { read: options.read } : {});
      const linted = new LintedCard(card, insides, options.history ?? (await readLedger(ledgerPath(path))));
      const drafts = checks.flatMap((check) =>
        [...check.run(linted)].map((draft) => ({ ...draft, code: check.code, severity: check.severity })),
      );
      cards.push({ linted, drafts });
    } catch (error) {
      if (!(error instanceof ScorecardProblems)) throw error;
      findings.push(...error.problems.map(problemFinding));
    }
  const used = usedElsewhere(cards);
  for (const card of cards) {
    card.drafts = card.drafts.filter(
      ({ unused }) => !unused || !used.has(`${unused.file}#${unused.kind}#${unused.name}`),
    );
    findings.push(...card.drafts.map(draftFinding));
  }
  return { cards, findings: inOrder(findings) };
}

/** Names of files that one of the scorecards uses, as `file#kind#name`. */
function usedElsewhere(cards: readonly Linted[]): ReadonlySet<string> {
  return new Set(
    cards.flatMap(({ linted }) => {
      const { trace } = linted.insides;
      const named = {
        lexicons: usedLexicons(linted.insides),
        conditions: trace.usedConditions,
        fragments: trace.usedFragments,
      };
      return Object.entries(named).flatMap(([kind, names]) =>
        [...names].map((name) => `${linted.at([kind, name]).source.file}#${kind}#${name}`),
      );
    }),
  );
}

function problemFinding({ file, line, column, code, message, hint }: ScorecardProblems['problems'][number]): Finding {
  const plain = (text: string): Localised => ({ en: text, zh: text });
  return {
    code,
    severity: 'error',
    file: resolve(file),
    line,
    column,
    message: plain(message),
    hint: hint === null ? null : plain(hint),
    fixable: false,
  };
}

function draftFinding({ at, code, severity, message, hint, removable = false }: Linted['drafts'][number]): Finding {
  const { line, column } = at.source.placeOf(at.path);
  return { code, severity, file: resolve(at.source.file), line, column, message, hint, fixable: removable };
}

/** By place, each once. Order does not depend on the language of the machine. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const each = new Map(
    findings.map((one) => [`${one.file}:${one.line}:${one.column}:${one.code}:${one.message.en}`, one]),
  );
  return [...each.values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.code, b.code) ||
      compare(a.message.en, b.message.en),
  );
}

/** Whether a finding weighs at least as much as a level. */
export function reaches(finding: Pick<Finding, 'severity'>, level: Severity): boolean {
  return severities.indexOf(finding.severity) <= severities.indexOf(level);
}

/** Refuses a run without a single scorecard. */
export function requireSome(paths: readonly string[], given: readonly string[]): void {
  if (paths.length === 0)
    throw new EarwitnessError(
      'path-not-found',
      given.join(', '),
      'There is no scorecard here.',
      'Name a scorecard (a YAML file with sections), or a folder that holds some.',
    );
}
