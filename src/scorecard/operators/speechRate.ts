import { z } from 'zod';
import { type Evidence, primaryLanguage, type Turn } from '../../session/index.ts';
import { countedInCharacters, speechUnits } from '../../text/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { between } from '../evaluate/kleene.ts';
import { notApplicable, outcome, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, capital, length, quoted, speakerNames } from '../wording.ts';
import { compared } from './compared.ts';
import { limitShape, limitWords, requireLimit, tellingLimit, withinLimits, type Limits } from './comparison.ts';
import { speechRateExamples } from './examples/speechRate.ts';
import { durationField, key } from './fields.ts';
import { defineOperator } from './operator.ts';
import { spokenIn, unspoken } from './speech.ts';

const kinds = ['average', 'turn'] as const;
interface Options {
  of: (typeof kinds)[number];
  minLength: number;
  limits: Limits<number>;
}
const example = '{ speechRate: { atMost: 180 }, by: agent }';

export const speechRate = defineOperator({
  name: 'speechRate',
  summary: both('how fast someone speaks', '语速'),
  details:
    'Words a minute; characters a minute in Chinese and Japanese. Pauses of a second or more are left out. Only single turns (`of: turn`) can be an anchor.',
  example,
  value: z.strictObject({
    ...limitShape(z.number().min(0)),
    of: key(z.enum(kinds), '`average` over all turns in scope, or some single `turn`.', 'average'),
    minLength: key(
      durationField,
      'Speech needed for a judgement: of a turn, or (average) of all turns in scope together. A short “yes” has no speed.',
      '3s',
    ),
  }),
  options: z.strictObject({}),
  scope: ['by', 'turns', 'time', 'zero', 'anchor'],
  hits: true,
  examples: speechRateExamples,
  compile({ of = 'average', minLength = 3000, ...limits }, _options, context) {
    requireLimit(context, 'speechRate', limits, example);
    const options: Options = { of, minLength, limits };
    return (scope, evaluation) => {
      const missing = unspoken('speechRate', evaluation);
      if (missing) return missing;
      return of === 'turn' ? askTurns(options, scope, evaluation) : askAverage(options, scope, evaluation);
    };
  },
});

interface Pace {
  turn: Turn;
  units: number;
  /** Speech of the turn without its pauses of a second or more. */
  ms: number;
}

function paceOf(view: SessionView, turn: Turn): Pace {
  const ms = spokenIn(view)
    .filter((one) => one.turn === turn.n)
    .reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return { turn, units: speechUnits(turn.text, view.session.language), ms };
}

const perMinute = ({ units, ms }: { units: number; ms: number }) => (units * 60_000) / ms;

function unitWords(view: SessionView) {
  return countedInCharacters(primaryLanguage(view.session.language))
    ? both('characters a minute', '字/分钟')
    : both('words a minute', '词/分钟');
}

function askTurns({ minLength, limits }: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const scope = resolveScope(view, spec, context.window);
  if (scope.blind) return outcome('speechRate', 'unknown', scope.blind);
  const unit = unitWords(view);
  const show = (value: number) => both(`${Math.round(value)} ${unit.en}`, `${Math.round(value)} ${unit.zh}`);
  const paces = (turns: readonly Turn[]) => turns.map((turn) => paceOf(view, turn)).filter(({ ms }) => ms >= minLength);
  const held = (pace: Pace) => withinLimits(perMinute(pace), limits);
  const evidence = (pace: Pace): Evidence =>
    wordsEvidence(view, 'speechRate', pace.turn, 0, pace.turn.text.length, {
      measured: Math.round(perMinute(pace)),
      threshold: tellingLimit(perMinute(pace), limits),
      unit: unit.en,
      note: show(perMinute(pace)),
    });
  const known = paces(scope.turns);
  const possible = paces(scope.doubtful);
  const wanted = limitWords(limits, (value) => both(String(value), String(value)));
  if (known.length + possible.length === 0) return tooShort(minLength, spec);
  const fitting = known.filter(held);
  const truth = between(fitting.length > 0, fitting.length > 0 || possible.some(held));
  const first = fitting[0];
  const message = first
    ? both(
        `${capital(speakerNames(spec.by).en)} spoke ${show(perMinute(first)).en} (condition ${wanted.en}) in ${quoted(first.turn.text).en}${fitting.length > 1 ? ` and in ${fitting.length - 1} more` : ''}.`,
        `${speakerNames(spec.by).zh}语速 ${show(perMinute(first)).zh}（条件 ${wanted.zh}）：${quoted(first.turn.text).zh}${fitting.length > 1 ? `，另有 ${fitting.length - 1} 轮` : ''}。`,
      )
    : truth === 'unknown'
      ? both('A turn of this speed is there, but it is not known who spoke it.', '存在这样语速的轮次，但说话人不明。')
      : both(
          `No turn of ${speakerNames(spec.by).en} has a speed ${wanted.en} ${unit.en}.`,
          `${speakerNames(spec.by).zh}没有语速 ${wanted.zh} ${unit.zh}的轮次。`,
        );
  const distance = (pace: Pace) => Math.abs(perMinute(pace) - tellingLimit(perMinute(pace), limits));
  const nearest = [...known].sort((a, b) => distance(a) - distance(b)).slice(0, 2);
  return outcome('speechRate', truth, message, {
    evidence: fitting.slice(0, 20).map(evidence),
    hits: fitting.map(evidence),
    nearMisses: truth === 'true' ? [] : nearest.map(evidence),
    measured: { value: fitting.length, unit: 'count' },
  });
}

function askAverage({ minLength, limits }: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const scope = resolveScope(view, spec, context.window);
  if (scope.blind) return outcome('speechRate', 'unknown', scope.blind);
  if (scope.doubtful.length > 0)
    return outcome(
      'speechRate',
      'unknown',
      both('It is not known of every turn who speaks, so no speed can be told.', '部分轮次说话人不明，无法计算语速。'),
    );
  const paces = scope.turns.map((turn) => paceOf(view, turn)).filter(({ ms }) => ms > 0);
  const total = paces.reduce((sum, { units, ms }) => ({ units: sum.units + units, ms: sum.ms + ms }), {
    units: 0,
    ms: 0,
  });
  if (total.ms < minLength || total.ms === 0) return tooShort(minLength, spec);
  const value = perMinute(total);
  const unit = unitWords(view);
  const who = speakerNames(spec.by);
  const rate = Math.round(value);
  return compared({
    operator: 'speechRate',
    measured: { value, unit: 'rate' },
    limits,
    show: (one) => both(String(Number(one.toFixed(1))), String(Number(one.toFixed(1)))),
    scale: { factor: 1, unit: unit.en },
    startMs: paces[0]!.turn.startMs,
    endMs: paces.at(-1)!.turn.endMs,
    sentence: both(
      `${capital(who.en)} spoke ${rate} ${unit.en} over ${length(total.ms).en} of speech`,
      `${who.zh}平均语速 ${rate} ${unit.zh}（共说话 ${length(total.ms).zh}）`,
    ),
  });
}

function tooShort(minLength: number, spec: ScopeSpec): Outcome {
  return notApplicable(
    'speechRate',
    both(
      `Too little speech of ${speakerNames(spec.by).en} to judge its speed: less than ${length(minLength).en}.`,
      `${speakerNames(spec.by).zh}说话不足 ${length(minLength).zh}，不判断语速。`,
    ),
  );
}
