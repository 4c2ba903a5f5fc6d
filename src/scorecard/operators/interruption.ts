import { z } from 'zod';
import type { Evidence } from '../../session/index.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { truthOf } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, capital, clock, length, speakerName } from '../wording.ts';
import { countField, durationField, key } from './fields.ts';
import { interruptionExamples } from './examples/interruption.ts';
import { defineOperator } from './operator.ts';

type Side = 'agent' | 'customer';
interface Options {
  by: Side | null;
  minOverlap: number;
  atLeast: number;
  minCharacters: number;
  minWords: number;
}

export const interruption = defineOperator({
  name: 'interruption',
  summary: both('one side talks over the other', '抢话'),
  details: 'Unknown on mono recordings, where overlaps cannot be told.',
  example: '{ interruption: { by: agent, minOverlap: 2s, atLeast: 2 } }',
  value: z.strictObject({
    by: key(z.enum(['agent', 'customer']), 'Who talks over the other. Left out: the scope’s `by`, else either side.'),
    minOverlap: key(durationField, 'Both speak for at least this long; at least 200ms.', '2s'),
    atLeast: key(countField, 'So many interruptions are wanted.', 1),
    minCharacters: key(
      z.number().int().min(0).max(100),
      'Characters said into the other (Chinese): less is a back-channel such as 嗯.',
      4,
    ),
    minWords: key(
      z.number().int().min(0).max(100),
      'Words said into the other (otherwise): less is a back-channel such as “yes”.',
      2,
    ),
  }),
  options: z.strictObject({}),
  scope: ['by', 'time', 'zero', 'anchor'],
  hits: true,
  examples: interruptionExamples,
  compile({ by, minOverlap = 2000, atLeast = 1, minCharacters = 4, minWords = 2 }, _options, context) {
    const outer = context.scope.by?.find((one): one is Side => one === 'agent' || one === 'customer') ?? null;
    if (minOverlap < 200)
      context.problem(
        ['interruption', 'minOverlap'],
        'bad-value',
        'Overlaps shorter than 200 ms are not measured.',
        'Example: { interruption: { by: agent, minOverlap: 2s } }.',
      );
    const options: Options = { by: by ?? outer, minOverlap, atLeast, minCharacters, minWords };
    return (scope, evaluation) => askInterruption(options, scope, evaluation);
  },
});

function askInterruption(options: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const { measures } = view.annotations;
  if (!measures.overlapTrusted)
    return outcome(
      'interruption',
      'unknown',
      both(
        'Who talks over whom cannot be heard here: the recording is mono, or its channels or speakers cannot be told apart.',
        '无法判断抢话：录音为单声道，或声道、说话人无法区分。',
      ),
    );
  if (!measures.timesTrusted)
    return outcome(
      'interruption',
      'unknown',
      measures.timesNote ?? both('The times of this session are not known well enough.', '该会话的时间信息不够可靠。'),
    );
  const scope = resolveScope(view, { ...spec, by: null }, context.window);
  const certain: Evidence[] = [];
  const short: Evidence[] = [];
  for (const one of measures.interruptions) {
    const turn = view.turn(one.turn);
    if (!turn || (options.by !== null && one.by !== options.by)) continue;
    if (scope.placeTime(one.startMs, one.endMs).in === 'no') continue;
    const chinese = /\p{Script=Han}/u.test(turn.text);
    if (chinese ? one.characters < options.minCharacters : one.words < options.minWords) continue;
    const overlap = one.endMs - one.startMs;
    const evidence: Evidence = {
      ...wordsEvidence(view, 'interruption', turn, 0, turn.text.length, {
        measured: overlap,
        threshold: options.minOverlap,
        unit: 'ms',
        note: both(`${length(overlap).en} talked over`, `抢话 ${length(overlap).zh}`),
      }),
      startMs: one.startMs,
      endMs: one.endMs,
    };
    if (overlap >= options.minOverlap) certain.push(evidence);
    else
      short.push({
        ...evidence,
        note: both(
          `overlap ${length(overlap).en} < ${length(options.minOverlap).en}`,
          `重叠 ${length(overlap).zh} < ${length(options.minOverlap).zh}`,
        ),
      });
  }
  const truth = truthOf(certain.length >= options.atLeast);
  const who = options.by ? speakerName(options.by) : both('one side', '一方');
  const count = certain.length;
  const times = both(count === 1 ? 'once' : `${count} times`, `${count} 次`);
  const message =
    count === 0
      ? both(
          `${capital(who.en)} never talked over the other side for ${length(options.minOverlap).en} or more.`,
          `${who.zh}没有达到 ${length(options.minOverlap).zh}的抢话。`,
        )
      : both(
          `${capital(who.en)} talked over the other side ${times.en} for ${length(options.minOverlap).en} or more (limit ${options.atLeast}), first at ${clock(certain[0]!.startMs).en}.`,
          `${who.zh}抢话 ${times.zh}，每次不少于 ${length(options.minOverlap).zh}（判定次数 ${options.atLeast}），首次在 ${clock(certain[0]!.startMs).zh}。`,
        );
  short.sort((a, b) => b.measured! - a.measured!);
  return outcome('interruption', truth, message, {
    evidence: truth === 'true' ? certain.slice(0, 20) : [],
    hits: truth === 'true' ? certain : [],
    nearMisses: truth === 'true' ? [] : [...certain, ...short].slice(0, 3),
    measured: { value: count, unit: 'count' },
  });
}
