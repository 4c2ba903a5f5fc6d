import type { HitMode } from '../load/units.ts';
import type { limitKeys } from '../operators/comparison.ts';
import { valueAt } from '../operators/meta.ts';
import type { ScopeSpec, Window } from '../scope/types.ts';
import { timeBounds } from '../scope/time.ts';
import { resolveScope } from '../scope/resolve.ts';
import { both } from '../wording.ts';
import type { Condition, EvalContext } from './condition.ts';
import { fieldText } from './evidence.ts';
import type { Growth, Outcome } from './outcome.ts';
import type { SessionView } from './view.ts';

// A contact that is still running is judged by what was said so far. What a later turn could still change is unknown,
// and Kleene's logic carries that upwards: a verdict that is left is final. Rests on turns being appended alone: none is
// changed, none starts before the one ahead of it, each names its speaker, and all or none have times.

/** What an operator found so far, or unknown where a later turn may change it. */
export function settle(condition: Leaf, found: Outcome, context: EvalContext): Outcome {
  const growth = growthOf(condition, context);
  const settled =
    !found.na && found.truth !== 'unknown' && (rules[condition.operator] ?? never)(condition, found, context, growth);
  return { ...(settled || (found.truth === 'unknown' && !found.na) ? found : open(found)), growth };
}

/** The same places as hits, so that what hangs on them can be asked; but neither true nor false. */
export function open(found: Outcome): Outcome {
  return {
    ...found,
    truth: 'unknown',
    hard: 'unknown',
    na: false,
    empty: false,
    evidence: [],
    message: both(`Not decided yet. ${found.message.en}`, `尚未定论。${found.message.zh}`),
  };
}

type Leaf = Condition & { kind: 'operator' };
type Rule = (condition: Leaf, found: Outcome, context: EvalContext, growth: Growth) => boolean;

const never: Rule = () => false;

/** Words once said stay said: true in a scope that loses nothing; either way in one that is closed. */
const words: Rule = (condition, found, _context, growth) => {
  if (growth === 'closed') return true;
  if (growth === 'shifting' || condition.scope.unit === 'joined') return false;
  const { match, max } = keysOf(condition);
  // The greatest number can still be passed; once it is, that is final.
  if (typeof max === 'number') return found.truth === 'false' && (found.measured?.value ?? 0) > max;
  if (condition.scope.quantifier.kind === 'all') return found.truth === 'false' && match !== 'none' && !found.empty;
  return found.truth === (match === 'none' ? 'false' : 'true');
};

/** Gaps, overlaps and repetitions between turns that are there. */
const places: Rule = (_condition, found, _context, growth) =>
  growth === 'closed' || (growth === 'growing' && found.truth === 'true');

/** A quantity that only grows: above its least for good, beyond its most for good. */
const growing: Rule = (condition, found, _context, growth) => {
  if (growth !== 'growing') return growth === 'closed';
  const limits = keysOf(condition) as Partial<Record<(typeof limitKeys)[number], number>>;
  const value = found.measured?.value;
  if (value === undefined) return false;
  if (found.truth === 'true') return limits.below === undefined && limits.atMost === undefined;
  return (
    (limits.below !== undefined && value >= limits.below) || (limits.atMost !== undefined && value > limits.atMost)
  );
};

/** A reply that came is past; one that did not may still come, until its time is over. */
const replies: Rule = (condition, found, { view }, growth) => {
  if (growth === 'shifting') return false;
  const { which = 'first', calendar } = keysOf(condition);
  const shown = [...found.evidence, ...found.nearMisses];
  const last = lastStart(view);
  const late = shown.some(
    ({ measured, threshold, startMs, endMs }) =>
      threshold !== null &&
      (measured !== null
        ? measured > threshold
        : calendar === undefined && last !== null && startMs !== null && last - (endMs ?? startMs) > threshold),
  );
  if (which === 'first') return late || (shown[0]?.measured ?? null) !== null;
  return which !== 'average' && found.truth === 'false' && late;
};

/** What was given when the session was opened does not change; what was missing may still come. */
const facts: Rule = (condition, found, { view }) => {
  const { path } = keysOf(condition);
  if (typeof path === 'string') return fieldText(valueAt(view.session, path)).trim() !== '';
  return [...found.evidence, ...found.nearMisses].some(({ kind }) => kind === 'field');
};

/** A chain of steps that was found stays; one that was not is final only where a step is missing for good. */
const steps: Rule = (_condition, found) =>
  found.truth === 'true' || found.children.some((child) => !child.na && child.truth === 'false');

/**
 * Operators that are not here are decided at the end alone: shares, rates and moods of the whole, what the end itself
 * says (hang-up, open questions), and a language model's opinion.
 */
const rules: Readonly<Record<string, Rule>> = {
  phrase: words,
  regex: words,
  near: words,
  similar: words,
  entity: words,
  answer: words,
  repeat: places,
  silence: places,
  interruption: places,
  duration: growing,
  turnCount: growing,
  response: replies,
  field: facts,
  meta: facts,
  sequence: steps,
};

/** What was written under the operator's name and beside it, as one. */
function keysOf({ value, options }: Leaf): Record<string, unknown> {
  const under = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return { ...options, ...under };
}

/** Operators that look at stretches of time; a window counted in turns does not narrow them. */
const bySpan = new Set(['silence', 'interruption']);
/** Operators that look at one side whatever the scope says. */
const side: Readonly<Record<string, ScopeSpec['by']>> = { answer: ['agent'], response: ['customer'] };
/** Operators that look at the session as a whole, which goes on. */
const whole = new Set(['duration', 'sequence']);

function growthOf(condition: Leaf, { view, window }: EvalContext): Growth {
  const { operator } = condition;
  if (whole.has(operator)) return 'growing';
  const spec = { ...condition.scope, by: side[operator] ?? condition.scope.by };
  const around = window ? windowGrowth(view, spec, window, bySpan.has(operator)) : 'growing';
  const timed = spec.time ? timeGrowth(view, spec) : 'growing';
  if (around === 'closed' || timed === 'closed') return 'closed';
  if (timed === 'shifting') return 'shifting';
  if (!spec.turns) return 'growing';
  const { from, to } = spec.turns;
  if (from < 0 || to < -1) return 'shifting';
  if (to === -1) return 'growing';
  return resolveScope(view, { ...spec, turns: null }, window).turns.length >= to ? 'closed' : 'growing';
}

function windowGrowth(view: SessionView, spec: ScopeSpec, { place, within, anchor }: Window, span: boolean): Growth {
  const last = lastStart(view);
  const end = anchor.endMs ?? anchor.startMs;
  if (place === 'same' || place === 'before')
    return !span || (last !== null && end !== null && last >= end) ? 'closed' : 'growing';
  if (within === null) return 'growing';
  if ('ms' in within) return last !== null && end !== null && last - end > within.ms ? 'closed' : 'growing';
  if (span) return 'growing';
  const seen = view.session.turns.filter((turn) => spec.visibility === 'any' || turn.visibility === spec.visibility);
  const at = seen.findIndex((turn) => turn.n === anchor.turn);
  return at >= 0 && seen.length - at > within.turns ? 'closed' : 'growing';
}

function timeGrowth(view: SessionView, spec: ScopeSpec): Growth {
  const { kind } = spec.time!;
  if (kind === 'last' || kind === 'percent') return 'shifting';
  const bounds = timeBounds(view, spec.time!, spec.zero);
  const last = lastStart(view);
  return bounds.known && last !== null && last >= bounds.toMs ? 'closed' : 'growing';
}

/** No later turn starts before this. */
function lastStart(view: SessionView): number | null {
  return view.timesTrusted ? (view.session.turns.at(-1)?.startMs ?? null) : null;
}

/** Whether what was found in windows around the hits so far holds whatever hits are still to come. */
export function settledAtHits(mode: HitMode, found: Outcome, growth: Growth): boolean {
  if (growth === 'closed') return true;
  if (growth === 'shifting' || mode === 'last') return false;
  if (typeof mode === 'number') return true;
  return !found.na && found.truth === (mode === 'each' ? 'false' : 'true');
}
