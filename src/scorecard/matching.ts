import type { Localised, Turn } from '../session/index.ts';
import {
  ClosestIndex,
  type ComparedText,
  compilePhrases,
  compileRegex,
  foldText,
  type PhraseHit,
  type PhraseMatcher,
  type PhraseSpec,
} from '../text/index.ts';
import type { SessionView } from './evaluate/view.ts';
import { both, quoted } from './wording.ts';

/** One place where a finder found something. */
export interface Match {
  /** UTF-16 offsets into the searched text. */
  start: number;
  end: number;
  /** Which of the finder's alternatives (phrases) it is. */
  alternative: number;
  /** What was accepted in place of the written words, if anything. */
  note: Localised | null;
}

export interface FoundTurn {
  turn: Turn;
  matches: readonly Match[];
}

/** The most similar words where nothing was found. */
export interface Closest {
  start: number;
  end: number;
  /** 0…1. */
  similarity: number;
  wanted: string;
  /** What it lacks, where that is more telling than the likeness. */
  miss?: { measured: number | null; threshold: number | null; unit: string | null; note: Localised };
}

/** Something that can be looked for in text: a set of phrases or a pattern. */
export interface Finder {
  /** What is looked for, as written, for messages. */
  wanted: readonly string[];
  /** How messages call it, where that is not a list of `wanted`. */
  names?: Localised;
  /** All places in one turn, ordered. Kept per session. */
  find(view: SessionView, turn: Turn): readonly Match[];
  /** The turns of a session that hold something, in order, with what they hold. Kept per session. */
  found(view: SessionView): readonly FoundTurn[];
  /** All places in any text. */
  findIn(text: string): readonly Match[];
  /** The most similar words of a turn, or null where nothing is alike. Kept per session. */
  closest(view: SessionView, turn: Turn): Closest | null;
}

/** Below this the closest words have nothing to do with what was looked for. */
const alikeEnough = 0.6;
const comparedPhrases = 60;
const matchesPerTurn = 200;

/**
 * Every phrase of a scorecard in one automaton: a turn is walked once, whatever the number of rules. An index that
 * extends another one holds only what the other lacks, so that a variant of a scorecard costs what it changes.
 */
export class PhraseIndex {
  readonly #specs: PhraseSpec[] = [];
  readonly #ids = new Map<string, number>();
  readonly #base: PhraseIndex | null;
  readonly #first: number;
  readonly #closest = new ClosestIndex();
  /** Which finders look for a phrase, and as which of their alternatives. */
  readonly #owners = new Map<number, [finder: number, alternative: number][]>();
  #finders = 0;
  #matcher: PhraseMatcher | null = null;
  /** What was found per session; goes with the session or with the index, whichever ends first. */
  readonly #records = new WeakMap<SessionView, Heard>();
  #latest: { view: SessionView; heard: Heard } | null = null;

  constructor(base: PhraseIndex | null = null) {
    this.#base = base;
    this.#first = base?.size ?? 0;
  }

  get size(): number {
    return this.#first + this.#specs.length;
  }

  /** Adds phrases under shared options. Must not be called once a session has been searched. */
  finder(phrases: readonly string[], options: Omit<PhraseSpec, 'text'>): Finder {
    const finder = this.#finders++;
    const local = new Map<number, number>();
    for (const [index, text] of phrases.entries()) {
      const id = this.#add({ text, ...options });
      if (local.has(id)) continue;
      local.set(id, index);
      const owners = this.#owners.get(id);
      if (owners) owners.push([finder, index]);
      else this.#owners.set(id, [[finder, index]]);
    }
    const nearest = this.#closest.finder(
      phrases.slice(0, comparedPhrases).map((text) => ({ text, ...options })),
      { minSimilarity: alikeEnough },
    );
    const found = (view: SessionView) => this.#heard(view).found.get(finder) ?? nowhere;
    return {
      wanted: phrases,
      found,
      find: (view, turn) => found(view).find((one) => one.turn === turn)?.matches ?? nothing,
      findIn: (text) =>
        this.#search(text).flatMap((hit) => {
          const alternative = local.get(hit.phrase);
          return alternative === undefined ? [] : [matchOf(hit, alternative)];
        }),
      closest: (view, turn) => {
        const kept = this.#heard(view).closest(finder);
        const known = kept.get(turn.n);
        if (known !== undefined) return known;
        const best = nearest(this.#compared(view, turn));
        const some = best && best.end > best.start;
        const closest = some
          ? { start: best.start, end: best.end, similarity: best.similarity, wanted: phrases[best.phrase]! }
          : null;
        kept.set(turn.n, closest);
        return closest;
      },
    };
  }

  #heard(view: SessionView): Heard {
    if (this.#latest?.view === view) return this.#latest.heard;
    let heard = this.#records.get(view);
    if (!heard) this.#records.set(view, (heard = this.#listen(view)));
    this.#latest = { view, heard };
    return heard;
  }

  #listen(view: SessionView): Heard {
    const below = this.#base ? this.#base.#heard(view) : null;
    const heard = new Heard();
    for (const turn of view.session.turns) {
      const hits = this.#joined(below?.hits.get(turn.n) ?? [], turn.text);
      if (hits.length === 0) continue;
      heard.hits.set(turn.n, hits);
      for (const hit of hits)
        for (const [finder, alternative] of this.#owners.get(hit.phrase) ?? [])
          heard.add(finder, turn, matchOf(hit, alternative));
    }
    return heard;
  }

  #compared(view: SessionView, turn: Turn): ComparedText {
    const { compared } = this.#heard(view);
    let text = compared.get(turn.n);
    if (!text) compared.set(turn.n, (text = this.#closest.read(turn.text)));
    return text;
  }

  #add(spec: PhraseSpec): number {
    // As written first, which is quicker than folding and settles most.
    const written = `${spec.text}\u0000${spec.maxGap ?? 0} ${spec.sound ?? 'exact'} ${spec.ignoreTones ?? false}`;
    const known = this.#idOf(written);
    if (known !== undefined) return known;
    const folded = `\u0000${keyOf(spec)}`;
    let id = this.#idOf(folded);
    if (id === undefined) {
      id = this.#first + this.#specs.push(spec) - 1;
      this.#ids.set(folded, id);
      this.#matcher = null;
    }
    this.#ids.set(written, id);
    return id;
  }

  #idOf(key: string): number | undefined {
    return (this.#base ? this.#base.#idOf(key) : undefined) ?? this.#ids.get(key);
  }

  #search(text: string): readonly PhraseHit[] {
    return this.#joined(this.#base ? this.#base.#search(text) : [], text);
  }

  /** The hits of the index below and its own, in order. */
  #joined(below: readonly PhraseHit[], text: string): readonly PhraseHit[] {
    if (this.#specs.length === 0) return below;
    this.#matcher ??= compilePhrases(this.#specs);
    const own = this.#matcher.find(text);
    if (this.#first === 0) return own;
    return [...below, ...own.map((hit) => ({ ...hit, phrase: hit.phrase + this.#first }))].sort(
      (a, b) => a.start - b.start || a.end - b.end || a.phrase - b.phrase,
    );
  }
}

/** Phrases with the same key find the same words. */
function keyOf(spec: PhraseSpec): string {
  return JSON.stringify([
    foldText(spec.text).trim(),
    spec.maxGap ?? 0,
    spec.sound ?? 'exact',
    spec.ignoreTones ?? false,
  ]);
}

/** What an index found in one session. */
class Heard {
  /** By turn number; only turns with hits. */
  readonly hits = new Map<number, readonly PhraseHit[]>();
  /** By finder. */
  readonly found = new Map<number, { turn: Turn; matches: Match[] }[]>();
  readonly compared = new Map<number, ComparedText>();
  readonly #closest = new Map<number, Map<number, Closest | null>>();

  add(finder: number, turn: Turn, match: Match): void {
    let turns = this.found.get(finder);
    if (!turns) this.found.set(finder, (turns = []));
    const last = turns.at(-1);
    if (last?.turn === turn) last.matches.push(match);
    else turns.push({ turn, matches: [match] });
  }

  /** The most similar words by turn number. */
  closest(finder: number): Map<number, Closest | null> {
    let turns = this.#closest.get(finder);
    if (!turns) this.#closest.set(finder, (turns = new Map<number, Closest | null>()));
    return turns;
  }
}

const nothing: readonly Match[] = [];
const nowhere: readonly FoundTurn[] = [];

function matchOf(hit: PhraseHit, alternative: number): Match {
  return { start: hit.start, end: hit.end, alternative, note: heardAs(hit) };
}

/** Computes once per session. */
function perSession<T>(compute: (view: SessionView) => T): (view: SessionView) => T {
  const kept = new WeakMap<SessionView, { value: T }>();
  return (view) => {
    let known = kept.get(view);
    if (!known) kept.set(view, (known = { value: compute(view) }));
    return known.value;
  };
}

/** `Finder.found` from `Finder.find`. */
export function everyTurn(find: Finder['find']): Finder['found'] {
  return perSession((view) =>
    view.session.turns.flatMap((turn) => {
      const matches = find(view, turn);
      return matches.length > 0 ? [{ turn, matches }] : [];
    }),
  );
}

function heardAs(hit: PhraseHit): Localised | null {
  if (hit.substitutions.length === 0) return null;
  const pairs = hit.substitutions.map((one) => [quoted(one.heard).en, quoted(one.expected).en] as const);
  return both(
    pairs.map(([heard, expected]) => `${heard} taken for ${expected}`).join(', '),
    pairs.map(([heard, expected]) => `${heard}视为${expected}`).join('，'),
  );
}

/**
 * A pattern over the folded text (lower case, half width, simplified characters), matched without regard to case by a
 * linear-time engine: no transcript can make it hang. Throws EarwitnessError on an invalid pattern.
 */
export function patternFinder(pattern: string): Finder {
  const compiled = compileRegex(pattern);
  const search = (text: string): Match[] =>
    compiled
      .find(text)
      .slice(0, matchesPerTurn)
      .map(({ start, end }) => ({ start, end, alternative: 0, note: null }));
  const find: Finder['find'] = (_view, turn) => search(turn.text);
  return {
    wanted: [pattern],
    find,
    found: everyTurn(find),
    findIn: search,
    closest: () => null,
  };
}
