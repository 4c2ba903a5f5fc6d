import { z } from 'zod';
import type { Evidence } from '../../session/index.ts';
import type { Condition, EvalContext } from '../evaluate/condition.ts';
import { combine, evaluateCondition } from '../evaluate/conditions.ts';
import { and } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import { readWithin, type Within } from '../load/units.ts';
import { both, quoted } from '../wording.ts';
import { key } from './fields.ts';
import { sequenceExamples } from './examples/sequence.ts';
import { defineOperator } from './operator.ts';

export const sequence = defineOperator({
  name: 'sequence',
  summary: both('several steps, one after the other', '按顺序出现的多个步骤'),
  details: 'The reason names the step that is missing.',
  example:
    '{ sequence: { steps: [{ phrase: $problem, by: customer }, { phrase: $restate, by: agent }], maxGap: 4 turns } }',
  value: z.strictObject({
    steps: z.array(z.record(z.string(), z.unknown())).min(2).max(20).meta({
      title: 'list of conditions',
      description:
        'Two or more conditions that are found at a place. Scope keys beside the sequence are handed to them.',
    }),
    order: key(z.enum(['strict', 'any']), 'Whether they must follow one another as listed.', 'strict'),
    maxGap: key(
      z.string().meta({ title: 'turns or length of time', examples: ['3 turns', '30s'] }),
      'The most between one step and the next (strict order only).',
    ),
  }),
  options: z.strictObject({}),
  scope: ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility', 'anchor'],
  hits: true,
  examples: sequenceExamples,
  compile({ steps, order = 'strict', maxGap }, _options, context) {
    const compiled = steps
      .map((step, index) => {
        const at = ['sequence', 'steps', index];
        const condition = context.condition(step, at);
        if (condition && !condition.hits) {
          context.problem(
            at,
            'no-anchor',
            'A step must be found at a place in the conversation; this one cannot be.',
            'Example of a step: { phrase: $restate, by: agent }.',
          );
          return null;
        }
        return condition;
      })
      .filter((step) => step !== null);
    const gap = readGap(maxGap);
    if (gap && !gap.ok) context.problem(['sequence', 'maxGap'], 'bad-value', gap.message, gap.hint);
    const within = gap?.ok ? gap.value : null;
    return (_scope, evaluation) => askSequence(compiled, order, within, evaluation);
  },
});

function readGap(given: string | undefined) {
  return given === undefined ? null : readWithin(given);
}

function askSequence(
  steps: readonly Condition[],
  order: 'strict' | 'any',
  within: Within | null,
  context: EvalContext,
): Outcome {
  const outcomes = steps.map((step) => evaluateCondition(step, context));
  const joined = { ...combine('sequence', outcomes, and), op: 'sequence' };
  const missing = outcomes.findIndex((one) => one.truth === 'false' || one.na);
  if (missing >= 0) {
    const why = outcomes[missing]!.message;
    return outcome(
      'sequence',
      'false',
      both(
        `Step ${missing + 1} of ${steps.length} is missing. ${why.en}`,
        `缺少第 ${missing + 1} 步（共 ${steps.length} 步）。${why.zh}`,
      ),
      {
        nearMisses: joined.nearMisses,
        children: outcomes,
        empty: joined.empty,
        hits: [],
        measured: { value: outcomes.filter((one) => one.truth === 'true').length, unit: 'count' },
      },
    );
  }
  if (joined.truth === 'unknown' || order === 'any') return joined;
  const chain = findChain(
    outcomes.map((one) => one.hits),
    within,
  );
  const measured = { value: chain.path.length, unit: 'count' as const };
  const hard = joined.hard;
  if (chain.path.length === steps.length)
    return outcome(
      'sequence',
      'true',
      both(
        `All ${steps.length} steps follow one another, from ${quoted(chain.path[0]!.quote).en} to ${quoted(chain.path.at(-1)!.quote).en}.`,
        `${steps.length} 个步骤依次出现，从${quoted(chain.path[0]!.quote).zh}到${quoted(chain.path.at(-1)!.quote).zh}。`,
      ),
      { hard, evidence: chain.path, hits: chain.path, children: outcomes, measured },
    );
  const step = chain.path.length + 1;
  const stray = outcomes[step - 1]!.hits[0]!;
  const note = chain.tooFar
    ? both('said too long after the step before', '与上一步相隔过远')
    : both('said before the step that it should follow', '早于应先出现的步骤');
  return outcome(
    'sequence',
    'false',
    both(
      `Step ${step} of ${steps.length} does not follow step ${step - 1}: ${quoted(stray.quote).en} was ${note.en}.`,
      `第 ${step} 步没有接在第 ${step - 1} 步之后：${quoted(stray.quote).zh}${note.zh}。`,
    ),
    { hard, nearMisses: [{ ...stray, note }], children: outcomes, hits: [], measured },
  );
}

/** The longest chain of hits, each after the one before and near enough; greedy would miss chains, so all are tried. */
function findChain(
  hits: readonly (readonly Evidence[])[],
  within: Within | null,
): { path: Evidence[]; tooFar: boolean } {
  let paths: Evidence[][] = hits[0]!.map((hit) => [hit]);
  let tooFar = false;
  for (const step of hits.slice(1)) {
    const next: Evidence[][] = [];
    for (const hit of step) {
      const before = paths.filter((path) => follows(path.at(-1)!, hit));
      const reachable = before.find((path) => near(path.at(-1)!, hit, within));
      if (reachable) next.push([...reachable, hit]);
      else if (before.length > 0) tooFar = true;
    }
    if (next.length === 0) return { path: paths[0] ?? [], tooFar };
    tooFar = false;
    paths = next;
  }
  return { path: paths[0] ?? [], tooFar };
}

function follows(a: Evidence, b: Evidence): boolean {
  if (a.turn !== null && b.turn !== null && a.turn !== b.turn) return b.turn > a.turn;
  if (a.charEnd !== null && b.charStart !== null) return b.charStart >= a.charEnd;
  return (b.startMs ?? 0) >= (a.endMs ?? 0);
}

function near(a: Evidence, b: Evidence, within: Within | null): boolean {
  if (!within) return true;
  if ('turns' in within) return a.turn === null || b.turn === null || b.turn - a.turn <= within.turns;
  return a.endMs === null || b.startMs === null || b.startMs - a.endMs <= within.ms;
}
