import type { Localised, Turn } from '../session/index.ts';
import {
  compileClosest,
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

/** The most similar words where nothing was found. */
export interface Closest {
  start: number;
  end: number;
  /** 0…1. */
  similarity: number;
  wanted: string;
}

/** Something that can be looked for in text: a set of phrases or a pattern. */
export interface Finder {
  /** What is looked for, as written, for messages. */
  wanted: readonly string[];
  /** All places in one turn, ordered. Kept per session. */
  find(view: SessionView, turn: Turn): readonly Match[];
  /** All places in any text. */
  findIn(text: string): readonly Match[];
  /** The most similar words of a turn, or null where nothing is alike. Kept per session. */
  closest(view: SessionView, turn: Turn): Closest | null;
}

/** Below this the closest words have nothing to do with what was looked for. */
const alikeEnough = 0.6;
const comparedPhrases = 60;
const matchesPerTurn = 200;

/** Every phrase of a scorecard in one automaton: a turn is walked once, whatever the number of rules. */
export class PhraseIndex {
  readonly #specs: PhraseSpec[] = [];
  readonly #ids = new Map<string, number>();
  #matcher: PhraseMatcher | null = null;
  #finders = 0;
  readonly #memoKey: string;

  constructor(memoKey: string) {
    this.#memoKey = `phrases:${memoKey}`;
  }

  /** Adds phrases under shared options. Must not be called once a session has been searched. */
  finder(phrases: readonly string[], options: Omit<PhraseSpec, 'text'>): Finder {
    const local = new Map<number, number>();
    for (const [index, text] of phrases.entries()) {
      const id = this.#add({ text, ...options });
      if (!local.has(id)) local.set(id, index);
    }
    const pick = (hits: readonly PhraseHit[]): Match[] =>
      hits.flatMap((hit) => {
        const alternative = local.get(hit.phrase);
        return alternative === undefined ? [] : [{ start: hit.start, end: hit.end, alternative, note: heardAs(hit) }];
      });
    const key = `${this.#memoKey}:${this.#finders++}`;
    const nearest = compileClosest(
      phrases.slice(0, comparedPhrases).map((text) => ({ text, ...options })),
      { minSimilarity: alikeEnough },
    );
    return {
      wanted: phrases,
      find: (view, turn) => pick(view.memo(`${this.#memoKey}:${turn.n}`, () => this.#search(turn.text))),
      findIn: (text) => pick(this.#search(text)),
      closest: (view, turn) =>
        view.memo(`${key}:closest:${turn.n}`, () => {
          const found = nearest([turn.text]);
          if (!found || found.end <= found.start) return null;
          const { start, end, similarity } = found;
          return { start, end, similarity, wanted: phrases[found.phrase]! };
        }),
    };
  }

  #add(spec: PhraseSpec): number {
    const key = JSON.stringify([
      foldText(spec.text).trim(),
      spec.maxGap ?? 0,
      spec.sound ?? 'exact',
      spec.ignoreTones ?? false,
    ]);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#specs.push(spec) - 1;
    this.#ids.set(key, id);
    this.#matcher = null;
    return id;
  }

  #search(text: string): readonly PhraseHit[] {
    this.#matcher ??= compilePhrases(this.#specs);
    return this.#matcher.find(text);
  }
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
  return {
    wanted: [pattern],
    find: (view, turn) => view.memo(`pattern:${pattern}:${turn.n}`, () => search(turn.text)),
    findIn: search,
    closest: () => null,
  };
}
