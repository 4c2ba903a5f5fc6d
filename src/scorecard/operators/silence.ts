import { z } from 'zod';
import type { Evidence, Measures, Speaker, Turn } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { spanEvidence } from '../evaluate/evidence.ts';
import { between, truthOf } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import type { Finder } from '../matching.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, clock, length } from '../wording.ts';
import { countField, durationField, phraseList } from './fields.ts';
import { defineOperator } from './operator.ts';

type Gap = Measures['silences'][number];
interface Options {
  min: number;
  atLeast: number;
  speakers: 'any' | 'same' | 'different';
  after: Speaker | null;
  next: Speaker | null;
  holds: 'include' | 'exclude' | 'only';
  announced: Finder | null;
  lookback: number;
}

export const silence = defineOperator({
  name: 'silence',
  summary: both('a gap in which nobody speaks', '双方均未说话的静音'),
  example: '{ silence: { min: 10s, unlessAfter: [one moment please, $hold] } }',
  value: z.strictObject({
    min: durationField.optional(),
    atLeast: countField.optional(),
    speakers: z.enum(['any', 'same', 'different']).optional(),
    afterTurnOf: z.enum(['agent', 'customer']).optional(),
    beforeTurnOf: z.enum(['agent', 'customer']).optional(),
    holds: z.enum(['include', 'exclude', 'only']).optional(),
    unlessAfter: phraseList.optional(),
    lookback: countField.optional(),
  }),
  options: z.strictObject({}),
  scope: ['time', 'zero', 'anchor'],
  hits: true,
  compile(value, _options, context) {
    const options: Options = {
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

function askSilence(options: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const { measures } = view.annotations;
  if (!measures.timesTrusted)
    return outcome(
      'silence',
      'unknown',
      measures.timesNote ?? both('The times of this session are not known well enough.', '该会话的时间信息不够可靠。'),
    );
  const scope = resolveScope(view, spec, context.window);
  const certain: Evidence[] = [];
  let doubtful = 0;
  const misses: { excess: number; evidence: Evidence }[] = [];
  for (const gap of measures.silences) {
    const previous = gap.previousTurn === null ? undefined : view.turn(gap.previousTurn);
    const kind = matches(options, view, gap, previous);
    if (kind === 'no' || scope.placeTime(gap.startMs, gap.endMs).in === 'no') continue;
    const duration = gap.endMs - gap.startMs;
    const note = both(
      `${length(duration).en} of silence from ${clock(gap.startMs).en}`,
      `自 ${clock(gap.startMs).zh} 起静音 ${length(duration).zh}`,
    );
    const evidence = spanEvidence('silence', 'gap', previous, gap.startMs, gap.endMs, {
      measured: duration,
      threshold: options.min,
      unit: 'ms',
      note,
    });
    if (duration < options.min)
      misses.push({
        excess: options.min - duration,
        evidence: {
          ...evidence,
          note: both(
            `${length(duration).en} < ${length(options.min).en}`,
            `${length(duration).zh} < ${length(options.min).zh}`,
          ),
        },
      });
    else if (announcement(options, view, gap))
      misses.push({ excess: -1, evidence: { ...evidence, note: both('announced before', '事先已告知客户') } });
    else if (kind === 'maybe') doubtful++;
    else certain.push(evidence);
  }
  const truth = between(certain.length >= options.atLeast, certain.length + doubtful >= options.atLeast);
  const found = certain.length;
  const longest = certain.reduce<Evidence | null>((a, b) => ((a?.measured ?? -1) >= b.measured! ? a : b), null);
  const wanted = both(
    `${options.atLeast > 1 ? `${options.atLeast} gaps` : 'gap'} of at least ${length(options.min).en}`,
    `${options.atLeast > 1 ? `${options.atLeast} 次` : ''}不少于 ${length(options.min).zh}的静音`,
  );
  const message =
    truth === 'true'
      ? both(
          `${found} ${found === 1 ? 'gap' : 'gaps'} of at least ${length(options.min).en}; the longest lasts ${length(longest!.measured!).en} from ${clock(longest!.startMs).en}.`,
          `出现 ${found} 次不少于 ${length(options.min).zh}的静音，最长 ${length(longest!.measured!).zh}，始于 ${clock(longest!.startMs).zh}。`,
        )
      : truth === 'unknown'
        ? both(
            `It cannot be told who spoke around the gaps, so no ${wanted.en} can be ruled out.`,
            `静音前后的说话人不明，无法判断是否存在${wanted.zh}。`,
          )
        : both(
            `No ${wanted.en}${found > 0 ? ` (${found} found)` : ''}.`,
            `没有${wanted.zh}${found > 0 ? `（仅 ${found} 次）` : ''}。`,
          );
  const nearMisses = misses
    .sort((a, b) => a.excess - b.excess)
    .slice(0, 2)
    .map((one) => one.evidence);
  return outcome('silence', truth, message, {
    evidence: certain.slice(0, 20),
    hits: certain,
    nearMisses: truth === 'true' ? [] : nearMisses,
    measured: { value: longest?.measured ?? misses[0]?.evidence.measured ?? 0, unit: 'ms' },
  });
}

function matches(options: Options, view: SessionView, gap: Gap, previous: Turn | undefined): 'yes' | 'no' | 'maybe' {
  if ((options.holds === 'exclude' && gap.hold) || (options.holds === 'only' && !gap.hold)) return 'no';
  const following = gap.nextTurn === null ? undefined : view.turn(gap.nextTurn);
  const checks = [fits(previous, options.after), fits(following, options.next)];
  if (options.speakers !== 'any') {
    if (!previous || !following) return 'no';
    if (previous.speaker === 'unknown' || following.speaker === 'unknown') checks.push('maybe');
    else checks.push((previous.speaker === following.speaker) === (options.speakers === 'same') ? 'yes' : 'no');
  }
  return checks.includes('no') ? 'no' : checks.includes('maybe') ? 'maybe' : 'yes';
}

function fits(turn: Turn | undefined, wanted: Speaker | null): 'yes' | 'no' | 'maybe' {
  if (wanted === null) return 'yes';
  if (turn?.speaker === 'unknown') return 'maybe';
  return truthOf(turn?.speaker === wanted) === 'true' ? 'yes' : 'no';
}

/** Whether one of the last turns before the gap announced it. */
function announcement({ announced, lookback }: Options, view: SessionView, gap: Gap): boolean {
  if (!announced || gap.previousTurn === null) return false;
  for (let n = gap.previousTurn; n > 0 && n > gap.previousTurn - lookback; n--) {
    const turn = view.turn(n);
    if (turn && turn.speaker !== 'customer' && announced.find(view, turn).length > 0) return true;
  }
  return false;
}
