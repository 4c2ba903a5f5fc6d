import { assessRisk } from '../../risk/index.ts';
import { type CompiledScorecard, evaluate, statedOpinions } from '../../scorecard/index.ts';
import { assertCase, type RulePlace } from './assertions.ts';
import type { PreparedCase } from './prepare.ts';
import type { CaseResult, Judged } from './result.ts';
import { ruleFinder } from './rules.ts';

/**
 * Judges prepared cases by one scorecard and holds what they expect against what was found. No input or output, and the
 * same cases can be run by any number of scorecards. What throws is a defect of an operator.
 */
export function runCases(card: CompiledScorecard, prepared: readonly PreparedCase[]): CaseResult[] {
  const ruleOf = ruleFinder(card);
  return prepared.map((one) => runCase(card, one, ruleOf));
}

/** One case; `ruleOf` finds an item's line in the scorecard. */
export function runCase(card: CompiledScorecard, one: PreparedCase, ruleOf: RulePlace): CaseResult {
  const started = performance.now();
  const { id, name, place, at } = one.case;
  const judged = judge(card, one);
  const assertions = assertCase(one.case, judged, ruleOf);
  const verdicts: CaseResult['verdicts'] = Object.fromEntries(
    (judged.result?.items ?? []).map((item) => [item.id, item.verdict]),
  );
  const confirmed = assertions.filter(({ kind, pass }) => kind === 'verdict' && pass);
  return {
    id,
    name,
    place,
    at,
    scorecard: { id: card.ref.id, version: card.ref.version, path: card.path },
    status: assertions.every(({ pass }) => pass) ? 'passed' : 'failed',
    assertions,
    problem: null,
    verdicts,
    confirmed: Object.fromEntries(confirmed.map(({ item }) => [item!, verdicts[item!]!])),
    durationMs: performance.now() - started,
  };
}

/** The same way as an inspection: a scorecard judges what it applies to and what has words. */
export function judge(card: CompiledScorecard, { case: one, session, annotations }: PreparedCase): Judged {
  const judged = card.appliesTo(session) && session.turns.length > 0;
  const result = judged
    ? evaluate(card, session, annotations, { opinions: statedOpinions(one.facts.opinions ?? {}) })
    : null;
  const wanted = one.expect.some(({ kind }) => kind === 'risk');
  const risk = wanted ? assessRisk({ session, annotations, scorecard: result, notices: [] }) : null;
  return { result, risk };
}
