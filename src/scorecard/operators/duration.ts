import { z } from 'zod';
import { truthOf } from '../evaluate/kleene.ts';
import { outcome } from '../evaluate/outcome.ts';
import { spanEvidence } from '../evaluate/evidence.ts';
import { both, length } from '../wording.ts';
import { hasLimit, limitShape, limitWords, tellingLimit, withinLimits } from './comparison.ts';
import { durationField } from './fields.ts';
import { durationExamples } from './examples/duration.ts';
import { defineOperator } from './operator.ts';

export const duration = defineOperator({
  name: 'duration',
  summary: both('how long the conversation lasts', '会话时长'),
  example: '{ duration: { atMost: 10 min } }',
  value: z.strictObject(limitShape(durationField)),
  options: z.strictObject({}),
  scope: [],
  hits: false,
  examples: durationExamples,
  compile(limits, _options, context) {
    if (!hasLimit(limits))
      context.problem(
        ['duration'],
        'missing-key',
        '`duration` needs one of above, below, atLeast, atMost.',
        'Example: { duration: { atMost: 10 min } }.',
      );
    return (_scope, { view }) => {
      const value = view.annotations.measures.durationMs;
      if (value === null)
        return outcome('duration', 'unknown', both('How long this session lasted is not known.', '会话时长未知。'));
      const held = withinLimits(value, limits);
      const wanted = limitWords(limits, length);
      const one = spanEvidence('duration', 'measure', undefined, 0, value, {
        measured: value,
        threshold: tellingLimit(value, limits),
        unit: 'ms',
      });
      return outcome(
        'duration',
        truthOf(held),
        both(
          `The session lasted ${length(value).en} (condition ${wanted.en}).`,
          `会话时长 ${length(value).zh}（条件 ${wanted.zh}）。`,
        ),
        {
          evidence: held ? [one] : [],
          nearMisses: held ? [] : [one],
          hits: [],
          measured: { value, unit: 'ms' },
        },
      );
    };
  },
});
