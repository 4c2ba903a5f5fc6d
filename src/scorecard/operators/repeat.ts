import { z } from 'zod';
import type { Turn } from '../../session/index.ts';
import { negates, parseQuantities, similarity, splitSentences } from '../../text/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { doubtfulWords } from '../evaluate/confidence.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { between } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import type { Finder } from '../matching.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { both, capital, clock, figure, quoted, speakerName } from '../wording.ts';
import { repeatExamples } from './examples/repeat.ts';
import { countField, key, phraseList } from './fields.ts';
import { defineOperator } from './operator.ts';

interface Options {
  lookback: number;
  similarity: number;
  nth: number;
  minChars: number;
  excludes: Finder | null;
}

/** A sentence that may be said again. */
interface Said {
  turn: Turn;
  start: number;
  end: number;
  text: string;
  /** Which of its speaker's turns. */
  index: number;
  negative: boolean;
  numbers: string;
}

interface Repetition {
  earlier: Said;
  later: Said;
  similarity: number;
  /** 1: said for the second time. */
  nth: number;
}

/** What is compared at most; beyond it only the latest are looked back at. */
const maxComparedPerSentence = 400;

export const repeat = defineOperator({
  name: 'repeat',
  summary: both('somebody says the same again', '重复说同样的话'),
  details: 'True where somebody says again what the same speaker said a few turns before. Evidence shows both places.',
  example: '{ repeat: { lookback: 3, nth: 2, excludes: [one moment please] }, by: agent }',
  value: z.strictObject({
    lookback: key(
      z.number().int().min(0).max(1000),
      'How many of the same speaker’s own turns are looked back at, 0: all of them. The first time may lie outside of the scope.',
      3,
    ),
    similarity: key(
      z.number().min(0.3).max(1),
      'How alike two sentences are by their words. Other numbers, or a negation more, make another statement.',
      0.8,
    ),
    nth: key(countField, 'From which repetition on it counts; 2: what is said for the third time.', 1),
    minChars: key(countField, 'Sentences with fewer letters and digits do not count.', 5),
    excludes: key(phraseList, 'Sentences that hold one of these do not count.'),
  }),
  options: z.strictObject({}),
  scope: ['by', 'turns', 'time', 'zero', 'visibility', 'anchor'],
  hits: true,
  examples: repeatExamples,
  compile({ lookback = 3, similarity: alike = 0.8, nth = 1, minChars = 5, excludes }, _options, context) {
    const finder = excludes === undefined ? null : context.phrases(excludes, ['repeat', 'excludes']);
    const options: Options = { lookback, similarity: alike, nth, minChars, excludes: finder };
    return (scope, evaluation) => askRepeat(options, scope, evaluation);
  },
});

function askRepeat(options: Options, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view, confidence } = context;
  const scope = resolveScope(view, spec, context.window);
  if (scope.blind) return outcome('repeat', 'unknown', scope.blind);
  const doubtful = ({ turn, start, end }: Said) => doubtfulWords(view, confidence, turn, start, end);
  const certain: Repetition[] = [];
  const possible: Repetition[] = [];
  let nearest: Repetition | null = null;
  const { found, near } = repetitions(view, spec, options);
  for (const one of found) {
    const place = scope.place(one.later.turn, one.later.start, one.later.end);
    if (place.in === 'no') continue;
    if (one.nth < options.nth) nearest = !nearest || one.nth > nearest.nth ? one : nearest;
    else if (place.in === 'maybe' || doubtful(one.later) || doubtful(one.earlier)) possible.push(one);
    else certain.push(one);
  }
  nearest ??= near && scope.place(near.later.turn, near.later.start, near.later.end).in === 'yes' ? near : null;
  const truth = between(certain.length > 0, certain.length + possible.length > 0);
  const shown = truth === 'unknown' ? possible : certain;
  const later = shown.map((one) => laterEvidence(view, one, options));
  const evidence = distinct(shown.flatMap((one, i) => [earlierEvidence(view, one), later[i]!]));
  return outcome('repeat', truth, messageOf(truth, shown, scope.words), {
    empty: scope.turns.length === 0 && scope.doubtful.length === 0,
    evidence: truth === 'true' ? evidence.slice(0, 20) : [],
    hits: truth === 'true' ? later : [],
    nearMisses:
      truth === 'unknown'
        ? evidence.slice(0, 3)
        : truth === 'false' && nearest
          ? [laterEvidence(view, nearest, options)]
          : [],
    measured: { value: certain.length, unit: 'count' },
  });
}

function sentences(view: SessionView, spec: ScopeSpec, { minChars, excludes }: Options): Said[] {
  const turnsOf = new Map<string, number>();
  const said: Said[] = [];
  for (const turn of view.session.turns) {
    if (turn.auto === true || (spec.visibility !== 'any' && turn.visibility !== spec.visibility)) continue;
    const index = (turnsOf.get(turn.speaker) ?? 0) + 1;
    turnsOf.set(turn.speaker, index);
    for (const { start, end, text } of splitSentences(turn.text)) {
      if ((text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < minChars) continue;
      if (excludes && excludes.findIn(text).length > 0) continue;
      said.push({ turn, start, end, text, index, negative: negates(text), numbers: numbersOf(text) });
    }
  }
  return said;
}

function numbersOf(text: string): string {
  return parseQuantities(text)
    .map(({ low, high, unit }) => `${low}-${high}-${unit}`)
    .sort()
    .join();
}

/**
 * Every sentence that its speaker has said before, at most `lookback` of the speaker's turns ago. Sentences of one turn
 * are not held against one another: saying something twice in a breath is emphasis. Other numbers, or a negation more,
 * make another statement.
 */
function repetitions(
  view: SessionView,
  spec: ScopeSpec,
  options: Options,
): { found: Repetition[]; near: Repetition | null } {
  const all = sentences(view, spec, options);
  const counts = new Map<Said, number>();
  const found: Repetition[] = [];
  const almost: Repetition[] = [];
  for (const [at, later] of all.entries()) {
    let best: Repetition | null = null;
    let compared = 0;
    for (let before = at - 1; before >= 0 && compared < maxComparedPerSentence; before--) {
      const earlier = all[before]!;
      if (earlier.turn.speaker !== later.turn.speaker || earlier.index === later.index) continue;
      if (options.lookback > 0 && later.index - earlier.index > options.lookback) break;
      compared++;
      if (earlier.negative !== later.negative || earlier.numbers !== later.numbers) continue;
      const value = similarity(earlier.text, later.text);
      const one = { earlier, later, similarity: value, nth: (counts.get(earlier) ?? 0) + 1 };
      if (value < options.similarity) {
        if (value >= 0.6) almost.push(one);
      } else if (!best || one.nth > best.nth) best = one;
    }
    if (!best) continue;
    counts.set(later, best.nth);
    found.push(best);
  }
  return { found, near: almost.sort((a, b) => b.similarity - a.similarity)[0] ?? null };
}

function earlierEvidence(view: SessionView, { earlier }: Repetition) {
  const note = both('said before', '此前已说过');
  return wordsEvidence(view, 'repeat', earlier.turn, earlier.start, earlier.end, { note });
}

function laterEvidence(view: SessionView, one: Repetition, options: Options) {
  const { later, earlier } = one;
  const percent = Math.round(one.similarity * 100);
  const short = one.similarity < options.similarity;
  const few = !short && one.nth < options.nth;
  const what = few
    ? both(`repeated ${times(one.nth).en}, wanted ${options.nth}`, `重复 ${one.nth} 次，要求 ${options.nth} 次`)
    : both(`${percent} % like turn ${earlier.turn.n}`, `与第 ${earlier.turn.n} 轮相似度 ${percent}%`);
  const limit = short ? both(`, wanted ${percentOf(options)} %`, `，要求 ${percentOf(options)}%`) : both('', '');
  return wordsEvidence(view, 'repeat', later.turn, later.start, later.end, {
    measured: few ? one.nth : one.similarity,
    threshold: few ? options.nth : options.similarity,
    unit: few ? 'count' : 'similarity',
    note: both(what.en + limit.en, what.zh + limit.zh),
  });
}

const percentOf = (options: Options) => figure(options.similarity * 100);
const times = (n: number) => both(n === 1 ? 'once' : `${n} times`, `${n} 次`);

function distinct<T extends { turn: number | null; charStart: number | null }>(list: readonly T[]): T[] {
  return [...new Map([...list].reverse().map((one) => [`${one.turn}:${one.charStart}`, one])).values()].reverse();
}

function messageOf(truth: Outcome['truth'], shown: readonly Repetition[], where: { en: string; zh: string }) {
  const first = shown[0];
  if (!first) return both(`Nobody said the same again in ${where.en}.`, `${where.zh}没有重复的话语。`);
  const { earlier, later } = first;
  const who = speakerName(later.turn.speaker);
  const said = quoted(later.text);
  if (truth === 'unknown')
    return both(
      `It cannot be told for certain whether ${said.en} repeats turn ${earlier.turn.n}.`,
      `无法确定${said.zh}是否重复了第 ${earlier.turn.n} 轮。`,
    );
  const at = placeOf(later.turn);
  const more =
    shown.length > 1 ? both(` (${shown.length} repetitions in all)`, `（共 ${shown.length} 处重复）`) : both('', '');
  return both(
    `${capital(who.en)} said ${said.en} again ${at.en}, after turn ${earlier.turn.n}${more.en}.`,
    `${who.zh}在${at.zh}重复了第 ${earlier.turn.n} 轮的话：${said.zh}${more.zh}。`,
  );
}

function placeOf({ startMs, n }: Turn) {
  return startMs === null
    ? both(`in turn ${n}`, `第 ${n} 轮`)
    : both(`at ${clock(startMs).en}`, ` ${clock(startMs).zh} `);
}
