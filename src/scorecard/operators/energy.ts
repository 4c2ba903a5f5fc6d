import { z } from 'zod';
import { type AudioFacts, type Evidence, type Localised, overlapMs, type Turn } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { truthOf } from '../evaluate/kleene.ts';
import { notApplicable, outcome, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, capital, quoted, speakerName, speakerNames } from '../wording.ts';
import { compared } from './compared.ts';
import { limitShape, limitWords, requireLimit, tellingLimit, withinLimits, type Limits } from './comparison.ts';
import { energyExamples } from './examples/energy.ts';
import { countField, durationField, key } from './fields.ts';
import { defineOperator } from './operator.ts';
import { unspoken } from './speech.ts';

const kinds = ['range', 'rise', 'span'] as const;
type Kind = (typeof kinds)[number];
type Side = 'agent' | 'customer';
interface Options {
  of: Kind;
  minLength: number;
  minTurns: number;
  limits: Limits<number>;
}
const example = '{ energy: { of: range, above: 8 }, by: customer }';

/**
 * Loudness of speech in dB. Absolute levels depend on the telephone, so everything is relative to the speaker's own
 * median over the turns of this call.
 */
export const energy = defineOperator({
  name: 'energy',
  summary: both('how loud someone speaks, against the own median', '音量（能量）变化'),
  details:
    'Speakers with too few turns are n/a. Unknown on mono recordings, with unknown speakers, or without sound. Only single turns can be an anchor.',
  example,
  value: z.strictObject({
    ...limitShape(z.number().min(-100).max(100)),
    of: key(
      z.enum(kinds),
      '`range`: a turn’s distance from the speaker’s median (louder is positive); `rise`: a turn against the same speaker’s turn before; `span`: the loudest turn against the quietest. In dB.',
      'range',
    ),
    minLength: key(durationField, 'Turns with less speech than this are left out.', '500ms'),
    minTurns: key(countField, 'Turns that a speaker needs for a median; fewer are not judged.', 3),
  }),
  options: z.strictObject({}),
  scope: ['by', 'turns', 'time', 'zero', 'anchor'],
  hits: true,
  examples: energyExamples,
  compile({ of = 'range', minLength = 500, minTurns = 3, ...limits }, _options, context) {
    requireLimit(context, 'energy', limits, example);
    const options: Options = { of, minLength, minTurns, limits };
    return (scope, evaluation) => askEnergy(options, scope, evaluation);
  },
});

/** One turn's loudness. */
interface Level {
  turn: Turn;
  /** Relative to the speaker's median, dB. */
  relative: number;
  /** Against the same speaker's turn before, dB; null for the first. */
  rise: number | null;
}

function askEnergy(options: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const why = unspoken('energy', context);
  if (why) return why;
  const deaf = unheard(view);
  if (deaf) return outcome('energy', 'unknown', deaf);
  const scope = resolveScope(view, spec, context.window);
  const inScope = new Set(scope.turns.map(({ n }) => n));
  const sides = (['agent', 'customer'] as const).filter((side) => spec.by === null || spec.by.includes(side));
  const all = sides
    .map((side) => levelsOf(view, side, options.minLength))
    .filter((one) => one.length >= options.minTurns);
  if (all.length === 0)
    return notApplicable(
      'energy',
      both(
        `Too little speech of ${speakerNames(spec.by).en} for a median: fewer than ${options.minTurns} turns.`,
        `${speakerNames(spec.by).zh}说话不足 ${options.minTurns} 轮，无法得出音量中位数。`,
      ),
    );
  const levels = all.map((one) => one.filter(({ turn }) => inScope.has(turn.n)));
  return options.of === 'span' ? askSpan(options, levels, spec, view) : askTurns(options, levels.flat(), spec, view);
}

/** Why loudness cannot be told by speaker; null where it can. */
function unheard(view: SessionView): Localised | null {
  const { audio } = view.annotations;
  if (!audio) return both('There is no recording to hear how loud anybody speaks.', '没有录音，无法判断音量。');
  const roles = audio.channels.map(({ role }) => role);
  if (audio.identicalChannels || !roles.includes('agent') || !roles.includes('customer'))
    return both(
      'Who speaks how loud cannot be heard: the two sides have no channels of their own.',
      '录音没有分别记录双方的声道，无法判断各自音量。',
    );
  if (view.session.turns.some(({ speaker }) => speaker === 'unknown'))
    return both('It is not known of every turn who speaks.', '部分轮次说话人不明。');
  if (!audio.channels.some(({ speech }) => speech.some(({ db }) => db !== undefined)))
    return both('The loudness of single turns was not kept for this recording.', '该录音没有保存各轮音量。');
  return null;
}

function levelsOf(view: SessionView, side: Side, minLength: number): Level[] {
  return view.memo(`energy:${side}:${minLength}`, () => {
    const { audio, session } = { audio: view.annotations.audio!, session: view.session };
    const heard = session.turns
      .filter(({ speaker, visibility, auto }) => speaker === side && visibility === 'public' && auto !== true)
      .flatMap((turn) => {
        const db = loudness(audio, side, turn, minLength);
        return db === null ? [] : [{ turn, db }];
      });
    const middle = median(heard.map(({ db }) => db));
    return heard.map(({ turn, db }, index) => ({
      turn,
      relative: db - middle,
      rise: index === 0 ? null : db - heard[index - 1]!.db,
    }));
  });
}

/** Mean power of the side's speech inside a turn, each stretch by how much of it lies there; dBFS. */
function loudness(audio: AudioFacts, side: Side, turn: Turn, minLength: number): number | null {
  if (turn.startMs === null || turn.endMs === null) return null;
  const within = { startMs: turn.startMs, endMs: turn.endMs };
  let power = 0;
  let ms = 0;
  for (const { role, speech } of audio.channels) {
    if (role !== side) continue;
    for (const stretch of speech) {
      const common = overlapMs(stretch, within);
      if (common === 0 || stretch.db === undefined) continue;
      power += 10 ** (stretch.db / 10) * common;
      ms += common;
    }
  }
  return ms >= minLength && ms > 0 ? 10 * Math.log10(power / ms) : null;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

const decibels = (value: number): Localised => {
  const text = String(Number(value.toFixed(1)));
  return both(`${text} dB`, `${text} dB`);
};

function describe(of: Kind, value: number): Localised {
  const size = decibels(Math.abs(value));
  const louder = value >= 0;
  const than = of === 'rise' ? both('than in the turn before', '比前一轮') : both('than usual', '比平时');
  return both(`${size.en} ${louder ? 'louder' : 'quieter'} ${than.en}`, `${than.zh}${louder ? '高' : '低'} ${size.zh}`);
}

function askTurns({ of, limits }: Options, levels: readonly Level[], spec: ScopeSpec, view: SessionView): Outcome {
  const judged = levels
    .map((level) => ({ turn: level.turn, value: of === 'rise' ? level.rise : level.relative }))
    .filter((one): one is { turn: Turn; value: number } => one.value !== null && one.turn.text !== '')
    .sort((a, b) => a.turn.n - b.turn.n);
  const show = ({ turn, value }: { turn: Turn; value: number }): Evidence =>
    wordsEvidence(view, 'energy', turn, 0, turn.text.length, {
      measured: Number(value.toFixed(1)),
      threshold: tellingLimit(value, limits),
      unit: 'dB',
      note: describe(of, value),
    });
  const held = judged.filter(({ value }) => withinLimits(value, limits));
  const wanted = limitWords(limits, decibels);
  const first = held[0];
  const message = first
    ? both(
        `${capital(speakerName(first.turn.speaker).en)} spoke ${describe(of, first.value).en} (condition ${wanted.en}) in ${quoted(first.turn.text).en}.`,
        `${speakerName(first.turn.speaker).zh}的音量${describe(of, first.value).zh}（条件 ${wanted.zh}）：${quoted(first.turn.text).zh}。`,
      )
    : both(
        `No turn of ${speakerNames(spec.by).en} is ${wanted.en} against ${of === 'rise' ? 'the turn before' : 'the usual loudness'}.`,
        `${speakerNames(spec.by).zh}没有相对${of === 'rise' ? '前一轮' : '平时音量'} ${wanted.zh} 的轮次。`,
      );
  const distance = ({ value }: { value: number }) => Math.abs(value - tellingLimit(value, limits));
  const nearest = [...judged].sort((a, b) => distance(a) - distance(b)).slice(0, 2);
  return outcome('energy', truthOf(held.length > 0), message, {
    evidence: held.slice(0, 20).map(show),
    hits: held.map(show),
    nearMisses: held.length > 0 ? [] : nearest.map(show),
    measured: { value: held.length, unit: 'count' },
  });
}

function askSpan(
  { limits }: Options,
  sides: readonly (readonly Level[])[],
  spec: ScopeSpec,
  view: SessionView,
): Outcome {
  const spans = sides
    .filter((levels) => levels.length >= 2)
    .map((levels) => {
      const ordered = [...levels].sort((a, b) => b.relative - a.relative);
      const [loudest, quietest] = [ordered[0]!, ordered.at(-1)!];
      return { value: loudest.relative - quietest.relative, places: [loudest, quietest] };
    })
    .sort((a, b) => b.value - a.value);
  const widest = spans[0];
  if (!widest)
    return notApplicable(
      'energy',
      both(
        `Fewer than two turns of ${speakerNames(spec.by).en} in scope.`,
        `检查范围内${speakerNames(spec.by).zh}不足两轮。`,
      ),
    );
  const who = speakerName(widest.places[0]!.turn.speaker);
  return compared({
    operator: 'energy',
    measured: { value: widest.value, unit: 'dB' },
    limits,
    show: decibels,
    places: widest.places
      .filter(({ turn }) => turn.text !== '')
      .map(({ turn, relative }) =>
        wordsEvidence(view, 'energy', turn, 0, turn.text.length, {
          measured: Number(relative.toFixed(1)),
          unit: 'dB',
          note: describe('range', relative),
        }),
      ),
    sentence: both(
      `${capital(who.en)}'s loudest and quietest turns are ${decibels(widest.value).en} apart`,
      `${who.zh}音量最大与最小的轮次相差 ${decibels(widest.value).zh}`,
    ),
  });
}
