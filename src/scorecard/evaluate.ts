import type { Annotations, ScorecardResult, Session } from '../session/index.ts';
import type { EvalNode, Evidence } from '../session/index.ts';
import { assertQuoted } from './evaluate/evidence.ts';
import { judgeItem } from './evaluate/judge.ts';
import { SessionView } from './evaluate/view.ts';
import { assemble } from './score/result.ts';
import type { CompiledScorecard } from './scorecard.ts';

/**
 * Judges a session by a scorecard. Deterministic, no input or output. A verdict never leaves without words that are
 * really in the transcript: an operator that quotes others is a defect and makes this throw.
 */
export function evaluate(scorecard: CompiledScorecard, session: Session, annotations: Annotations): ScorecardResult {
  const view = new SessionView(session, annotations);
  const context = { view, confidence: scorecard.confidence };
  const judgements = new Map(
    scorecard.sections.map((section) => [section, section.items.map((item) => judgeItem(item, context))]),
  );
  const result = assemble(scorecard, judgements);
  for (const item of result.items) {
    assertQuoted(view, item.id, [...item.evidence, ...item.nearMisses]);
    if (item.tree) assertQuoted(view, item.id, quotesOf(item.tree));
  }
  return result;
}

function quotesOf(node: EvalNode): Evidence[] {
  return [...node.evidence, ...node.nearMisses, ...node.children.flatMap(quotesOf)];
}
