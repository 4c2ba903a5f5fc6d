import { z } from 'zod';
import type { Evidence } from '../../session/index.ts';
import { checkAnswers, type AnswerFinding } from '../../knowledge/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { doubtfulAbsence } from '../evaluate/confidence.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import type { KnowledgeRef } from '../load/knowledge.ts';
import { didYouMean } from '../load/suggest.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, clock, figure, quoted } from '../wording.ts';
import { answerExamples } from './examples/answer.ts';
import { key } from './fields.ts';
import { defineOperator } from './operator.ts';

const kinds = ['wrong', 'hedged', 'unsupported', 'correct'] as const;
type Kind = (typeof kinds)[number];

const kindNames: Record<Kind, { en: string; zh: string }> = {
  wrong: both('wrong', '错误'),
  hedged: both('hedged', '含糊'),
  unsupported: both('unsupported', '缺乏依据'),
  correct: both('correct', '正确'),
};

export const answer = defineOperator({
  name: 'answer',
  summary: both("the agent's answers held against a knowledge base", '客服答复与知识库核对'),
  details: 'The agent’s turns are held against a [knowledge base](../knowledge-base.md).',
  example: '{ answer: { is: wrong, knowledge: knowledge/shop.en.yaml } }',
  value: z.strictObject({
    is: z.union([z.enum(kinds), z.array(z.enum(kinds)).min(1)]).meta({
      title: 'wrong, hedged, unsupported, correct or a list',
      description: 'What the answer must be. A statement that would be wrong if it was heard and meant so is unknown.',
    }),
    knowledge: key(z.string().min(1).meta({ title: 'path' }), 'The knowledge base. Left out: the scorecard’s own.'),
    about: key(
      z.array(z.string()).min(1).meta({ title: 'list of ids' }),
      'Entries of the knowledge base. Left out: all.',
    ),
  }),
  options: z.strictObject({}),
  scope: ['turns', 'time', 'zero', 'anchor'],
  hits: true,
  examples: answerExamples,
  compile({ is, knowledge, about }, _options, context) {
    const base = context.knowledge(knowledge, ['answer']);
    const known = base?.base.entries.map((entry) => entry.id) ?? [];
    for (const [index, id] of (about ?? []).entries())
      if (base && !known.includes(id))
        context.problem(
          ['answer', 'about', index],
          'bad-value',
          `The knowledge base has no entry "${id}".`,
          didYouMean(id, known),
        );
    const wanted = Array.isArray(is) ? is : [is];
    return (scope, evaluation) => {
      if (!base) throw new Error('A scorecard without its knowledge base was asked.');
      return askAnswers(base, wanted, about ?? null, scope, evaluation);
    };
  },
});

function askAnswers(
  base: KnowledgeRef,
  wanted: readonly Kind[],
  about: readonly string[] | null,
  spec: ScopeSpec,
  context: EvalContext,
): Outcome {
  const { view } = context;
  const scope = resolveScope(view, { ...spec, by: ['agent'] }, context.window);
  const all = view.memo(`answer:${base.base.ref.hash}`, () => checkAnswers(base.base, view.session));
  const findings = all.filter((one) => about === null || about.includes(one.entry));
  const certain: Evidence[] = [];
  const doubtful: Evidence[] = [];
  let first: AnswerFinding | null = null;
  for (const one of findings) {
    const turn = view.turn(one.turn);
    // A finding of kind `unknown` is one that would be wrong if it was heard and meant as it reads.
    const sought = one.kind === 'unknown' ? wanted.includes('wrong') : wanted.includes(one.kind);
    if (!turn || !sought) continue;
    const place = scope.place(turn, one.charStart, one.charEnd);
    if (place.in === 'no') continue;
    const note = both(`${one.reason.en} Right: ${one.expected.en}`, `${one.reason.zh}正确答复：${one.expected.zh}`);
    const evidence = wordsEvidence(view, 'answer', turn, one.charStart, one.charEnd, {
      measured: one.confidence,
      unit: 'confidence',
      note,
    });
    if (one.kind === 'unknown' || place.in === 'maybe') doubtful.push(evidence);
    else {
      first ??= one;
      certain.push(evidence);
    }
  }
  const kind = both(
    wanted.map((one) => kindNames[one].en).join(' or '),
    wanted.map((one) => kindNames[one].zh).join('或'),
  );
  const measured = { value: certain.length, unit: 'count' as const };
  if (first) {
    const at =
      certain[0]!.startMs === null
        ? both('', '')
        : both(` at ${clock(certain[0]!.startMs).en}`, `（${clock(certain[0]!.startMs).zh}）`);
    return outcome(
      'answer',
      'true',
      both(
        `On “${first.title.en}” the agent said ${quoted(first.quote).en}${at.en}. ${first.reason.en} Right: ${first.expected.en}`,
        `关于“${first.title.zh}”，客服说：${quoted(first.quote).zh}${at.zh}。${first.reason.zh}正确答复：${first.expected.zh}`,
      ),
      { evidence: certain, hits: certain, measured },
    );
  }
  if (doubtful.length > 0)
    return outcome(
      'answer',
      'unknown',
      both(
        `${quoted(doubtful[0]!.quote).en} may be a ${kind.en} answer: ${doubtful[0]!.note!.en}`,
        `${quoted(doubtful[0]!.quote).zh}可能属于${kind.zh}答复：${doubtful[0]!.note!.zh}`,
      ),
      { nearMisses: doubtful.slice(0, 3) },
    );
  if (scope.blind) return outcome('answer', 'unknown', scope.blind);
  const mean = doubtfulAbsence(view, context.confidence, scope.turns);
  if (mean !== null)
    return outcome(
      'answer',
      'unknown',
      both(
        `Recognition confidence of the agent's words is ${figure(mean)}: too low to judge answers by.`,
        `客服语音的识别置信度为 ${figure(mean)}，不足以核对答复。`,
      ),
    );
  const checked = findings.length;
  return outcome(
    'answer',
    'false',
    both(
      `No ${kind.en} answer: ${checked === 0 ? 'nothing was said on a topic of the knowledge base' : `${checked} ${checked === 1 ? 'statement was' : 'statements were'} held against the knowledge base`}.`,
      `没有${kind.zh}答复：${checked === 0 ? '未涉及知识库中的主题' : `共核对 ${checked} 处答复`}。`,
    ),
    { empty: scope.turns.length === 0, measured },
  );
}
