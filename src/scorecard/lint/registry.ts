import { alwaysTrue } from './checks/always-true.ts';
import { bandGap } from './checks/band-gap.ts';
import { bandOverlap } from './checks/band-overlap.ts';
import { broadPattern } from './checks/broad-pattern.ts';
import { broadPhrase } from './checks/broad-phrase.ts';
import { contradiction } from './checks/contradiction.ts';
import { criticalSeverity } from './checks/critical-severity.ts';
import { doublePunishment } from './checks/double-punishment.ts';
import { duplicatePhrase } from './checks/duplicate-phrase.ts';
import { emptyScope } from './checks/empty-scope.ts';
import { exceptedPhrase } from './checks/excepted-phrase.ts';
import { itemRenamed } from './checks/item-renamed.ts';
import { missingText } from './checks/missing-text.ts';
import { neverTrue } from './checks/never-true.ts';
import { noWeight } from './checks/no-weight.ts';
import { opinionAutoFail } from './checks/opinion-auto-fail.ts';
import { passMark } from './checks/pass-mark.ts';
import { redundantPhrase } from './checks/redundant-phrase.ts';
import { repeatedCondition } from './checks/repeated-condition.ts';
import { repeatedRule } from './checks/repeated-rule.ts';
import { unusedCondition } from './checks/unused-condition.ts';
import { unusedFragment } from './checks/unused-fragment.ts';
import { unusedLexicon } from './checks/unused-lexicon.ts';
import { versionNotRaised } from './checks/version-not-raised.ts';
import { wrongLanguage } from './checks/wrong-language.ts';
import type { Check } from './check.ts';

/** Every code that is promised. One that is named here and not defined, or defined and not named, stops the program. */
export const checkCodes = [
  'always-true',
  'band-gap',
  'band-overlap',
  'broad-pattern',
  'broad-phrase',
  'contradiction',
  'critical-severity',
  'double-punishment',
  'duplicate-phrase',
  'empty-scope',
  'excepted-phrase',
  'item-renamed',
  'missing-text',
  'never-true',
  'no-weight',
  'opinion-auto-fail',
  'pass-mark',
  'redundant-phrase',
  'repeated-condition',
  'repeated-rule',
  'unused-condition',
  'unused-fragment',
  'unused-lexicon',
  'version-not-raised',
  'wrong-language',
] as const;

/** Holds checks against the codes that are promised: no gap, no double, no stranger. */
export function buildChecks(codes: readonly string[], given: readonly Check[]): readonly Check[] {
  const seen = new Set<string>();
  for (const { code } of given) {
    if (seen.has(code)) throw new Error(`Two checks have the code "${code}".`);
    if (!codes.includes(code)) throw new Error(`The check "${code}" is not among the codes.`);
    seen.add(code);
  }
  const gap = codes.find((code) => !seen.has(code));
  if (gap !== undefined) throw new Error(`The code "${gap}" is promised, and there is no check.`);
  return given;
}

export const checks = buildChecks(checkCodes, [
  alwaysTrue,
  bandGap,
  bandOverlap,
  broadPattern,
  broadPhrase,
  contradiction,
  criticalSeverity,
  doublePunishment,
  duplicatePhrase,
  emptyScope,
  exceptedPhrase,
  itemRenamed,
  missingText,
  neverTrue,
  noWeight,
  opinionAutoFail,
  passMark,
  redundantPhrase,
  repeatedCondition,
  repeatedRule,
  unusedCondition,
  unusedFragment,
  unusedLexicon,
  versionNotRaised,
  wrongLanguage,
]);
