import type { CriticalClass, ItemResult, Localised, ScorecardResult } from '../session/index.ts';
import { type Finding, quoteMeasure } from './reason.ts';
import { ramp } from './weights.ts';

const criticalTitles: Record<CriticalClass, Localised> = {
  customer: { en: 'Critical for the customer', zh: '影响客户的关键项不合格' },
  business: { en: 'Critical for the business', zh: '影响业务的关键项不合格' },
  compliance: { en: 'Critical for compliance', zh: '合规关键项不合格' },
};
const severity = { low: 0.6, medium: 1, high: 1.4 } as const;
/** An unknown item counts half as much as the lightest failure or less. */
const unknownCounts = 0.5;
/** Least and greatest distance of the score from the pass mark, in points, that make `low-score` begin and end. */
const scoreFrom = 5;
const scoreTo = -30;

/** Many small failures fill up: the fourth adds less than the first. */
const fill = (count: number) => 1 - Math.exp(-count / 4);

/** Reasons that rest on the scorecard's verdicts. A session without a scorecard has none. */
export function fromScorecard(scorecard: ScorecardResult | null): Finding[] {
  if (!scorecard) return [];
  const failed = scorecard.items.filter(({ verdict }) => verdict === 'fail');
  const unknown = scorecard.items.filter(({ verdict, manualOnly }) => verdict === 'unknown' && !manualOnly);
  return [
    ...critical(failed),
    ...autoFail(scorecard, failed),
    ...wrongAnswer(failed),
    ...itemCounts(failed, unknown),
    ...lowScore(scorecard),
  ];
}

const evidenceOf = (items: readonly ItemResult[], most = 4) =>
  items.flatMap(({ evidence, nearMisses }) => (evidence.length > 0 ? evidence : nearMisses.slice(0, 1))).slice(0, most);

const titled = (lead: Localised, items: readonly ItemResult[]): Localised => ({
  en: `${lead.en}: ${items.map(({ title }) => title.en).join('; ')}`,
  zh: `${lead.zh}：${items.map(({ title }) => title.zh).join('；')}`,
});

function critical(failed: readonly ItemResult[]): Finding[] {
  return (['customer', 'compliance', 'business'] as const).flatMap((kind) => {
    const items = failed.filter((item) => item.critical === kind);
    if (items.length === 0) return [];
    return {
      code: `critical-${kind}` as const,
      // The first failure speaks loudest; with the fourth the class is as bad as it gets.
      strength: 0.85 + 0.05 * Math.min(3, items.length - 1),
      title: titled(criticalTitles[kind], items),
      item: items[0]!.id,
      evidence: evidenceOf(items),
    };
  });
}

function autoFail({ autoFails }: ScorecardResult, failed: readonly ItemResult[]): Finding[] {
  const strengths = autoFails.map(({ scope, confirmed }) => (scope === 'form' ? 1 : 0.6) * (confirmed ? 1 : 0.8));
  if (strengths.length === 0) return [];
  const items = failed.filter(({ id }) => autoFails.some(({ item }) => item === id));
  return [
    {
      code: 'auto-fail',
      strength: Math.max(...strengths),
      title: titled({ en: 'Auto-fail', zh: '触发一票否决' }, items),
      item: autoFails[0]!.item,
      evidence: evidenceOf(items),
    },
  ];
}

function wrongAnswer(failed: readonly ItemResult[]): Finding[] {
  const items = failed.filter(({ evidence }) => evidence.some(({ operator }) => operator === 'answer'));
  if (items.length === 0) return [];
  return [
    {
      code: 'wrong-answer',
      strength: 1,
      title: { en: 'The agent says something that the knowledge base does not', zh: '客服的答复与知识库不符' },
      item: items[0]!.id,
      evidence: items.flatMap(({ evidence }) => evidence.filter(({ operator }) => operator === 'answer')).slice(0, 4),
    },
  ];
}

/**
 * Failures and unknowns by number. Unknowns get what they add on top of the failures, so that an unknown that turns
 * out to be a failure can only raise the sum.
 */
function itemCounts(failed: readonly ItemResult[], unknown: readonly ItemResult[]): Finding[] {
  const failures = failed.reduce((sum, item) => sum + severity[item.severity], 0);
  const unknowns = unknown.length * unknownCounts;
  const findings: Finding[] = [];
  if (failed.length > 0)
    findings.push({
      code: 'failed-items',
      strength: fill(failures),
      title: titled({ en: `${failed.length} failed`, zh: `${failed.length} 项不合格` }, failed),
      item: failed.length === 1 ? failed[0]!.id : null,
      // What was found, not what came closest: beside a list of several items a near miss would explain nothing.
      evidence: failed.flatMap(({ evidence }) => evidence).slice(0, 3),
    });
  if (unknown.length > 0)
    findings.push({
      code: 'unknown-items',
      strength: fill(failures + unknowns) - fill(failures),
      title: titled(
        {
          en: `${unknown.length} could not be judged and need a person`,
          zh: `${unknown.length} 项无法自动判定，需人工复检`,
        },
        unknown,
      ),
      item: unknown.length === 1 ? unknown[0]!.id : null,
      evidence: [],
    });
  return findings;
}

/** Grows from a little above the pass mark (a coin's toss between pass and fail) down to far below it. */
function lowScore({ score, scoreBeforeAutoFail, passMark }: ScorecardResult): Finding[] {
  // The score before auto-fail: the auto-fail is a reason of its own.
  const value = scoreBeforeAutoFail ?? score;
  if (value === null) return [];
  const strength = ramp(value - passMark, scoreFrom, scoreTo);
  if (strength === 0) return [];
  const figure = value.toFixed(1);
  const near = Math.abs(value - passMark) < scoreFrom;
  return [
    {
      code: 'low-score',
      strength,
      title: near
        ? {
            en: `Score ${figure} lies close to the pass mark ${passMark}`,
            zh: `得分 ${figure}，临近合格线 ${passMark}`,
          }
        : { en: `Score ${figure} lies below the pass mark ${passMark}`, zh: `得分 ${figure}，低于合格线 ${passMark}` },
      item: null,
      evidence: [quoteMeasure('score', figure, { measured: value, threshold: passMark, unit: 'points' })],
    },
  ];
}
