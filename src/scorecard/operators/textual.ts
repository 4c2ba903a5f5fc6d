import type { Evidence, Localised, NearMiss, Speaker, Truth, Turn } from '../../session/index.ts';
import type { EvalContext } from '../evaluate/condition.ts';
import { doubtfulAbsence, doubtfulWords } from '../evaluate/confidence.ts';
import { wordsEvidence } from '../evaluate/evidence.ts';
import { between, not } from '../evaluate/kleene.ts';
import { outcome, type Outcome } from '../evaluate/outcome.ts';
import type { SessionView } from '../evaluate/view.ts';
import type { Closest, Finder, Match } from '../matching.ts';
import { resolveScope } from '../scope/resolve.ts';
import type { Outside, ResolvedScope, ScopeSpec } from '../scope/types.ts';
import { both, capital, clock, figure, listed, quoted, speakerName } from '../wording.ts';

/** How many of a finder's alternatives must be there. */
export type Wanted = { kind: 'any' } | { kind: 'all' } | { kind: 'none' } | { kind: 'atLeast'; n: number };

export interface TextualQuestion {
  op: string;
  finder: Finder;
  /** A turn that holds one of these does not count. */
  except: Finder | null;
  wanted: Wanted;
  minHits: number;
  /** More hits than these in one unit do not hold. Default: any number. */
  maxHits?: number;
}

interface Found {
  alternative: number;
  note: Localised | null;
  /** One part per turn that the match lies in. */
  parts: { turn: Turn; start: number; end: number }[];
}
interface Sorted {
  certain: Found[];
  possible: { found: Found; why: Localised }[];
  outside: { found: Found; why: Outside }[];
}

const shown = { evidence: 20, nearMisses: 3 };
const mishearing = 0.75;

/** Looks for words in a scope: the common work of `phrase`, `regex`, `near` and `entity`. */
export function askText(question: TextualQuestion, spec: ScopeSpec, context: EvalContext): Outcome {
  const { view } = context;
  const scope = resolveScope(view, spec, context.window);
  if (scope.blind) return outcome(question.op, 'unknown', scope.blind);
  const sorted = sort(question, scope, context);
  const evidence = sorted.certain.flatMap((found) => show(view, question.op, found));
  const empty = scope.turns.length === 0 && scope.doubtful.length === 0;
  const held = heldBy(question, scope, sorted);
  const tooMany = sorted.certain.length > (question.maxHits ?? Infinity);
  const doubt = held === 'false' && !empty && !tooMany ? absenceDoubt(question, scope, context) : null;
  const found = doubt ? 'unknown' : held;
  const truth = question.wanted.kind === 'none' ? not(found) : found;
  const nearMisses = found === 'true' || tooMany ? [] : nearest(question, scope, sorted, context);
  return outcome(question.op, truth, message(question, scope, sorted, found, doubt, empty, evidence[0]), {
    evidence: evidence.slice(0, shown.evidence),
    hits: question.wanted.kind === 'none' ? [] : evidence,
    nearMisses,
    empty,
    measured: { value: sorted.certain.length, unit: 'count' },
  });
}

function sort(question: TextualQuestion, scope: ResolvedScope, context: EvalContext): Sorted {
  const { view, confidence } = context;
  const sorted: Sorted = { certain: [], possible: [], outside: [] };
  for (const { turn, matches } of question.finder.found(view)) {
    for (const match of counted(question, view, turn, matches)) {
      const found: Found = { ...match, parts: [{ turn, start: match.start, end: match.end }] };
      const place = scope.place(turn, match.start, match.end);
      if (place.in === 'no') sorted.outside.push({ found, why: place });
      else if (place.in === 'maybe') sorted.possible.push({ found, why: place.why });
      else if (doubtfulWords(view, confidence, turn, match.start, match.end))
        sorted.possible.push({
          found,
          why: both('the words were recognised with low confidence', '语音识别置信度过低'),
        });
      else sorted.certain.push(found);
    }
  }
  if (scope.spec.unit === 'joined') sorted.certain.push(...acrossTurns(question, scope));
  return sorted;
}

/** A turn's matches without excepted ones and without those inside a longer one of another alternative. */
function counted(
  question: TextualQuestion,
  view: SessionView,
  turn: Turn,
  matches: readonly Match[],
): readonly Match[] {
  if (question.except && question.except.find(view, turn).length > 0) return [];
  if (matches.length === 1 || question.wanted.kind === 'all' || question.wanted.kind === 'atLeast') return matches;
  return matches.filter(
    (match, i) =>
      !matches.some(
        (other, j) =>
          i !== j &&
          other.start <= match.start &&
          other.end >= match.end &&
          (other.end - other.start > match.end - match.start || j < i),
      ),
  );
}

/** Matches that begin in one turn and end in a later one, for scopes read as one text. */
function acrossTurns(question: TextualQuestion, scope: ResolvedScope): Found[] {
  const starts: number[] = [];
  let text = '';
  for (const turn of scope.turns) {
    if (text) text += ' ';
    starts.push(text.length);
    text += turn.text;
  }
  const found: Found[] = [];
  for (const match of question.finder.findIn(text)) {
    const parts = scope.turns.flatMap((turn, i) => {
      const start = Math.max(0, match.start - starts[i]!);
      const end = Math.min(turn.text.length, match.end - starts[i]!);
      return start < end ? [{ turn, start, end }] : [];
    });
    const first = parts[0];
    if (parts.length > 1 && first && scope.place(first.turn, first.start, first.end).in === 'yes')
      found.push({ ...match, parts });
  }
  return found;
}

/** Held with what is certain and with what is possible as well; a greatest number can also be passed on the way. */
function heldBy(question: TextualQuestion, scope: ResolvedScope, { certain, possible }: Sorted): Truth {
  const all = [...certain, ...possible.map((one) => one.found)];
  const held = between(holds(question, scope, certain), holds(question, scope, all));
  const passed = question.maxHits !== undefined && held === 'false' && certain.length < question.minHits;
  return passed && all.length > question.maxHits! ? 'unknown' : held;
}

function holds(question: TextualQuestion, scope: ResolvedScope, found: readonly Found[]): boolean {
  const enough = (some: readonly Found[]) => {
    const alternatives = new Set(some.map((one) => one.alternative)).size;
    const { wanted } = question;
    if (some.length < question.minHits || some.length > (question.maxHits ?? Infinity)) return false;
    if (wanted.kind === 'all') return alternatives >= question.finder.wanted.length;
    return wanted.kind === 'atLeast' ? alternatives >= wanted.n : true;
  };
  if (scope.spec.unit === 'joined') return enough(found);
  const byTurn = new Map<number, Found[]>();
  for (const one of found) {
    const n = one.parts[0]!.turn.n;
    byTurn.set(n, [...(byTurn.get(n) ?? []), one]);
  }
  const holding = [...byTurn.values()].filter(enough).length;
  const { quantifier } = scope.spec;
  if (quantifier.kind === 'any') return holding > 0;
  if (quantifier.kind === 'atLeast') return holding >= quantifier.n;
  return scope.turns.length > 0 && scope.turns.every((turn) => enough(byTurn.get(turn.n) ?? []));
}

/** Why “not found” proves nothing here, or null where it does. */
function absenceDoubt(
  question: TextualQuestion,
  scope: ResolvedScope,
  { view, confidence }: EvalContext,
): Localised | null {
  const mean = doubtfulAbsence(view, confidence, scope.turns);
  if (mean !== null)
    return both(
      `Recognition confidence in ${scope.words.en} is ${figure(mean)}, below ${figure(confidence.scope)}: that the words were not found proves nothing.`,
      `${scope.words.zh}的识别置信度为 ${figure(mean)}，低于 ${figure(confidence.scope)}，未检出不能说明未说。`,
    );
  if (view.session.transcript.origin !== 'recognised') return null;
  const best = closestWords(question, scope, view);
  if (!best || best.near.similarity < mishearing) return null;
  const { turn, near } = best;
  if (!doubtfulWords(view, confidence, turn, near.start, near.end)) return null;
  const heard = quoted(turn.text.slice(near.start, near.end));
  const wanted = quoted(near.wanted);
  return both(
    `${heard.en} was recognised with low confidence and may have been ${wanted.en}.`,
    `${heard.zh}识别置信度低，可能是${wanted.zh}。`,
  );
}

function show(view: SessionView, op: string, found: Found, why: Outside | null = null): Evidence[] {
  return found.parts.map(({ turn, start, end }) =>
    wordsEvidence(view, op, turn, start, end, why ?? { note: found.note }),
  );
}

function nearest(
  question: TextualQuestion,
  scope: ResolvedScope,
  sorted: Sorted,
  { view, resemblances }: EvalContext,
): NearMiss[] {
  const uncertain = sorted.possible.map(
    ({ found, why }) => show(view, question.op, found, { measured: null, threshold: null, unit: null, note: why })[0]!,
  );
  const missed = [...sorted.outside]
    .sort((a, b) => excess(a.why) - excess(b.why))
    .map(
      ({ found, why }) =>
        show(view, question.op, found, {
          measured: why.measured,
          threshold: why.threshold,
          unit: why.unit,
          note: why.note,
        })[0]!,
    );
  const near = [...uncertain, ...missed];
  if (near.length > 0) return near.slice(0, shown.nearMisses);
  // What was found, but not often enough, is evidence already, and resembles itself most of all.
  if (sorted.certain.length > 0) return [];
  const best = resemblances ? closestWords(question, scope, view) : null;
  if (!best) return [];
  const { turn, near: like } = best;
  if (like.miss) return [wordsEvidence(view, question.op, turn, like.start, like.end, like.miss)];
  const percent = Math.round(like.similarity * 100);
  const note = both(
    `closest to ${quoted(like.wanted).en} (${percent} % alike)`,
    `最接近${quoted(like.wanted).zh}（相似度 ${percent}%）`,
  );
  return [
    wordsEvidence(view, question.op, turn, like.start, like.end, {
      measured: like.similarity,
      threshold: 1,
      unit: 'similarity',
      note,
    }),
  ];
}

/** The most similar words of all turns in scope; of equals the earliest. */
function closestWords(
  { finder }: TextualQuestion,
  scope: ResolvedScope,
  view: SessionView,
): { turn: Turn; near: Closest } | null {
  let best: { turn: Turn; near: Closest } | null = null;
  for (const turn of scope.turns) {
    const near = finder.closest(view, turn);
    if (near && (!best || near.similarity > best.near.similarity)) best = { turn, near };
  }
  return best;
}

/** How far outside something lies, as a share of the limit; without a measure it comes last. */
function excess({ measured, threshold }: Outside): number {
  if (measured === null || threshold === null) return Infinity;
  return Math.abs(measured - threshold) / Math.max(1, Math.abs(threshold));
}

function foundMessage(first: Evidence, speaker: Speaker, count: number): Localised {
  const said = quoted(first.quote);
  const who = speakerName(speaker);
  const at =
    first.startMs === null
      ? both(`in turn ${first.turn}`, `第 ${first.turn} 轮`)
      : both(`at ${clock(first.startMs).en}`, ` ${clock(first.startMs).zh} `);
  const more = count > 1 ? both(` (${count} places in all)`, `（共 ${count} 处）`) : both('', '');
  return both(
    `${capital(who.en)} said ${said.en} ${at.en}${more.en}.`,
    `${who.zh}在${at.zh}说：${said.zh}${more.zh}。`,
  );
}

function message(
  question: TextualQuestion,
  scope: ResolvedScope,
  sorted: Sorted,
  found: Truth,
  doubt: Localised | null,
  empty: boolean,
  first: Evidence | undefined,
): Localised {
  if (found === 'true' && first)
    return foundMessage(first, sorted.certain[0]!.parts[0]!.turn.speaker, sorted.certain.length);
  const what = question.finder.names ?? listed(question.finder.wanted);
  if (empty)
    return both(
      `There was nothing to search: no words in scope (${scope.words.en}); looked for ${what.en}.`,
      `检查范围内没有任何话语（${scope.words.zh}），无从查找${what.zh}。`,
    );
  if (doubt) return doubt;
  if (found === 'unknown') {
    const why = sorted.possible[0]?.why ?? both('not enough is known', '信息不足');
    return both(`It cannot be told whether ${what.en} counts: ${why.en}.`, `无法判断${what.zh}是否计入：${why.zh}。`);
  }
  const count = scope.turns.length;
  const { maxHits } = question;
  if (maxHits !== undefined && found === 'true')
    return both(`Nothing found in ${scope.words.en}: ${what.en}.`, `在${scope.words.zh}未检出：${what.zh}。`);
  if (maxHits !== undefined && sorted.certain.length > maxHits)
    return both(
      `Found ${sorted.certain.length} in ${scope.words.en}, at most ${maxHits} wanted: ${what.en}.`,
      `在${scope.words.zh}检出 ${sorted.certain.length} 处，最多 ${maxHits} 处：${what.zh}。`,
    );
  if (sorted.certain.length > 0)
    return both(
      `Found ${sorted.certain.length} of what was asked in ${scope.words.en}, not enough: ${wantedWords(question).en} of ${what.en}.`,
      `在${scope.words.zh}仅检出 ${sorted.certain.length} 处，未达到要求：${wantedWords(question).zh}，检索词${what.zh}。`,
    );
  return both(
    `Not found in ${scope.words.en} (${count} searched): ${what.en}.`,
    `在${scope.words.zh}（共 ${count} 轮）未检出：${what.zh}。`,
  );
}

function wantedWords({ wanted, minHits }: TextualQuestion): Localised {
  if (wanted.kind === 'all') return both('all wanted', '需全部出现');
  if (wanted.kind === 'atLeast') return both(`at least ${wanted.n} wanted`, `至少出现 ${wanted.n} 种`);
  return both(`at least ${minHits} wanted`, `至少出现 ${minHits} 次`);
}
