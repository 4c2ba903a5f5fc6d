import type { ItemResult, ScorecardResult, SectionResult } from '../../session/index.ts';
import { criticalClassSchema } from '../../session/index.ts';
import type { Judgement } from '../evaluate/judge.ts';
import type { CompiledScorecard, CompiledSection } from '../scorecard.ts';
import { scoreForm, type Scores } from './methods.ts';

/** Weighs what was judged into a result: scores, auto-fails, critical errors, what each item cost. */
export function assemble(
  scorecard: CompiledScorecard,
  judgements: ReadonlyMap<CompiledSection, readonly Judgement[]>,
): ScorecardResult {
  const scores = scoreForm(scorecard, judgements);
  const all = [...judgements].flatMap(([section, list]) => list.map((one) => ({ section, one })));
  const failing = all.filter(({ one }) => one.verdict === 'fail' && one.item.autoFail !== 'none');
  const confirmed = failing.filter(({ one }) => one.certain);
  const { score, sections, costs } = applyAutoFails(scores, confirmed);
  const unconfirmed = new Set(failing.filter(({ one }) => !one.certain).map(({ one }) => one.item.id));
  const items = all.map(({ section, one }) =>
    itemResult(section, one, costs.get(one.item.id) ?? 0, unconfirmed.has(one.item.id)),
  );
  return {
    scorecard: scorecard.ref,
    method: scorecard.method,
    passMark: scorecard.passMark,
    score,
    scoreBeforeAutoFail: scores.total,
    unclamped: scores.unclamped,
    passed: score === null ? null : score >= scorecard.passMark,
    provisional: all.some(({ one }) => one.verdict === 'unknown') || unconfirmed.size > 0,
    autoFails: failing.map(({ one }) => ({
      item: one.item.id,
      scope: one.item.autoFail === 'form' ? 'form' : 'section',
      confirmed: one.certain,
    })),
    critical: criticalErrors(items),
    sections,
    items,
  };
}

type Trigger = { section: CompiledSection; one: Judgement };

/** Sections first, then the form; what an auto-fail takes is added to the costs of the items that triggered it. */
function applyAutoFails(
  scores: Scores,
  confirmed: readonly Trigger[],
): { score: number | null; sections: SectionResult[]; costs: Map<string, number> } {
  const costs = new Map(scores.costs);
  const charge = (triggers: readonly Trigger[], amount: number) => {
    for (const { one } of triggers) costs.set(one.item.id, (costs.get(one.item.id) ?? 0) + amount / triggers.length);
  };
  let score = scores.total;
  const sections = scores.sections.map(({ section, score: before, kept }): SectionResult => {
    const triggers = confirmed.filter(
      (trigger) => trigger.section === section && trigger.one.item.autoFail === 'section',
    );
    const result = {
      id: section.id,
      title: section.title,
      weight: section.weight,
      score: before,
      scoreBeforeAutoFail: before,
    };
    if (triggers.length === 0 || before === null) return result;
    if (score !== null) {
      const lost = Math.min(score, kept);
      score -= lost;
      charge(triggers, lost);
    }
    return { ...result, score: 0 };
  });
  const triggers = confirmed.filter(({ one }) => one.item.autoFail === 'form');
  if (triggers.length > 0) {
    charge(triggers, score ?? 0);
    score = 0;
  }
  return { score, sections, costs };
}

function itemResult(section: CompiledSection, judged: Judgement, cost: number, needsConfirmation: boolean): ItemResult {
  const { item } = judged;
  return {
    id: item.id,
    section: section.id,
    title: item.title,
    why: item.why,
    coaching: item.coaching,
    type: item.type,
    verdict: judged.verdict,
    reason: judged.reason,
    evidence: judged.evidence,
    nearMisses: judged.nearMisses,
    tree: judged.tree,
    earned: judged.earned,
    possible: item.possible,
    weight: item.weight,
    cost: judged.verdict === 'fail' ? Math.max(0, cost) : 0,
    severity: item.severity,
    critical: item.critical,
    autoFail: item.autoFail,
    needsConfirmation,
    manualOnly: item.manualOnly,
  };
}

/** Per class that the scorecard knows: how many critical items applied, failed, could not be judged. */
function criticalErrors(items: readonly ItemResult[]): ScorecardResult['critical'] {
  return criticalClassSchema.options.flatMap((name) => {
    const own = items.filter((item) => item.critical === name);
    if (own.length === 0) return [];
    const count = (verdict: string) => own.filter((item) => item.verdict === verdict).length;
    return [{ class: name, applicable: own.length - count('na'), failed: count('fail'), unknown: count('unknown') }];
  });
}
