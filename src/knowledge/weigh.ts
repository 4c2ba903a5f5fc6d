import { dimensionOf, type Quantity } from '../text/index.ts';
import type { KnowledgeBase, Mark } from './compile.ts';
import { isElliptical, type ReadTurn, within } from './context.ts';

/**
 * A condition or a special case in the same sentence that is more than the topic itself: “if you want to return it”
 * restricts nothing, “if the box was opened” does.
 */
export function isSpecialCase(kb: KnowledgeBase, read: ReadTurn, clauseIndex: number, entry: number): boolean {
  const { sentence } = read.clauses[clauseIndex]!;
  return read.clauses.some((clause) => {
    if (clause.sentence !== sentence) return false;
    const marks = within(read.marks, clause);
    if (marks.some((mark) => mark.kind === 'exception' || (mark.kind === 'unless' && mark.entry === entry)))
      return true;
    if (!marks.some((mark) => mark.kind === 'condition')) return false;
    const named = marks.some((mark) => mark.kind === 'topic' && mark.entry === entry);
    return !named && !isElliptical(kb, read, clause, entry);
  });
}

/** The hedge that weakens a clause, in it or alone in a neighbouring one (“I think, 14 days”). */
export function hedgeOf(kb: KnowledgeBase, read: ReadTurn, clauseIndex: number, entry: number): string | null {
  const { sentence } = read.clauses[clauseIndex]!;
  for (const index of [clauseIndex, clauseIndex - 1, clauseIndex - 2, clauseIndex + 1]) {
    const clause = read.clauses[index];
    if (!clause || clause.sentence !== sentence) continue;
    const hedge = within(read.marks, clause).find(
      (mark) => (mark.kind === 'hedge' || mark.kind === 'ignorance') && isSpeakersOwn(read, mark, clause.start),
    );
    if (!hedge) continue;
    if (index !== clauseIndex) {
      const crowded = read.quantities.some((quantity) => quantity.start >= clause.start && quantity.start < clause.end);
      if (crowded || within(read.topics, clause).length > 0 || !isElliptical(kb, read, clause, entry)) continue;
    }
    return read.turn.text.slice(hedge.start, hedge.end);
  }
  return null;
}

/** “If you are not sure”, 您不确定: the customer's doubt. 您应该: what the customer has to do. */
export function isSpeakersOwn(read: ReadTurn, mark: Mark, clauseStart: number): boolean {
  const before = read.tokens.filter((token) => token.end <= mark.start && token.start >= clauseStart).slice(-3);
  return !before.some((token) => token.key === 'you' || token.key === '您' || token.key === '你');
}

/** A number's size next to a fact's: two minutes are no answer to a question about thirty days. */
export function sameScale(kb: KnowledgeBase, entry: number, quantity: Quantity): boolean {
  const minutes: Record<string, number> = {
    second: 1 / 60,
    minute: 1,
    hour: 60,
    day: 1440,
    businessDay: 1440,
    week: 10_080,
    month: 43_200,
    year: 525_600,
  };
  if (dimensionOf(quantity.unit) !== 'duration') return true;
  const said = (quantity.high ?? 1) * minutes[quantity.unit!]!;
  return kb.entries[entry]!.facts.some((fact) => {
    const size = minutes[fact.quantity.unit];
    if (size === undefined) return false;
    const ratio = said / (fact.quantity.high * size);
    return ratio > 1 / 30 && ratio < 30;
  });
}

/** Time gone by or left (“14 days ago”, 还剩3天) or the price of something else, told by the words right at the amount. */
export function isAside(read: ReadTurn, quantity: Quantity): boolean {
  const text = read.turn.text;
  return read.marks.some(
    (mark) =>
      (mark.kind === 'asideBefore' &&
        mark.end <= quantity.outer.start &&
        /^\s*$/.test(text.slice(mark.end, quantity.outer.start))) ||
      (mark.kind === 'asideAfter' && mark.start >= quantity.end && /^\s*$/.test(text.slice(quantity.end, mark.start))),
  );
}
