import type { Localised, Session, Turn } from '../session/index.ts';
import { compareQuantity, dimensionOf, type Quantity } from '../text/index.ts';
import type { KnowledgeBase, Mark } from './compile.ts';
import {
  askedBefore,
  clauseOf,
  hasDimension,
  isElliptical,
  type ReadTurn,
  readTurn,
  type Tie,
  tie,
  within,
} from './context.ts';
import { type AnswerFinding, type AnswerKind, reasons } from './findings.ts';
import { isNegated } from './negation.ts';
import { hedgeOf, isAside, isSpeakersOwn, isSpecialCase, sameScale } from './weigh.ts';

export interface CheckOptions {
  /** How many turns back a customer's question still sets the topic. Default 4. */
  lookback?: number;
  /** Words recognised with less confidence than this decide nothing. Default 0.6. */
  minConfidence?: number;
}

interface Draft {
  entry: number;
  kind: AnswerKind;
  start: number;
  end: number;
  found: string;
  confidence: number;
  reason: Localised;
}

/**
 * Holds every statement of the agents against the knowledge base. One finding per statement and kind; a wrong answer
 * that is also hedged gives both. Turns of speakers that are not known give at most `unknown`. Pure.
 */
export function checkAnswers(kb: KnowledgeBase, session: Session, options: CheckOptions = {}): AnswerFinding[] {
  const lookback = options.lookback ?? 4;
  const minConfidence = options.minConfidence ?? 0.6;
  const findings: AnswerFinding[] = [];
  for (const [index, turn] of session.turns.entries()) {
    if (turn.speaker !== 'agent' && turn.speaker !== 'unknown') continue;
    if (turn.visibility === 'internal' || turn.auto === true) continue;
    const read = readTurn(kb, turn, askedBefore(kb, session, index, lookback));
    const drafts = corrected(read, [
      ...judgeQuantities(kb, read),
      ...judgePhrases(kb, read),
      ...judgeIgnorance(kb, read),
    ]);
    for (const draft of distinct(read, drafts)) {
      const validity = validityOn(kb, draft.entry, session.startedAt);
      if (validity === 'no') continue;
      // Of an unknown speaker only what may be a wrong answer matters, and only to a person.
      if (turn.speaker === 'unknown' && draft.kind !== 'wrong') continue;
      findings.push(finish(kb, session, turn, draft, validity, minConfidence));
    }
  }
  return findings.sort((a, b) => a.turn - b.turn || a.charStart - b.charStart || a.charEnd - b.charEnd);
}

function has(read: ReadTurn, clause: number, kinds: readonly Mark['kind'][]): Mark | undefined {
  return within(read.marks, read.clauses[clause]!).find((mark) => kinds.includes(mark.kind));
}

function judgeQuantities(kb: KnowledgeBase, read: ReadTurn): Draft[] {
  const drafts: Draft[] = [];
  for (const quantity of read.quantities) {
    const dimension = dimensionOf(quantity.unit);
    if (dimension === null) continue;
    const clauseIndex = clauseOf(read, quantity.start);
    const clause = read.clauses[clauseIndex];
    if (!clause || clause.question || has(read, clauseIndex, ['report', 'action']) || isAside(read, quantity)) continue;
    const relevant = (entry: number) =>
      (hasDimension(kb, entry, dimension) && sameScale(kb, entry, quantity)) || agrees(kb, entry, quantity);
    const many = answersOneOfSeveral(kb, read, quantity, clauseIndex);
    const tied = many ?? tie(kb, read, quantity.start, quantity.end, relevant);
    if (isNegated(read.tokens, clause.start, quantity.outer.start)) continue;
    if (!tied) {
      const other = tie(kb, read, quantity.start, quantity.end, () => true, 0);
      if (other && other.via !== 'named' && !hasDimension(kb, other.entry, dimension))
        drafts.push(unsupported(quantity, other));
      continue;
    }
    drafts.push(...judgeQuantity(kb, read, quantity, clauseIndex, tied));
  }
  return drafts;
}

/** Asked about several things at once, an elliptical amount that fits one of them answers that one. */
function answersOneOfSeveral(kb: KnowledgeBase, read: ReadTurn, quantity: Quantity, clauseIndex: number): Tie | null {
  if (read.asked.length < 2 || read.topics.length > 0) return null;
  const fits = read.asked.filter((entry) => agrees(kb, entry, quantity));
  if (fits.length !== 1 || !isElliptical(kb, read, read.clauses[clauseIndex]!, fits[0]!)) return null;
  return { entry: fits[0]!, via: 'question', confidence: 0.7 };
}

/** An amount given in answer to a question about an entry that knows no such amount. */
function unsupported(quantity: Quantity, tied: Tie): Draft {
  return {
    entry: tied.entry,
    kind: 'unsupported',
    start: quantity.outer.start,
    end: quantity.outer.end,
    found: quantity.quote,
    confidence: tied.confidence * 0.7,
    reason: reasons.unsupported(quantity.quote),
  };
}

function agrees(kb: KnowledgeBase, entry: number, quantity: Quantity): boolean {
  return kb.entries[entry]!.facts.some((fact) => ['same', 'inside'].includes(compareQuantity(quantity, fact.quantity)));
}

function judgeQuantity(kb: KnowledgeBase, read: ReadTurn, quantity: Quantity, clauseIndex: number, tied: Tie): Draft[] {
  const { entry, confidence } = tied;
  const base = { entry, start: quantity.outer.start, end: quantity.outer.end, found: quantity.quote, confidence };
  if (quantity.low === null)
    return [{ ...base, kind: 'hedged', confidence: confidence * 0.8, reason: reasons.vague(quantity.quote) }];
  const hedge = hedgeOf(kb, read, clauseIndex, entry);
  const hedged: Draft[] = hedge ? [{ ...base, kind: 'hedged', reason: reasons.hedged(hedge) }] : [];
  if (agrees(kb, entry, quantity)) return hedge ? hedged : [{ ...base, kind: 'correct', reason: reasons.correct }];
  const comparable = kb.entries[entry]!.facts.some((fact) => compareQuantity(quantity, fact.quantity) === 'different');
  if (!comparable) return [...hedged, unsupported(quantity, tied)];
  if (isSpecialCase(kb, read, clauseIndex, entry))
    return [...hedged, { ...base, kind: 'unknown', confidence: confidence * 0.6, reason: reasons.conditional }];
  const { sentence } = read.clauses[clauseIndex]!;
  const besides = read.marks.some(
    (mark) =>
      mark.kind === 'right' &&
      mark.entry === entry &&
      read.clauses[clauseOf(read, mark.start)]!.sentence === sentence &&
      !isNegated(read.tokens, read.clauses[clauseOf(read, mark.start)]!.start, mark.start),
  );
  if (besides)
    return [...hedged, { ...base, kind: 'unknown', confidence: confidence * 0.6, reason: reasons.contradictory }];
  return [{ ...base, kind: 'wrong', reason: reasons.differs(quantity.quote) }, ...hedged];
}

function judgePhrases(kb: KnowledgeBase, read: ReadTurn): Draft[] {
  const drafts: Draft[] = [];
  for (const mark of read.marks) {
    if (mark.kind !== 'right' && mark.kind !== 'wrong') continue;
    const clauseIndex = clauseOf(read, mark.start);
    const clause = read.clauses[clauseIndex];
    if (!clause || clause.question || has(read, clauseIndex, ['report'])) continue;
    const tied = tie(kb, read, mark.start, mark.end, (entry) => entry === mark.entry);
    if (tied) drafts.push(...judgePhrase(kb, read, mark, clauseIndex, tied));
  }
  return drafts;
}

function judgePhrase(
  kb: KnowledgeBase,
  read: ReadTurn,
  mark: Extract<Mark, { kind: 'right' | 'wrong' | 'unless' }>,
  clauseIndex: number,
  tied: Tie,
): Draft[] {
  const { entry, confidence } = tied;
  const clause = read.clauses[clauseIndex]!;
  const found = read.turn.text.slice(mark.start, mark.end);
  const base = { entry, start: mark.start, end: mark.end, found, confidence };
  const negated = isNegated(read.tokens, clause.start, mark.start);
  const hedge = hedgeOf(kb, read, clauseIndex, entry);
  const hedged: Draft[] = hedge ? [{ ...base, kind: 'hedged', reason: reasons.hedged(hedge) }] : [];
  const good = (mark.kind === 'right') !== negated;
  // “You do not pay for it”: a wrong statement denied says little about what is right.
  if (good) {
    if (mark.kind === 'wrong') return [];
    return hedge ? hedged : [{ ...base, kind: 'correct', reason: reasons.correct }];
  }
  // The negator of a right statement may itself be part of a longer right or wrong one (“no charge”).
  const covered = read.marks.some(
    (other) =>
      (other.kind === 'right' || other.kind === 'wrong') &&
      other !== mark &&
      other.entry === entry &&
      other.start <= mark.start &&
      other.end >= mark.end &&
      other.end - other.start > mark.end - mark.start,
  );
  if (covered) return [];
  if (isSpecialCase(kb, read, clauseIndex, entry))
    return [...hedged, { ...base, kind: 'unknown', confidence: confidence * 0.6, reason: reasons.conditional }];
  const reason = mark.kind === 'right' ? reasons.denied(found) : reasons.differs(found);
  return [{ ...base, kind: 'wrong', reason }, ...hedged];
}

/** “I am not sure how long the warranty is”, with nothing looked up in the same turn. */
function judgeIgnorance(kb: KnowledgeBase, read: ReadTurn): Draft[] {
  const drafts: Draft[] = [];
  for (const mark of read.marks) {
    if (mark.kind !== 'ignorance') continue;
    const clauseIndex = clauseOf(read, mark.start);
    const clause = read.clauses[clauseIndex];
    if (!clause || clause.question || !isSpeakersOwn(read, mark, clause.start)) continue;
    if (read.quantities.length > 0 || read.marks.some((other) => other.kind === 'check')) continue;
    const tied = tie(kb, read, mark.start, mark.end, () => true);
    if (!tied) continue;
    const found = read.turn.text.slice(mark.start, mark.end);
    drafts.push({ ...tied, kind: 'hedged', start: mark.start, end: mark.end, found, reason: reasons.ignorant(found) });
  }
  return drafts;
}

/** A wrong statement that the agent takes back later in the same turn is left to a person. */
function corrected(read: ReadTurn, drafts: readonly Draft[]): Draft[] {
  return drafts.map((draft) => {
    if (draft.kind !== 'wrong') return draft;
    const repaired = drafts.some(
      (other) =>
        other.kind === 'correct' &&
        other.entry === draft.entry &&
        other.start > draft.end &&
        read.marks.some(
          (mark) => mark.kind === 'correction' && mark.start >= draft.end && mark.start <= other.end + 12,
        ),
    );
    return repaired
      ? { ...draft, kind: 'unknown' as const, confidence: draft.confidence * 0.5, reason: reasons.corrected }
      : draft;
  });
}

/** One finding per sentence, entry and kind: the first. */
function distinct(read: ReadTurn, drafts: readonly Draft[]): Draft[] {
  const seen = new Set<string>();
  return [...drafts]
    .sort((a, b) => a.start - b.start)
    .filter((draft) => {
      const name = `${draft.entry} ${draft.kind} ${read.clauses[clauseOf(read, draft.start)]!.sentence}`;
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    });
}

/** Does the entry hold on the day of the session? Days as the session's own clock counts them. */
function validityOn(kb: KnowledgeBase, entry: number, startedAt: string | null): 'yes' | 'no' | 'unknown' {
  const { validFrom, validTo } = kb.entries[entry]!;
  if (validFrom === null && validTo === null) return 'yes';
  if (startedAt === null) return 'unknown';
  const day = startedAt.slice(0, 10);
  return (validFrom === null || day >= validFrom) && (validTo === null || day <= validTo) ? 'yes' : 'no';
}

function finish(
  kb: KnowledgeBase,
  session: Session,
  turn: Turn,
  draft: Draft,
  validity: 'yes' | 'unknown',
  minConfidence: number,
): AnswerFinding {
  const entry = kb.entries[draft.entry]!;
  const heard = heardConfidence(session, turn, draft.start, draft.end);
  let { kind, reason } = draft;
  if (kind === 'wrong') {
    const doubt =
      turn.speaker === 'unknown'
        ? reasons.unsureSpeaker
        : heard < minConfidence
          ? reasons.unsureWords
          : validity === 'unknown'
            ? reasons.unsureDate
            : null;
    if (doubt) {
      kind = 'unknown';
      reason = doubt;
    }
  }
  return {
    entry: entry.id,
    title: entry.title,
    kind,
    turn: turn.n,
    charStart: draft.start,
    charEnd: draft.end,
    quote: turn.text.slice(draft.start, draft.end),
    expected: entry.statement,
    found: draft.found,
    confidence: Number((draft.confidence * Math.min(1, heard)).toFixed(3)),
    reason,
  };
}

/** Lowest confidence among the recognised words of a span; the turn's or the transcript's where words have none. */
function heardConfidence(session: Session, turn: Turn, start: number, end: number): number {
  let at = 0;
  let lowest: number | null = null;
  for (const word of turn.words ?? []) {
    const found = turn.text.indexOf(word.text, at);
    if (found < 0) continue;
    at = found + word.text.length;
    if (found < end && at > start && word.confidence !== undefined) lowest = Math.min(lowest ?? 1, word.confidence);
  }
  if (lowest !== null) return lowest;
  return turn.confidence ?? (session.transcript.origin === 'recognised' ? (session.transcript.confidence ?? 1) : 1);
}
