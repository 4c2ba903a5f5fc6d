import { z } from 'zod';
import type { Evidence, Turn } from '../../session/index.ts';
import { similarityModels, type SimilarityModel } from '../../text/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { doubtfulAbsence, doubtfulWords } from '../evaluate/confidence.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { between } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, figure, quoted } from '../wording.ts';
import { similarExamples } from './examples/similar.ts';
import { key, phraseList } from './fields.ts';
import { defineOperator } from './operator.ts';

interface Compiled {
  examples: readonly string[];
  find: ReturnType<SimilarityModel['compile']>;
  threshold: number;
}

interface Best {
  turn: Turn;
  evidence: Evidence;
  similarity: number;
}

export const similar = defineOperator({
  name: 'similar',
  summary: both('the same said in other words', '意思相近的表述'),
  example: '{ similar: [I understand how worrying that is, I see why you are upset], threshold: 0.8, by: agent }',
  value: phraseList.meta({
    title: 'phrases',
    description:
      'Examples of what is meant: three to six for each intention ([measured](../text-matching.md#paraphrases), one alone finds two paraphrases in five). True where a sentence, or a stretch of a longer one, says much the same as one of them; the nearest is shown with its figure. An opinion: no auto-fail rests on it alone.',
  }),
  options: z.strictObject({
    threshold: key(z.number().min(0.3).max(1), 'How alike, from 0.3 to 1.', 0.8),
    model: key(
      z.enum(similarityModels.map((one) => one.id) as [string, ...string[]]),
      'What compares. Its version and tables are part of the content hash of the scorecard.',
      similarityModels[0]!.id,
    ),
  }),
  scope: ['by', 'turns', 'time', 'zero', 'quantifier', 'visibility', 'anchor'],
  hits: true,
  examples: similarExamples,
  compile(value, { threshold = 0.8, model: named }, context) {
    const model = similarityModels.find((one) => one.id === named) ?? similarityModels[0]!;
    context.pin(`similar:${model.id}`, `${model.version}:${model.hash}`);
    const examples = context.phrases(value, ['similar']).wanted;
    const compiled: Compiled = { examples, find: model.compile(examples), threshold };
    return (scope, evaluation) => askSimilar(compiled, scope, evaluation);
  },
});

function askSimilar({ examples, find, threshold }: Compiled, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view, confidence } = context;
  const scope = resolveScope(view, spec, context.window);
  if (scope.blind) return outcome('similar', 'unknown', scope.blind, { soft: true });
  const best = (turn: Turn): Best | null => {
    const found = find(turn.text);
    if (!found || found.end <= found.start) return null;
    const { similarity, start, end } = found;
    const like = quoted(examples[found.example]!);
    const note = both(
      `${figure(similarity)} like ${like.en}, wanted ${figure(threshold)}`,
      `与${like.zh}相似度 ${figure(similarity)}，要求 ${figure(threshold)}`,
    );
    const shown = { measured: similarity, threshold, unit: 'similarity', note };
    return { turn, similarity, evidence: wordsEvidence(view, 'similar', turn, start, end, shown) };
  };
  const sorted = [...scope.turns, ...scope.doubtful].map(best).filter((one) => one !== null);
  const certain: Best[] = [];
  const possible: Best[] = [];
  for (const one of sorted) {
    const { charStart, charEnd } = one.evidence;
    const place = scope.place(one.turn, charStart!, charEnd!);
    if (one.similarity < threshold || place.in === 'no') continue;
    const heard = !doubtfulWords(view, confidence, one.turn, charStart!, charEnd!);
    (place.in === 'yes' && heard ? certain : possible).push(one);
  }
  const enough = (found: readonly Best[]) => {
    const turns = found.length;
    if (spec.quantifier.kind === 'any') return turns > 0;
    return spec.quantifier.kind === 'atLeast'
      ? turns >= spec.quantifier.n
      : scope.turns.length > 0 && turns >= scope.turns.length;
  };
  const empty = scope.turns.length === 0 && scope.doubtful.length === 0;
  const held = between(enough(certain), enough([...certain, ...possible]));
  const mean = held === 'false' && !empty ? doubtfulAbsence(view, confidence, scope.turns) : null;
  const truth = mean === null ? held : 'unknown';
  const evidence = certain.map((one) => one.evidence);
  const nearest = sorted.reduce<Best | null>((a, b) => (a && a.similarity >= b.similarity ? a : b), null);
  return outcome('similar', truth, messageOf(truth, certain, scope.words, examples, empty), {
    soft: true,
    empty,
    evidence: evidence.slice(0, 20),
    hits: evidence,
    nearMisses: truth === 'true' || !nearest ? [] : [nearest.evidence],
    measured: { value: nearest?.similarity ?? 0, unit: 'score' },
  });
}

function messageOf(
  truth: Outcome['truth'],
  certain: readonly Best[],
  where: { en: string; zh: string },
  examples: readonly string[],
  empty: boolean,
) {
  const like = quoted(examples[0] ?? '');
  const more = examples.length > 1 ? both(' or the like', '等') : both('', '');
  const first = certain[0];
  if (truth === 'true' && first) {
    const said = quoted(first.evidence.quote);
    return both(
      `${said.en} says much the same: ${first.evidence.note!.en}.`,
      `${said.zh}意思相近：${first.evidence.note!.zh}。`,
    );
  }
  if (empty)
    return both(
      `There was nothing to compare: no words in scope (${where.en}).`,
      `检查范围内没有任何话语（${where.zh}），无从比对。`,
    );
  if (truth === 'unknown')
    return both(
      `Whether anything in ${where.en} says the same as ${like.en}${more.en} cannot be told for certain.`,
      `无法确定${where.zh}是否有与${like.zh}${more.zh}意思相近的表述。`,
    );
  return both(
    `Nothing in ${where.en} says the same as ${like.en}${more.en}.`,
    `${where.zh}没有与${like.zh}${more.zh}意思相近的表述。`,
  );
}
