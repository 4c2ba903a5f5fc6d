import type { Session, Turn } from '../session/index.ts';
import { type Dimension, dimensionOf, type Quantity, parseQuantities, type Token, tokenise } from '../text/index.ts';
import { type Clause, splitClauses } from './clauses.ts';
import type { KnowledgeBase, Mark } from './compile.ts';
import { frameCharacters, frameWords } from './cues.ts';

export type TopicMark = Extract<Mark, { kind: 'topic' }>;

/** One agent turn, read once. */
export interface ReadTurn {
  turn: Turn;
  clauses: readonly Clause[];
  marks: readonly Mark[];
  topics: readonly TopicMark[];
  quantities: readonly Quantity[];
  tokens: readonly Token[];
  /** Entries that the customer asked about shortly before. */
  asked: readonly number[];
}

export function readTurn(kb: KnowledgeBase, turn: Turn, asked: readonly number[]): ReadTurn {
  const clauses = splitClauses(turn.text);
  // Words on both sides of a comma are no phrase: “we receive the return, the refund …”.
  const marks = kb.marks(turn.text).filter((mark) => clauses.some((c) => mark.start >= c.start && mark.end <= c.end));
  return {
    turn,
    clauses,
    marks,
    topics: longestTopics(marks),
    quantities: parseQuantities(turn.text),
    tokens: tokenise(turn.text),
    asked,
  };
}

/** Drops topic marks that share words with a longer one of another entry: “express delivery” is not “delivery”. */
function longestTopics(marks: readonly Mark[]): TopicMark[] {
  const topics = marks.filter((mark): mark is TopicMark => mark.kind === 'topic');
  return topics.filter(
    (mark) =>
      !topics.some(
        (other) =>
          other.entry !== mark.entry &&
          other.start < mark.end &&
          other.end > mark.start &&
          other.end - other.start > mark.end - mark.start,
      ),
  );
}

/**
 * Entries that the customer's latest words asked about, at most `lookback` turns before `index` in the session.
 * The nearest customer turn that names a topic decides; one that names none is passed over.
 */
export function askedBefore(kb: KnowledgeBase, session: Session, index: number, lookback: number): number[] {
  for (let at = index - 1; at >= Math.max(0, index - lookback); at--) {
    const turn = session.turns[at]!;
    if (turn.speaker !== 'customer' || turn.visibility === 'internal') continue;
    const topics = longestTopics(kb.marks(turn.text));
    if (topics.length > 0) return [...new Set(topics.map((mark) => mark.entry))];
  }
  return [];
}

export function clauseOf(read: ReadTurn, at: number): number {
  const index = read.clauses.findIndex((clause) => at >= clause.start && at < clause.end);
  return index < 0 ? read.clauses.length - 1 : index;
}

export function within<T extends { start: number; end: number }>(items: readonly T[], clause: Clause): T[] {
  return items.filter((item) => item.start < clause.end && item.end > clause.start);
}

/** A statement tied to an entry. */
export interface Tie {
  entry: number;
  /** The topic is named in the clause itself, carried over from words before, or taken from the question. */
  via: 'named' | 'carried' | 'question';
  /** 0…1: how sure it is that the statement is about the entry. */
  confidence: number;
}

/** The mark nearest to a span: before it rather than behind it, and the closer the better. */
function nearest(topics: readonly TopicMark[], start: number, end: number): TopicMark[] {
  const distance = (mark: TopicMark) => (mark.end <= end ? Math.max(0, start - mark.end) : mark.start - end + 1000);
  let best = Number.POSITIVE_INFINITY;
  for (const mark of topics) best = Math.min(best, distance(mark));
  return topics.filter((mark) => distance(mark) === best);
}

/** Only one entry among marks, or the only one of them that could be meant. */
function single(entries: readonly number[], relevant: (entry: number) => boolean): number | null {
  const distinct = [...new Set(entries)];
  if (distinct.length === 1) return distinct[0]!;
  const possible = distinct.filter(relevant);
  return possible.length === 1 ? possible[0]! : null;
}

/**
 * Which entry a span of an agent's turn speaks of. `relevant` tells whether an entry has something to say about that
 * kind of span; `spare` how many words of its own an elliptical answer may have. Null when it is not clear: precision
 * before recall.
 */
export function tie(
  kb: KnowledgeBase,
  read: ReadTurn,
  start: number,
  end: number,
  relevant: (entry: number) => boolean,
  spare = 1,
): Tie | null {
  const index = clauseOf(read, start);
  const clause = read.clauses[index];
  if (!clause) return null;
  const here = within(read.topics, clause);
  if (here.length > 0) {
    const entry = single(
      nearest(here, start, end).map((mark) => mark.entry),
      relevant,
    );
    return entry !== null && relevant(entry) ? { entry, via: 'named', confidence: 0.95 } : null;
  }
  for (let at = index - 1; at >= 0; at--) {
    const earlier = within(read.topics, read.clauses[at]!);
    if (earlier.length === 0) continue;
    const entry = single(
      earlier.map((mark) => mark.entry),
      relevant,
    );
    if (entry === null || !relevant(entry) || !isElliptical(kb, read, clause, entry, 0)) return null;
    return { entry, via: 'carried', confidence: read.clauses[at]!.sentence === clause.sentence ? 0.9 : 0.8 };
  }
  const possible = read.asked.filter(relevant);
  if (possible.length !== 1) return null;
  const entry = possible[0]!;
  return isElliptical(kb, read, clause, entry, spare) ? { entry, via: 'question', confidence: 0.8 } : null;
}

/**
 * Does a clause name nothing of its own (“it is 14 days”, 是的，有14天)? At most `spare` English words (twice as
 * many Chinese characters, and one) beside numbers, answer words and the entry's own vocabulary.
 */
export function isElliptical(kb: KnowledgeBase, read: ReadTurn, clause: Clause, entry: number, spare = 1): boolean {
  const { vocabulary } = kb.entries[entry]!;
  let words = 0;
  let characters = 0;
  for (const token of within(read.tokens, clause)) {
    if (token.kind === 'number' || vocabulary.has(token.key)) continue;
    if (read.quantities.some((quantity) => token.start >= quantity.outer.start && token.end <= quantity.outer.end))
      continue;
    if (token.kind === 'word' && !frameWords.has(token.key)) words++;
    if (token.kind === 'character' && !frameCharacters.has(token.key)) characters++;
  }
  return words <= spare && characters <= 2 * spare + 1;
}

/** Facts of an entry in the dimension of a quantity. */
export function hasDimension(kb: KnowledgeBase, entry: number, dimension: Dimension | null): boolean {
  return dimension !== null && kb.entries[entry]!.facts.some((fact) => dimensionOf(fact.quantity.unit) === dimension);
}
