import { z } from 'zod';
import type { Evidence, Localised, Truth } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { between } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, clock, length } from '../wording.ts';
import { countField, durationField, key, phraseList } from './fields.ts';
import { silenceExamples } from './examples/silence.ts';
import { defineOperator } from './operator.ts';
import { sortGaps, type SilenceOptions } from './silenceGaps.ts';

export const silence = defineOperator({
  name: 'silence',
  summary: both('a gap in which nobody speaks', '双方均未说话的静音'),
  details: 'Usually forbidden.',
  example: '{ silence: { min: 10s, unlessAfter: [one moment please, $hold] } }',
  value: z.strictObject({
    min: key(durationField, 'A gap counts from this length; at least 1s.', '5s'),
    atLeast: key(countField, 'So many gaps are wanted.', 1),
    speakers: key(
      z.enum(['any', 'same', 'different']),
      'Whether the turns before and after it are of the same speaker.',
      'any',
    ),
    afterTurnOf: key(z.enum(['agent', 'customer']), 'Who spoke before it.'),
    beforeTurnOf: key(z.enum(['agent', 'customer']), 'Who speaks after it.'),
    holds: key(
      z.enum(['include', 'exclude', 'only']),
      'Whether gaps filled with music or tone count, or count alone.',
      'include',
    ),
    unlessAfter: key(phraseList, 'A gap is forgiven when one of these was said (not by the customer) before it.'),
    lookback: key(countField, 'In so many turns before the gap `unlessAfter` is looked for.', 2),
  }),
  options: z.strictObject({}),
  scope: ['time', 'zero', 'anchor'],
  hits: true,
  examples: silenceExamples,
  compile(value, _options, context) {
    const options: SilenceOptions = {
      min: value.min ?? 5000,
      atLeast: value.atLeast ?? 1,
      speakers: value.speakers ?? 'any',
      after: value.afterTurnOf ?? null,
      next: value.beforeTurnOf ?? null,
      holds: value.holds ?? 'include',
      announced:
        value.unlessAfter === undefined ? null : context.phrases(value.unlessAfter, ['silence', 'unlessAfter']),
      lookback: value.lookback ?? 2,
    };
    if (options.min < 1000)
      context.problem(
        ['silence', 'min'],
        'bad-value',
        'Gaps shorter than 1 s are not measured.',
        'Example: { silence: { min: 5s } }.',
      );
    return (scope, evaluation) => askSilence(options, scope, evaluation);
  },
});

function askSilence(options: SilenceOptions, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const { measures } = view.annotations;
  if (!measures.timesTrusted)
    return outcome(
      'silence',
      'unknown',
      measures.timesNote ?? both('The times of this session are not known well enough.', '该会话的时间信息不够可靠。'),
    );
  const { certain, doubtful, misses } = sortGaps(options, view, resolveScope(view, spec, context.window));
  const found = certain.length;
  const truth = between(found >= options.atLeast, found + doubtful >= options.atLeast);
  const longest = certain.reduce<Evidence | null>((a, b) => ((a?.measured ?? -1) >= b.measured! ? a : b), null);
  return outcome('silence', truth, message(options, truth, found, longest), {
    evidence: certain.slice(0, 20),
    hits: certain,
    nearMisses: truth === 'true' ? [] : misses.slice(0, 2),
    measured: { value: longest?.measured ?? misses[0]?.measured ?? 0, unit: 'ms' },
  });
}

function message({ min, atLeast }: SilenceOptions, truth: Truth, found: number, longest: Evidence | null): Localised {
  const limit = length(min);
  if (truth === 'true' && longest) {
    const lasts = length(longest.measured!);
    const from = clock(longest.startMs);
    return both(
      `${found} ${found === 1 ? 'gap' : 'gaps'} of at least ${limit.en}; the longest lasts ${lasts.en} from ${from.en}.`,
      `出现 ${found} 次不少于 ${limit.zh}的静音，最长 ${lasts.zh}，始于 ${from.zh}。`,
    );
  }
  const gaps = both(
    `${atLeast > 1 ? `${atLeast} gaps` : 'gap'} of at least ${limit.en}`,
    `${atLeast > 1 ? `${atLeast} 次` : ''}不少于 ${limit.zh}的静音`,
  );
  if (truth === 'unknown')
    return both(
      `It cannot be told who spoke around the gaps, so no ${gaps.en} can be ruled out.`,
      `静音前后的说话人不明，无法判断是否存在${gaps.zh}。`,
    );
  return both(
    `No ${gaps.en}${found > 0 ? ` (${found} found)` : ''}.`,
    `没有${gaps.zh}${found > 0 ? `（仅 ${found} 次）` : ''}。`,
  );
}
