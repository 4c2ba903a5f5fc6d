import { z } from 'zod';
import { overlapMs } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { spanEvidence } from '../evaluate/evidence.ts';
import type { Outcome } from '../evaluate/outcome.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, clock, length } from '../wording.ts';
import { compared, percent } from './compared.ts';
import { limitShape, requireLimit, type Limits } from './comparison.ts';
import { silenceShareExamples } from './examples/silenceShare.ts';
import { durationField, key, shareField } from './fields.ts';
import { defineOperator } from './operator.ts';
import { nothingSaid, stretchInScope, unspoken } from './speech.ts';

const holdKinds = ['include', 'exclude', 'only'] as const;
interface Options {
  min: number;
  holds: (typeof holdKinds)[number];
  limits: Limits<number>;
}
const example = '{ silenceShare: { atMost: 30% } }';

export const silenceShare = defineOperator({
  name: 'silenceShare',
  summary: both('the share of a call in which nobody speaks', '静音时长占比'),
  details: 'A share of the time from time zero to the last word. Calls only: n/a in writing.',
  example,
  value: z.strictObject({
    ...limitShape(shareField),
    min: key(durationField, 'Gaps shorter than this are breath and count as speech; at least 1s.', '1s'),
    holds: key(z.enum(holdKinds), 'Whether gaps filled with music or tone count, or count alone.', 'include'),
  }),
  options: z.strictObject({}),
  scope: ['time', 'zero'],
  hits: false,
  examples: silenceShareExamples,
  compile({ min = 1000, holds = 'include', ...limits }, _options, context) {
    requireLimit(context, 'silenceShare', limits, example);
    if (min < 1000)
      context.problem(
        ['silenceShare', 'min'],
        'bad-value',
        'Gaps shorter than 1 s are not measured.',
        `Example: ${example}.`,
      );
    return (scope, evaluation) => askShare({ min, holds, limits }, scope, evaluation);
  },
});

function askShare({ min, holds, limits }: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const missing = unspoken('silenceShare', context);
  if (missing) return missing;
  const stretch = stretchInScope(view, spec);
  if (!stretch) return nothingSaid('silenceShare');
  const gaps = view.annotations.measures.silences
    .filter((gap) => gap.endMs - gap.startMs >= min)
    .filter(({ hold }) => holds === 'include' || hold === (holds === 'only'))
    .map((gap) => ({ gap, ms: overlapMs(gap, stretch) }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
  const total = gaps.reduce((sum, { ms }) => sum + ms, 0);
  const whole = stretch.endMs - stretch.startMs;
  const value = total / whole;
  const longest = gaps.slice(0, 3).map(({ gap, ms }) =>
    spanEvidence(
      'silenceShare',
      'gap',
      gap.previousTurn === null ? undefined : view.turn(gap.previousTurn),
      gap.startMs,
      gap.endMs,
      {
        measured: ms,
        unit: 'ms',
        note: both(
          `${length(ms).en} of silence from ${clock(gap.startMs).en}`,
          `自 ${clock(gap.startMs).zh} 起静音 ${length(ms).zh}`,
        ),
      },
    ),
  );
  return compared({
    operator: 'silenceShare',
    measured: { value, unit: 'share' },
    limits,
    show: percent,
    scale: { factor: 100, unit: '%' },
    ...stretch,
    places: longest,
    sentence: both(
      `Nobody spoke for ${percent(value).en} of the time: ${length(total).en} of ${length(whole).en}`,
      `静音占 ${percent(value).zh}：${length(whole).zh}中有 ${length(total).zh}无人说话`,
    ),
  });
}
