import type { Annotations, Session } from '../../session/index.ts';
import { evaluate } from '../evaluate.ts';
import type { CompiledScorecard } from '../scorecard.ts';
import type { JudgeQuestion, Opinions } from './question.ts';

/** Whether a scorecard has questions for a language model at all. */
export function asksJudge(scorecard: CompiledScorecard): boolean {
  return scorecard.models.has('judge');
}

/**
 * The questions of a scorecard that still lack an opinion for a session. The scorecard is evaluated with what is known:
 * an item of another channel, one whose `when` did not happen or whose `naWhen` did, asks nothing. An answer can open
 * further questions (a `when` that is itself a question), so ask again with the answers until nothing is left.
 */
export function openQuestions(
  scorecard: CompiledScorecard,
  session: Session,
  annotations: Annotations,
  opinions: Opinions,
): JudgeQuestion[] {
  if (!asksJudge(scorecard)) return [];
  const open = new Map<string, JudgeQuestion>();
  evaluate(scorecard, session, annotations, {
    opinions: (question) => {
      const known = opinions.get(question.key);
      if (!known) open.set(question.key, question);
      return known ?? null;
    },
  });
  return [...open.values()];
}
