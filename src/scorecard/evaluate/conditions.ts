import type { Evidence, Localised, Truth } from '../../session/index.ts';
import type { HitMode } from '../load/units.ts';
import { both, placeWords } from '../wording.ts';
import type { Anchor, Condition, EvalContext, Evaluator } from './condition.ts';
import { and, atLeast, not, or } from './kleene.ts';
import { type Growth, notApplicable, outcome, type Outcome } from './outcome.ts';
import { open, settle, settledAtHits } from './settle.ts';

const shownNearMisses = 3;

/** Asks a condition about a session. */
export function evaluateCondition(condition: Condition, context: EvalContext): Outcome {
  if (!condition.anchor) return evaluateHere(condition, context);
  return evaluateAtAnchor(condition, condition.anchor, context);
}

function evaluateHere(condition: Condition, context: EvalContext): Outcome {
  switch (condition.kind) {
    case 'operator':
      return askOnce(condition, context);
    case 'not':
      return negate(evaluateCondition(condition.child, context));
    case 'all':
      return combine(
        'all',
        condition.children.map((child) => evaluateCondition(child, context)),
        and,
      );
    case 'any':
      return combine(
        'any',
        condition.children.map((child) => evaluateCondition(child, context)),
        or,
      );
    case 'atLeast':
      return combine(
        'atLeast',
        condition.children.map((child) => evaluateCondition(child, context)),
        // Of what does not apply none can be asked for: all of the rest is the most.
        (values) => atLeast(Math.min(condition.n, values.length), values),
      );
  }
}

/** Rules that share a question share its answer, unless a window narrows it. */
function askOnce(condition: Condition & { kind: 'operator' }, context: EvalContext): Outcome {
  const found = askHere(condition, context);
  return context.unfinished ? settle(condition, found, context) : found;
}

function askHere({ evaluate, scope }: Condition & { kind: 'operator' }, context: EvalContext): Outcome {
  const { view, confidence, window, resemblances } = context;
  if (window) return evaluate(scope, context);
  const answers = view.memo(
    `outcomes:${confidence.words}:${confidence.scope}:${resemblances}`,
    () => new Map<Evaluator, Outcome>(),
  );
  let answer = answers.get(evaluate);
  if (!answer) answers.set(evaluate, (answer = evaluate(scope, context)));
  return answer;
}

function negate(child: Outcome): Outcome {
  if (child.na) return notApplicable('not', child.message, [child]);
  return outcome('not', not(child.truth), both(`Not: ${child.message.en}`, `取反：${child.message.zh}`), {
    hard: not(child.hard),
    empty: child.empty,
    // What a negation proves is the absence; the words found by its child are the evidence when it does not hold.
    evidence: child.truth === 'true' ? child.evidence : [],
    nearMisses: child.nearMisses,
    hits: [],
    measured: child.measured,
    children: [child],
  });
}

/** Joins outcomes by a Kleene connective. Those that do not apply take no part; where none applies, nothing does. */
export function combine(
  op: string,
  children: readonly Outcome[],
  connective: (values: readonly Truth[]) => Truth,
): Outcome {
  const taking = children.filter((child) => !child.na);
  if (taking.length === 0)
    return notApplicable(op, children[0]?.message ?? both('Nothing to judge.', '无可判断的内容。'), [...children]);
  const truth = connective(taking.map((child) => child.truth));
  const telling = taking.filter((child) => child.truth === truth);
  const decisive = telling.length > 0 ? telling : taking;
  const holding = taking.filter((child) => child.truth === 'true');
  return outcome(op, truth, join(decisive.map((child) => child.message)), {
    hard: connective(taking.map((child) => child.hard)),
    empty: taking.every((child) => child.empty),
    evidence: distinct(decisive.flatMap((child) => child.evidence)),
    nearMisses: distinct(taking.flatMap((child) => child.nearMisses)).slice(0, shownNearMisses),
    hits: distinct(holding.flatMap((child) => child.hits)),
    measured: taking.find((child) => child.measured !== null)?.measured ?? null,
    children: [...children],
    ...growthOfAll(taking),
  });
}

/** Hits that wait for others before they count come out of order: what hangs on their sequence is not settled. */
function growthOfAll(taking: readonly Outcome[]): { growth?: Growth } {
  const all = taking.map((child) => child.growth).filter((growth) => growth !== undefined);
  if (all.length === 0) return {};
  const waiting = taking.some((child) => child.truth !== 'true' && child.hits.length > 0);
  if (waiting || all.includes('shifting')) return { growth: 'shifting' };
  return { growth: all.includes('growing') ? 'growing' : 'closed' };
}

/** Windows of several anchors overlap, and several rules may find the same words: they are shown and counted once. */
function distinct(evidence: readonly Evidence[]): Evidence[] {
  const key = (one: Evidence) =>
    `${one.operator}:${one.turn}:${one.charStart}:${one.charEnd}:${one.startMs}:${one.note?.en}`;
  return [...new Map(evidence.map((one) => [key(one), one])).values()];
}

function join(messages: readonly Localised[]): Localised {
  const seen = [...new Map(messages.map((message) => [message.en, message])).values()];
  const shown = seen.slice(0, 3);
  return both(shown.map((message) => message.en).join(' '), shown.map((message) => message.zh).join(''));
}

function evaluateAtAnchor(condition: Condition, anchor: Anchor, context: EvalContext): Outcome {
  const target =
    anchor.target === 'when' ? context.when : evaluateCondition(anchor.target, { ...context, window: null });
  const op = 'anchor';
  if (!target) throw new Error('A condition is anchored at `when`, and the item has none.');
  if (target.hits.length === 0 && target.truth === 'unknown' && !target.na)
    return outcome(
      op,
      'unknown',
      both(`The anchor is uncertain: ${target.message.en}`, `锚点无法确定：${target.message.zh}`),
      {
        children: [target],
      },
    );
  const chosen = choose(dedupe(target.hits, anchor), anchor.hit);
  if (chosen.length === 0) {
    const nothing = notApplicable(
      op,
      both(
        `Does not apply: nothing to look ${placeWords(anchor.place).en}. ${target.message.en}`,
        `不适用：没有可供定位的内容。${target.message.zh}`,
      ),
      [target],
    );
    return (target.growth ?? 'closed') === 'closed' ? nothing : open(nothing);
  }
  const outcomes = chosen.map((hit) =>
    evaluateHere(condition, { ...context, window: { place: anchor.place, within: anchor.within, anchor: hit } }),
  );
  const only =
    outcomes.length === 1
      ? outcomes[0]!
      : inShort(combine(anchor.hit === 'each' ? 'each' : 'any', outcomes, anchor.hit === 'each' ? and : or), outcomes);
  if (!settledAtHits(anchor.hit, only, target.growth ?? 'closed')) return open(only);
  // An anchor found by opinion alone makes what is judged at it an opinion.
  return target.hard === 'true' || anchor.target === 'when' ? only : { ...only, hard: only.na ? only.hard : 'unknown' };
}

/** Windows around several anchors tend to say the same at length: the first one speaks, the others are counted. */
function inShort(combined: Outcome, outcomes: readonly Outcome[]): Outcome {
  const decisive = outcomes.filter((one) => !one.na && one.truth === combined.truth);
  const first = decisive[0]?.message;
  if (!first || decisive.length < 2) return combined;
  const more = decisive.length - 1;
  const message = both(
    `${first.en} The same at ${more} other ${more === 1 ? 'place' : 'places'}.`,
    `${first.zh}另有 ${more} 处情况相同。`,
  );
  return { ...combined, message };
}

/** Hits that open the same window count once. */
function dedupe(hits: readonly Evidence[], anchor: Anchor): Evidence[] {
  const byTurn =
    anchor.place === 'same' || (anchor.within !== null && 'turns' in anchor.within && anchor.hit !== 'any');
  const seen = new Map<string, Evidence>();
  for (const hit of [...hits].sort(inOrder)) {
    const key =
      byTurn && hit.turn !== null ? `${hit.turn}` : `${hit.turn}:${hit.charStart}:${hit.charEnd}:${hit.startMs}`;
    // Of several hits in one turn the last one opens the window after it, the first one the window before it.
    if (!seen.has(key) || anchor.place === 'after') seen.set(key, hit);
  }
  return [...seen.values()];
}

function inOrder(a: Evidence, b: Evidence): number {
  return (
    (a.turn ?? 0) - (b.turn ?? 0) || (a.startMs ?? 0) - (b.startMs ?? 0) || (a.charStart ?? 0) - (b.charStart ?? 0)
  );
}

function choose(hits: readonly Evidence[], mode: HitMode): Evidence[] {
  if (mode === 'any' || mode === 'each') return [...hits];
  const one = mode === 'last' ? hits.at(-1) : hits[mode - 1];
  return one ? [one] : [];
}
