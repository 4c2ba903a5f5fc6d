import { z } from 'zod';
import { type Evidence, summariseSentiment, type TurnSentiment } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { truthOf } from '../evaluate/kleene.ts';
import { notApplicable, outcome, type Outcome } from '../evaluate/outcome.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, capital, figure, quoted, speakerName, speakerNames } from '../wording.ts';
import { hasLimit, limitShape, limitWords, tellingLimit, withinLimits, type Limits } from './comparison.ts';
import { countField, key } from './fields.ts';
import { sentimentExamples } from './examples/sentiment.ts';
import { defineOperator } from './operator.ts';

const figures = ['turn', 'mean', 'min', 'end', 'trend', 'swing', 'negativeRun'] as const;
type Figure = (typeof figures)[number];

const names: Record<Figure, { en: string; zh: string }> = {
  turn: both('sentiment of a turn', '单轮情绪'),
  mean: both('mean sentiment', '平均情绪'),
  min: both('lowest sentiment', '最低情绪'),
  end: both('sentiment at the end', '结束时情绪'),
  trend: both('change of sentiment', '情绪变化'),
  swing: both('largest fall of sentiment', '情绪最大跌幅'),
  negativeRun: both('longest run of negative turns', '连续负面轮数'),
};

export const sentiment = defineOperator({
  name: 'sentiment',
  summary: both('how someone feels, by their words', '从用词判断情绪'),
  details: 'Scores run from −1 to 1: [sentiment](../sentiment.md). Only single turns (`of: turn`) can be an anchor.',
  example: '{ sentiment: { of: end, below: -0.3 }, by: customer }',
  value: z.strictObject({
    of: key(
      z.enum(figures),
      '`turn`: some turn in scope; `mean`; `min`: the lowest; `end`: mean of the last three; `trend`: slope × turns; `swing`: largest fall; `negativeRun`: turns in a row below −0.25.',
      'turn',
    ),
    ...limitShape(z.number()),
    minTurns: key(countField, 'Fewer scored turns are not judged (n/a); not for `turn`.', 3),
    minConfidence: key(z.number().min(0).max(1), 'Scores that the model is less sure of are left out.', 0),
  }),
  options: z.strictObject({}),
  scope: ['by', 'turns', 'time', 'zero', 'visibility', 'anchor'],
  hits: true,
  examples: sentimentExamples,
  compile({ of = 'turn', minTurns = 3, minConfidence = 0, ...limits }, _options, context) {
    if (!hasLimit(limits))
      context.problem(
        ['sentiment'],
        'missing-key',
        '`sentiment` needs one of above, below, atLeast, atMost.',
        'Example: { sentiment: { of: end, below: -0.3 }, by: customer }.',
      );
    return (scope, evaluation) =>
      of === 'turn'
        ? askTurns(limits, minConfidence, scope, evaluation)
        : askFigure(of, limits, minTurns, minConfidence, scope, evaluation);
  },
});

/** Scored turns in scope. Low-confidence scores are left out: a model's shrug is no opinion. */
function scored(scope: ScopeSpec, context: EvalContext, minConfidence: number) {
  const resolved = resolveScope(context.view, scope, context.window);
  const turns = new Map(resolved.turns.map((turn) => [turn.n, turn]));
  const scores = context.view.annotations.sentiment.turns.filter(
    (one) => turns.has(one.turn) && one.confidence >= minConfidence,
  );
  return { resolved, turns, scores };
}

function askTurns(limits: Limits<number>, minConfidence: number, scope: ScopeSpec, context: EvalContext): Outcome {
  const { resolved, turns, scores } = scored(scope, context, minConfidence);
  if (resolved.blind) return outcome('sentiment', 'unknown', resolved.blind, { soft: true });
  const show = (one: TurnSentiment): Evidence => {
    const turn = turns.get(one.turn)!;
    return wordsEvidence(context.view, 'sentiment', turn, 0, turn.text.length, {
      measured: one.score,
      threshold: tellingLimit(one.score, limits),
      unit: 'sentiment',
      note: both(`sentiment ${figure(one.score)}`, `情绪值 ${figure(one.score)}`),
    });
  };
  const held = scores.filter((one) => turns.get(one.turn)!.text !== '' && withinLimits(one.score, limits));
  const wanted = limitWords(limits, (value) => both(figure(value), figure(value)));
  const empty = resolved.turns.length === 0;
  const first = held[0];
  const message = first
    ? both(
        `${capital(speakerName(first.speaker).en)} sounded ${figure(first.score)} (wanted ${wanted.en}) in ${quoted(turns.get(first.turn)!.text).en}.`,
        `${speakerName(first.speaker).zh}的情绪值为 ${figure(first.score)}（条件 ${wanted.zh}）：${quoted(turns.get(first.turn)!.text).zh}。`,
      )
    : both(
        `No turn of ${speakerNames(scope.by).en} has a sentiment ${wanted.en}.`,
        `${speakerNames(scope.by).zh}没有情绪值 ${wanted.zh}的轮次。`,
      );
  const evidence = held.map(show);
  return outcome('sentiment', truthOf(held.length > 0), message, {
    soft: true,
    empty,
    evidence: evidence.slice(0, 20),
    hits: evidence,
    measured: { value: held.length, unit: 'count' },
  });
}

function askFigure(
  of: Exclude<Figure, 'turn'>,
  limits: Limits<number>,
  minTurns: number,
  minConfidence: number,
  scope: ScopeSpec,
  context: EvalContext,
): Outcome {
  const { resolved, turns, scores } = scored(scope, context, minConfidence);
  if (resolved.blind) return outcome('sentiment', 'unknown', resolved.blind, { soft: true });
  const summary = summariseSentiment(scores);
  if (scores.length < minTurns || !summary)
    return notApplicable(
      'sentiment',
      both(
        `Too little said to judge: ${scores.length} ${scores.length === 1 ? 'turn' : 'turns'} of ${speakerNames(scope.by).en}, ${minTurns} needed.`,
        `话语太少，不作判断：${speakerNames(scope.by).zh}仅 ${scores.length} 轮，需 ${minTurns} 轮。`,
      ),
    );
  const value = summary[of];
  const turn = turns.get(of === 'min' ? summary.minTurn : scores.at(-1)!.turn)!;
  const wanted = limitWords(limits, (one) => both(figure(one), figure(one)));
  const held = withinLimits(value, limits);
  const note = both(
    `${names[of].en} ${figure(value)}, condition ${wanted.en}`,
    `${names[of].zh} ${figure(value)}，条件 ${wanted.zh}`,
  );
  const shown =
    turn.text === ''
      ? []
      : [
          wordsEvidence(context.view, 'sentiment', turn, 0, turn.text.length, {
            measured: value,
            threshold: tellingLimit(value, limits),
            unit: 'sentiment',
            note,
          }),
        ];
  return outcome(
    'sentiment',
    truthOf(held),
    both(
      `The ${names[of].en} of ${speakerNames(scope.by).en} is ${figure(value)} (condition ${wanted.en}).`,
      `${speakerNames(scope.by).zh}的${names[of].zh}为 ${figure(value)}（条件 ${wanted.zh}）。`,
    ),
    { soft: true, evidence: held ? shown : [], nearMisses: held ? [] : shown, measured: { value, unit: 'score' } },
  );
}
