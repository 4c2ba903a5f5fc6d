import { compilePattern } from './pattern.ts';
import { hesitations } from './phrases.ts';
import { tokenWeight } from './similarity.ts';
import { editDistance } from './sound.ts';
import { type Token, tokenise } from './tokens.ts';
import type { PhraseSpec, TextSpan } from './types.ts';

export interface ClosestMatch extends TextSpan {
  /** Index into the phrases. */
  phrase: number;
  /** Exactly `text.slice(start, end)`. */
  quote: string;
  /** 0…1: share of the phrase's weight that is there, less what stands between. */
  similarity: number;
}

export interface ClosestOptions {
  /** Below this nothing is reported. Default 0.35. */
  minSimilarity?: number;
  /** Cells of the alignment tables in all; beyond it the search stops with the best so far. Default 4,000,000. */
  maxCells?: number;
}

interface Needle {
  /** Of the vocabulary; -1 for the wildcard. */
  id: number;
  key: string;
  kind: Token['kind'] | 'any';
  weight: number;
}

/** A text as it is compared: its words, and the words of phrases that they are like. */
export interface ComparedText {
  text: string;
  tokens: readonly Token[];
  /** Words of phrases that some word of the text is like, and the best likeness, 0…1, of each. */
  likes: ReadonlyMap<number, number>;
}

/** Words whose likenesses are kept before all are forgotten. */
const rememberedWords = 20_000;

/**
 * Finds what comes nearest to one of many phrases. A text is compared with the words of all phrases once; only phrases
 * that could reach the wanted similarity by their words alone are then aligned with it.
 */
export class ClosestIndex {
  readonly #ids = new Map<string, number>();
  readonly #words: { key: string; kind: Token['kind']; letters: number }[] = [];
  /** Phrases that are prepared when the first text is read: many rules never fail. */
  readonly #waiting: (() => void)[] = [];
  readonly #heard = new Map<string, ReadonlyMap<number, number>>();

  /**
   * A search for the nearest of `phrases`: a semi-global alignment (Sellers 1980) of each phrase with a text over words
   * and Chinese characters. Missing words cost their weight (function words little), a similar word part of it, a word
   * in between 0.15. Null when nothing is near enough. Ties: earliest place, first phrase.
   */
  finder(phrases: readonly PhraseSpec[], options: ClosestOptions = {}): (text: ComparedText) => ClosestMatch | null {
    const floor = options.minSimilarity ?? 0.35;
    let plan: Plan | undefined;
    this.#waiting.push(() => (plan = planOf(phrases.map((spec) => this.#needles(spec)))));
    return ({ text, tokens, likes }) => {
      if (!plan) throw new Error('The text was read before this search was made.');
      let budget = options.maxCells ?? 4_000_000;
      let best: ClosestMatch | null = null;
      for (const phrase of withinReach(plan, likes, floor)) {
        if (best && plan.reach[phrase]! <= best.similarity) continue;
        const needle = plan.needles[phrase]!;
        budget -= needle.length * tokens.length;
        if (budget < 0) return best;
        const found = align(needle, tokens, (part, token) => this.#likeness(part, token));
        if (!found || found.similarity < floor || (best && found.similarity <= best.similarity + 1e-9)) continue;
        const start = tokens[found.from]!.start;
        const end = tokens[found.to - 1]!.end;
        best = { phrase, start, end, quote: text.slice(start, end), similarity: found.similarity };
      }
      return best;
    };
  }

  /** Reads a text for the finders made so far; to one made later it cannot be given. */
  read(text: string): ComparedText {
    for (const prepare of this.#waiting.splice(0)) prepare();
    const tokens = withoutHesitations(tokenise(text));
    const likes = new Map<number, number>();
    for (const token of tokens)
      for (const [id, like] of this.#likesOf(token)) if (like > (likes.get(id) ?? 0)) likes.set(id, like);
    return { text, tokens, likes };
  }

  #needles(spec: PhraseSpec): Needle[] {
    const pattern = compilePattern({ text: spec.text });
    return (pattern?.elements ?? []).map((element) =>
      element.any
        ? { id: -1, key: '', kind: 'any', weight: 0 }
        : {
            id: this.#id(element.key, element.kind),
            key: element.key,
            kind: element.kind,
            weight: tokenWeight({ ...element, start: 0, end: 0 }),
          },
    );
  }

  #id(key: string, kind: Token['kind']): number {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#words.push({ key, kind, letters: lettersOf(key) }) - 1;
      this.#ids.set(key, id);
      this.#heard.clear();
    }
    return id;
  }

  #likesOf(token: Token): ReadonlyMap<number, number> {
    const known = this.#heard.get(token.key);
    if (known) return known;
    const likes = new Map<number, number>();
    const same = this.#ids.get(token.key);
    if (same !== undefined) likes.set(same, 1);
    if (token.kind === 'word') {
      const letters = lettersOf(token.key);
      for (const [id, word] of this.#words.entries()) {
        if (id === same || word.kind !== 'word' || !mayBeAlike(word, token.key, letters)) continue;
        const like = wordLikeness(word.key, token.key);
        if (like > 0) likes.set(id, like);
      }
    }
    if (this.#heard.size >= rememberedWords) this.#heard.clear();
    this.#heard.set(token.key, likes);
    return likes;
  }

  #likeness(needle: Needle, token: Token): number {
    if (needle.kind === 'any') return 1;
    return this.#likesOf(token).get(needle.id) ?? 0;
  }
}

interface Posting {
  phrases: number[];
  shares: number[];
}

interface Plan {
  needles: readonly (readonly Needle[])[];
  /** Word of the vocabulary → the phrases that it stands in, with its share of their weight. */
  postings: ReadonlyMap<number, Posting>;
  /** Of each phrase, for the text at hand. */
  reach: Float64Array;
}

function planOf(needles: readonly (readonly Needle[])[]): Plan {
  const postings = new Map<number, Posting>();
  for (const [phrase, needle] of needles.entries()) {
    const total = needle.reduce((sum, { weight }) => sum + weight, 0);
    for (const { id, weight } of needle) {
      if (id < 0) continue;
      let posting = postings.get(id);
      if (!posting) postings.set(id, (posting = { phrases: [], shares: [] }));
      posting.phrases.push(phrase);
      posting.shares.push(weight / total);
    }
  }
  return { needles, postings, reach: new Float64Array(needles.length) };
}

/**
 * The phrases that would be similar enough if their words stood in the text in order, side by side: none of the others
 * is. Leaves in `reach` how similar each could be.
 */
function withinReach({ postings, reach }: Plan, likes: ComparedText['likes'], floor: number): number[] {
  reach.fill(0);
  const enough = Math.max(floor, 1e-6) - 1e-9;
  const found: number[] = [];
  const count = ({ phrases, shares }: Posting, like: number) => {
    for (let at = 0; at < phrases.length; at++) {
      const phrase = phrases[at]!;
      const before = reach[phrase]!;
      const now = before + shares[at]! * like;
      reach[phrase] = now;
      if (now >= enough && before < enough) found.push(phrase);
    }
  };
  // The shorter list is walked: a word may be like thousands of others, and a scorecard may hold thousands of rules.
  if (postings.size < likes.size)
    for (const [id, posting] of postings) {
      const like = likes.get(id);
      if (like !== undefined) count(posting, like);
    }
  else
    for (const [id, like] of likes) {
      const posting = postings.get(id);
      if (posting) count(posting, like);
    }
  return found.sort((a, b) => a - b);
}

/** Which letters a word holds, as bits. */
function lettersOf(key: string): number {
  let letters = 0;
  for (let i = 0; i < key.length; i++) letters |= 1 << (key.charCodeAt(i) & 31);
  return letters;
}

/** False only for words whose likeness is 0: an edit changes at most two of the letters that a word holds. */
function mayBeAlike(word: { key: string; letters: number }, heard: string, letters: number): boolean {
  if (word.key.length < 4) return false;
  const limit = Math.floor(Math.max(word.key.length, heard.length) / 3);
  if (Math.abs(word.key.length - heard.length) <= limit && bits(word.letters ^ letters) <= 2 * limit) return true;
  return word.key.startsWith(heard) || heard.startsWith(word.key);
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function withoutHesitations(tokens: readonly Token[]): Token[] {
  const { skips } = hesitations(tokens);
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length;) {
    const to = Math.max(at, ...skips[at]!);
    if (to > at) at = to;
    else kept.push(tokens[at++]!);
  }
  return kept;
}

/** 0…1 of two different words; the phrase's has at least four letters. */
function wordLikeness(wanted: string, heard: string): number {
  const longer = Math.max(wanted.length, heard.length);
  const limit = Math.floor(longer / 3);
  const distance = editDistance(wanted, heard, limit);
  if (distance <= limit) return 0.9 * (1 - distance / longer);
  // Inflected forms (call, calling) are one word to a reader.
  const inflected = wanted.startsWith(heard) || heard.startsWith(wanted);
  return inflected && Math.min(wanted.length, heard.length) >= 4 ? 0.6 : 0;
}

const insertion = 0.15;

interface Cell {
  cost: number;
  from: number;
  /** Behind the last token that really took part, so that a quote does not trail off. */
  to: number;
}

function align(
  needle: readonly Needle[],
  tokens: readonly Token[],
  likeness: (part: Needle, token: Token) => number,
): { from: number; to: number; similarity: number } | null {
  const total = needle.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0 || tokens.length === 0) return null;
  let column: Cell[] = [{ cost: 0, from: 0, to: 0 }];
  for (const [row, part] of needle.entries()) column.push({ cost: column[row]!.cost + part.weight, from: -1, to: -1 });
  let best: { from: number; to: number; cost: number } | null = null;
  for (const [at, token] of tokens.entries()) {
    const next: Cell[] = [{ cost: 0, from: -1, to: -1 }];
    for (const [row, part] of needle.entries()) {
      const like = likeness(part, token);
      const diagonal = column[row]!;
      const left = column[row + 1]!;
      const up = next[row]!;
      let cell: Cell = { cost: up.cost + part.weight, from: up.from, to: up.to };
      if (left.cost + insertion < cell.cost) cell = { cost: left.cost + insertion, from: left.from, to: left.to };
      if (like > 0 && diagonal.cost + part.weight * (1 - like) <= cell.cost)
        cell = {
          cost: diagonal.cost + part.weight * (1 - like),
          from: diagonal.from < 0 || row === 0 ? at : diagonal.from,
          to: at + 1,
        };
      next.push(cell);
    }
    column = next;
    const last = column[needle.length]!;
    if (last.from >= 0 && (!best || last.cost < best.cost - 1e-9))
      best = { from: last.from, to: last.to, cost: last.cost };
  }
  if (!best) return null;
  return { from: best.from, to: best.to, similarity: Math.max(0, 1 - best.cost / total) };
}
