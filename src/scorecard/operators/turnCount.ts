import { z } from 'zod';
import { spanEvidence } from '../evaluate/evidence.ts';
import { between } from '../evaluate/kleene.ts';
import { outcome } from '../evaluate/outcome.ts';
import { resolveScope } from '../scope/resolve.ts';
import { both } from '../wording.ts';
import { hasLimit, limitShape, limitWords, tellingLimit, withinLimits } from './comparison.ts';
import { turnCountExamples } from './examples/turnCount.ts';
import { defineOperator } from './operator.ts';

export const turnCount = defineOperator({
  name: 'turnCount',
  summary: both('how many turns there are', '轮次数'),
  example: '{ turnCount: { atMost: 40 }, by: agent }',
  value: z.strictObject(limitShape(z.number().int().min(0))),
  options: z.strictObject({}),
  scope: ['by', 'time', 'zero', 'visibility', 'anchor'],
  hits: false,
  examples: turnCountExamples,
  compile(limits, _options, context) {
    if (!hasLimit(limits))
      context.problem(
        ['turnCount'],
        'missing-key',
        '`turnCount` needs one of above, below, atLeast, atMost.',
        'Example: { turnCount: { atMost: 40 }, by: agent }.',
      );
    return (spec, { view, window }) => {
      const scope = resolveScope(view, spec, window);
      if (scope.blind) return outcome('turnCount', 'unknown', scope.blind);
      const count = scope.turns.length;
      const truth = between(withinLimits(count, limits), withinLimits(count + scope.doubtful.length, limits));
      const wanted = limitWords(limits, (value) => both(String(value), String(value)));
      const one = spanEvidence('turnCount', 'measure', undefined, null, null, {
        measured: count,
        threshold: tellingLimit(count, limits),
        unit: 'turn',
      });
      return outcome(
        'turnCount',
        truth,
        both(
          `${count} turns in ${scope.words.en} (condition ${wanted.en}).`,
          `${scope.words.zh}共 ${count} 轮（条件 ${wanted.zh}）。`,
        ),
        {
          evidence: truth === 'true' ? [one] : [],
          nearMisses: truth === 'true' ? [] : [one],
          hits: [],
          measured: { value: count, unit: 'count' },
        },
      );
    };
  },
});
