import { z } from 'zod';
import type { Span, Speaker } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, capital, length, speakerNames } from '../wording.ts';
import { compared, percent } from './compared.ts';
import { limitShape, requireLimit, type Limits } from './comparison.ts';
import { talkShareExamples } from './examples/talkShare.ts';
import { key, shareField } from './fields.ts';
import { defineOperator } from './operator.ts';
import { nothingSaid, spokenIn, stretchInScope, talkTime, unspoken } from './speech.ts';

const bases = ['time', 'talk'] as const;
type Base = (typeof bases)[number];
const everyone: readonly Speaker[] = ['agent', 'customer', 'bot', 'system', 'unknown'];
const example = '{ talkShare: { atMost: 65% }, by: agent }';

export const talkShare = defineOperator({
  name: 'talkShare',
  summary: both('the share of a call in which a party speaks', '说话时长占比'),
  details: 'Overlapping speech of one side counts once. Calls only: n/a in writing.',
  example,
  value: z.strictObject({
    ...limitShape(shareField),
    of: key(
      z.enum(bases),
      'What it is a share of: all the time, or the time in which agent or customer speaks.',
      'time',
    ),
  }),
  options: z.strictObject({}),
  scope: ['by', 'time', 'zero'],
  hits: false,
  examples: talkShareExamples,
  compile({ of = 'time', ...limits }, _options, context) {
    requireLimit(context, 'talkShare', limits, example);
    return (scope, evaluation) => askShare(of, limits, scope, evaluation);
  },
});

function askShare(of: Base, limits: Limits<number>, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const missing = unspoken('talkShare', context);
  if (missing) return missing;
  const named = spec.by !== null || of === 'talk';
  if (named && spokenIn(view).some(({ speaker }) => speaker === 'unknown'))
    return outcome(
      'talkShare',
      'unknown',
      both(
        'It is not known of every turn who speaks, so talk time cannot be told.',
        '部分轮次说话人不明，无法计算说话时长。',
      ),
    );
  const stretch = stretchInScope(view, spec);
  const by = spec.by ?? everyone;
  const whole =
    stretch && (of === 'time' ? stretch.endMs - stretch.startMs : talkTime(view, ['agent', 'customer'], stretch));
  if (!stretch || !whole) return nothingSaid('talkShare');
  const total = talkTime(view, by, stretch);
  const value = total / whole;
  const who = spec.by === null ? both('somebody', '有人') : speakerNames(spec.by);
  const base = of === 'time' ? both('the time', '总时长') : both('all talk', '双方说话时长');
  return compared({
    operator: 'talkShare',
    measured: { value, unit: 'share' },
    limits,
    show: percent,
    scale: { factor: 100, unit: '%' },
    ...stretch,
    places: longestTurn(context, by, stretch),
    sentence: both(
      `${capital(who.en)} spoke for ${percent(value).en} of ${base.en}: ${length(total).en} of ${length(whole).en}`,
      `${who.zh}说话占${base.zh} ${percent(value).zh}：${length(whole).zh}中的 ${length(total).zh}`,
    ),
  });
}

/** The longest stretch of the party's speech: the place to listen to. */
function longestTurn({ view }: EvalContext, by: readonly Speaker[], within: Span) {
  const [longest] = spokenIn(view)
    .filter(({ speaker, startMs, endMs }) => by.includes(speaker) && startMs < within.endMs && endMs > within.startMs)
    .sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  const turn = longest && view.turn(longest.turn);
  if (!longest || !turn) return [];
  const ms = longest.endMs - longest.startMs;
  return [
    {
      ...wordsEvidence(view, 'talkShare', turn, 0, turn.text.length, {
        measured: ms,
        unit: 'ms',
        note: both(`the longest stretch, ${length(ms).en}`, `最长一段，${length(ms).zh}`),
      }),
      startMs: longest.startMs,
      endMs: longest.endMs,
    },
  ];
}
