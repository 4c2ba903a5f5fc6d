import type { Channel, Speaker } from '../../../session/index.ts';
import type { Clue } from '../mutant.ts';
import type { Draft, DraftTurn } from './draft.ts';

const speakers: readonly Speaker[] = ['agent', 'customer'];
const channels: readonly Channel[] = ['call', 'chat', 'ticket'];

/** Words that say nothing, in the language of the session. */
function filler(language: string): string {
  return language.startsWith('zh') ? '这边先记一下。' : 'Let me note that down.';
}

const withTurns = (draft: Draft, turns: readonly DraftTurn[]): Draft => ({ ...draft, turns });

/** Everything from a turn on happens so much later (or earlier). */
function shift(turns: readonly DraftTurn[], from: number, by: number): DraftTurn[] {
  const moved = (ms: number | null) => (ms === null ? null : ms + by);
  return turns.map((turn, i) =>
    i < from ? turn : { ...turn, start: moved(turn.start), end: moved(turn.end), more: withoutWords(turn.more) },
  );
}

/** Times of single words would contradict a turn that moved. */
function withoutWords(more: Record<string, unknown>): Record<string, unknown> {
  const { words: _words, ...rest } = more;
  return rest;
}

/** A turn put in before another one, in its own time where the session has times. */
function insert(turns: readonly DraftTurn[], at: number, speaker: Speaker, text: string): DraftTurn[] {
  const next = turns[at];
  const before = turns[at - 1];
  const timed = turns.some((turn) => turn.start !== null);
  const long = turns.some((turn) => turn.end !== turn.start);
  const start = timed ? (next?.start ?? (before?.end ?? 0) + 500) : null;
  const end = start === null ? null : long ? start + 1500 : start;
  const own: DraftTurn = { speaker, text, start, end, more: {}, sentiment: null };
  const later = timed ? shift(turns, at, long ? 2000 : 1000) : turns;
  return [...later.slice(0, at), own, ...later.slice(at)];
}

/** Words of a session that an item's verdict rests on. */
export interface Quote {
  /** Position among the draft's turns. */
  index: number;
  text: string;
}

/** Sessions in which the figures and words between a rule and its mutant matter, the most telling first. */
export function* pointed(draft: Draft, quotes: readonly Quote[], clue: Clue, language: string): Generator<Draft> {
  for (const phrase of clue.phrases) {
    for (const quote of quotes) yield replaced(draft, quote, phrase);
    yield* withPhrase(draft, phrase);
  }
  for (const ms of clue.times) yield* withTime(draft, ms);
  for (const count of clue.counts) yield* withCount(draft, count, language);
}

/** The draft with other words in the place of a quote. */
function replaced(draft: Draft, { index, text }: Quote, by: string): Draft {
  return withTurns(
    draft,
    draft.turns.map((one, k) =>
      k === index ? { ...one, text: one.text.replace(text, () => by).trim() || by, more: withoutWords(one.more) } : one,
    ),
  );
}

function* withPhrase(draft: Draft, phrase: string): Generator<Draft> {
  const { turns } = draft;
  for (const [i, turn] of turns.entries())
    yield withTurns(
      draft,
      turns.map((one, k) => (k === i ? { ...turn, text: phrase, more: withoutWords(turn.more) } : one)),
    );
  for (const speaker of speakers)
    for (const at of [0, 1, turns.length])
      if (at <= turns.length) yield withTurns(draft, insert(turns, at, speaker, phrase));
  const attributes = draft.head.attributes ?? {};
  for (const key of [phrase, ...Object.keys(attributes)]) {
    const { [key]: _gone, ...rest } = attributes;
    yield { ...draft, head: { ...draft.head, attributes: rest } };
    yield { ...draft, head: { ...draft.head, attributes: { ...attributes, [key]: phrase } } };
  }
}

function* withTime(draft: Draft, ms: number): Generator<Draft> {
  const { turns } = draft;
  const first = turns.find((turn) => turn.start !== null)?.start ?? null;
  const last = turns.at(-1)?.end ?? null;
  if (first === null || last === null) return;
  for (const [i, turn] of turns.entries()) {
    if (turn.start === null || turn.end === null) continue;
    const before = turns[i - 1];
    // The turn starts so long after the start of the session, or so long before its end.
    yield withTurns(draft, shift(turns, i, first + ms - turn.start));
    yield withTurns(draft, shift(turns, i + 1, ms - (last - turn.start)));
    if (before?.end == null) continue;
    // So long a gap before it, or so long an overlap with the turn before.
    yield withTurns(draft, shift(turns, i, before.end + ms - turn.start));
    const over = shift(turns, i, before.end - ms - turn.start);
    const length = Math.max(turn.end - turn.start, ms + 500);
    yield withTurns(
      draft,
      over.map((one, k) => {
        // The turn talked over must have begun before it is talked over.
        if (k === i - 1) return { ...one, start: Math.min(one.start!, before.end! - ms - 1000) };
        return k === i ? { ...one, end: one.start! + length } : one;
      }),
    );
  }
  const final = turns.at(-1)!;
  yield withTurns(draft, [...turns.slice(0, -1), { ...final, end: Math.max(final.start ?? 0, first + ms) }]);
}

function* withCount(draft: Draft, count: number, language: string): Generator<Draft> {
  if (count > 120) return;
  const { turns } = draft;
  for (const [i, turn] of turns.entries())
    for (const speaker of speakers) {
      let longer: readonly DraftTurn[] = turns;
      for (let n = 0; n < count; n++) longer = insert(longer, i, speaker, filler(language));
      if (count > 0) yield withTurns(draft, longer);
      let repeated: readonly DraftTurn[] = turns;
      for (let n = 1; n < count; n++) repeated = insert(repeated, i, turn.speaker, turn.text);
      if (count > 1 && speaker === turn.speaker) yield withTurns(draft, repeated);
    }
}

/** Small changes of a session that many mutants differ on, whatever they change. */
export function* general(draft: Draft, quotes: readonly Quote[], language: string): Generator<Draft> {
  const { turns } = draft;
  for (const quote of quotes)
    yield replaced(draft, quote, quote.text === turns[quote.index]?.text ? filler(language) : '…');
  for (const quote of quotes) {
    const { speaker } = turns[quote.index]!;
    for (const at of [0, turns.length]) yield withTurns(draft, insert(turns, at, speaker, quote.text));
  }
  for (const [i, turn] of turns.entries()) {
    const put = (own: Partial<DraftTurn>) =>
      withTurns(
        draft,
        turns.map((one, k) => (k === i ? { ...one, ...own } : one)),
      );
    yield put({ text: filler(language), more: withoutWords(turn.more) });
    for (const speaker of speakers) if (speaker !== turn.speaker) yield put({ speaker });
    yield withTurns(
      draft,
      turns.filter((_, k) => k !== i),
    );
    yield put({ more: { ...turn.more, visibility: 'internal' } });
    for (const speaker of speakers) yield withTurns(draft, insert(turns, i, speaker, filler(language)));
    for (const at of [0, i + 2, turns.length])
      yield withTurns(draft, insert(turns, Math.min(at, turns.length), turn.speaker, turn.text));
    if (i > 0) yield withTurns(draft, swapped(turns, i));
    for (const sentiment of [-0.9, -0.65, -0.5, -0.4, -0.3, 0.5]) yield put({ sentiment });
  }
  for (const channel of channels) yield { ...draft, head: { ...draft.head, channel } };
  const attributes = draft.head.attributes ?? {};
  for (const key of Object.keys(attributes)) {
    const { [key]: _gone, ...rest } = attributes;
    yield { ...draft, head: { ...draft.head, attributes: rest } };
  }
}

/** Two neighbours say each other's words. */
function swapped(turns: readonly DraftTurn[], i: number): DraftTurn[] {
  const [a, b] = [turns[i - 1]!, turns[i]!];
  return turns.map((one, k) => {
    const other = k === i ? a : k === i - 1 ? b : null;
    return other ? { ...other, start: one.start, end: one.end, more: withoutWords(other.more) } : one;
  });
}

/** Sessions made of the words at stake alone, for items that no fixture names. */
export function* bare(phrases: readonly string[], language: string): Generator<Draft> {
  for (const channel of channels)
    for (const phrase of phrases)
      for (const speaker of speakers) {
        const other = speaker === 'agent' ? 'customer' : 'agent';
        const turn = (who: Speaker, text: string, at: number): DraftTurn => {
          const start = at * 3000;
          return {
            speaker: who,
            text,
            start,
            end: channel === 'call' ? start + 2000 : start,
            more: {},
            sentiment: null,
          };
        };
        const said = turn(speaker, phrase, 0);
        yield { head: { channel }, facts: {}, turns: [said, turn(other, filler(language), 1)] };
        yield { head: { channel }, facts: {}, turns: [turn(other, filler(language), 0), turn(speaker, phrase, 1)] };
      }
}
