import { z } from 'zod';
import type { JudgeTrouble, Localised, Turn } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { truthOf } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import { promptVersion, questionOf } from '../judge/question.ts';
import { didYouMean } from '../load/suggest.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, figure, quoted } from '../wording.ts';
import { judgeExamples } from './examples/judge.ts';
import { key } from './fields.ts';
import { defineOperator } from './operator.ts';

interface Asked {
  question: string;
  choices: Readonly<Record<string, string>>;
  holds: readonly string[];
  minConfidence: number;
}

const choiceName = z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u, 'A choice is named by letters, digits, - and _.');

export const judge = defineOperator({
  name: 'judge',
  summary: both('a question put to a language model (off by default)', '向大语言模型提问（默认关闭）'),
  example:
    '{ judge: { question: Does the agent explain why the delivery is late?, choices: { yes: a reason is given, no: no reason is given }, holds: [yes] }, by: agent }',
  value: z.strictObject({
    question: z.string().min(5).max(1000).meta({
      description:
        'What the model is asked about the words in scope; no others are sent. [How](../judge.md), and that it is off unless a run is told to ask.',
    }),
    choices: z.record(choiceName, z.string().min(1).max(300)).meta({
      title: 'name: meaning',
      description: 'The 2 to 10 answers it can give. An answer counts only with words quoted from the scope.',
    }),
    holds: z.array(choiceName).min(1).meta({
      description: 'The choices with which the condition holds. An opinion: no auto-fail rests on it alone.',
    }),
    minConfidence: key(
      z.number().min(0).max(1),
      'Below it, as where there is no answer, the condition is unknown and says why.',
      0.5,
    ),
  }),
  options: z.strictObject({}),
  scope: ['by', 'turns', 'time', 'zero', 'visibility', 'anchor'],
  hits: true,
  examples: judgeExamples,
  compile({ question, choices, holds, minConfidence = 0.5 }, _options, context) {
    const names = Object.keys(choices);
    if (names.length < 2 || names.length > 10)
      context.problem(
        ['judge', 'choices'],
        'bad-value',
        `"choices" offers 2 to 10 answers; this one has ${names.length}.`,
        'Example: choices: { yes: a reason is given, no: no reason is given }.',
      );
    for (const [index, name] of holds.entries())
      if (!names.includes(name))
        context.problem(
          ['judge', 'holds', index],
          'bad-value',
          `"${name}" is none of the choices.`,
          didYouMean(name, names),
        );
    if (names.length > 0 && names.every((name) => holds.includes(name)))
      context.problem(['judge', 'holds'], 'bad-value', 'Every choice holds, so the answer decides nothing.');
    context.pin('judge', promptVersion);
    return (scope, evaluation) => askJudge({ question, choices, holds, minConfidence }, scope, evaluation);
  },
});

const troubles: Record<JudgeTrouble, Localised> = {
  off: both('no model was asked: it is switched off', '大模型评审未启用'),
  'budget-run': both("the run's budget of questions is spent", '本次运行的提问额度已用完'),
  'budget-session': both("the session's budget of questions is spent", '本会话的提问额度已用完'),
  timeout: both('the model did not answer in time', '模型未在时限内回答'),
  unreachable: both('the model cannot be reached', '无法连接模型'),
  refused: both('the endpoint refused the question', '接口拒绝了请求'),
  malformed: both('the answer was not in the form asked for', '回答不符合要求的格式'),
  'unknown-choice': both('the answer was none of the choices', '回答不在给定选项之中'),
  'quote-missing': both('the answer quotes no words', '回答未引用原话'),
  'quote-not-found': both('the answer quotes words that were not said', '回答引用的话并不存在'),
};

function unknown(why: Localised, detail: string | null = null): Outcome {
  const tail = detail === null ? both('', '') : both(` (${detail})`, `（${detail}）`);
  return outcome(
    'judge',
    'unknown',
    both(`The question has no answer: ${why.en}${tail.en}.`, `提问没有结果：${why.zh}${tail.zh}。`),
    { soft: true },
  );
}

function askJudge({ question, choices, holds, minConfidence }: Asked, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const scope = resolveScope(view, spec, context.window);
  if (scope.blind) return outcome('judge', 'unknown', scope.blind, { soft: true });
  const shown = scope.turns.filter((turn) => turn.text.trim() !== '');
  if (shown.length === 0)
    return outcome(
      'judge',
      'false',
      both(
        `There was nothing to ask about: no words in scope (${scope.words.en}).`,
        `检查范围内没有任何话语（${scope.words.zh}），无从提问。`,
      ),
      { soft: true, empty: scope.doubtful.length === 0 },
    );
  const asked = questionOf(question, choices, shown);
  const opinion = context.opinions(asked);
  if (opinion === null) return unknown(troubles.off);
  if ('trouble' in opinion) return unknown(troubles[opinion.trouble], opinion.detail);
  const { choice, quote, confidence } = opinion;
  const turn = shown.find((one) => one.n === quote.turn);
  if (!turn || !stands(turn, quote.start, quote.end)) return unknown(troubles['quote-not-found']);
  if (!Object.hasOwn(choices, choice)) return unknown(troubles['unknown-choice'], choice);
  const note = both(
    `the model chose “${choice}” (${choices[choice]!}), confidence ${figure(confidence)}`,
    `模型选择“${choice}”（${choices[choice]!}），置信度 ${figure(confidence)}`,
  );
  const evidence = wordsEvidence(view, 'judge', turn, quote.start, quote.end, {
    measured: confidence,
    threshold: minConfidence,
    unit: 'confidence',
    note,
  });
  if (confidence < minConfidence)
    return {
      ...unknown(both(`its confidence is below ${minConfidence}`, `置信度低于 ${minConfidence}`)),
      nearMisses: [evidence],
    };
  const held = holds.includes(choice);
  const said = quoted(evidence.quote);
  return outcome(
    'judge',
    truthOf(held),
    both(
      `${quoted(question).en} The model chose “${choice}” (${choices[choice]!}), on ${said.en}.`,
      `${quoted(question).zh}模型选择“${choice}”（${choices[choice]!}），依据：${said.zh}。`,
    ),
    { soft: true, evidence: held ? [evidence] : [], nearMisses: held ? [] : [evidence] },
  );
}

function stands(turn: Turn, start: number, end: number): boolean {
  return start >= 0 && start < end && end <= turn.text.length;
}
