import { foldText } from './fold.ts';
import { isNumberWord, numberWords } from './numerals.ts';
import { expandWord, fillers, shortForms } from './words.ts';

/** What a phrase matcher knows of its words, as the screen needs it. Symbols are numbered from 0. */
export interface ScreenGroup {
  /** How many symbols there are. */
  size: number;
  /** Its words; a word of a text that is none of them and no contraction stands for nothing, unless `inexact`. */
  words: readonly string[];
  /** Words that are not among its own may stand for them. */
  inexact: boolean;
  /** Symbols that a word of the text may stand for. */
  word(key: string): readonly number[];
  /** Symbols that a character of an unspaced script may stand for, in whatever context. */
  character(key: string): readonly number[];
  patterns: readonly ScreenPattern[];
}

export interface ScreenPattern {
  /** The symbols that a text must hold for it to match, in the order in which it holds them. */
  symbols: readonly number[];
  /** All are characters of an unspaced script with nothing between them but hesitations. */
  tight: boolean;
}

/** In `ScreenPattern.symbols`: some number, however it is written. */
export const numberSymbol = -1;

/** Which groups a text may hold a match of. */
export type Screen = (text: string) => readonly boolean[];

const separator = 0;
const lower = 1;
const upper = 2;
const digit = 3;
const apostrophe = 4;
const ideograph = 5;
const percent = 6;
/** Folding does more than replace one character by one, or the cutting into words would need a closer look. */
const odd = 7;

const firstIdeograph = 0x4e00;
const ideographs = 0xa000 - firstIdeograph;

const kinds = new Uint8Array(0x10000).fill(odd);
kinds.fill(separator, 0x20, 0x7f);
kinds[0x09] = kinds[0x0a] = kinds[0x0d] = separator;
kinds.fill(lower, 0x61, 0x7b);
kinds.fill(upper, 0x41, 0x5b);
kinds.fill(digit, 0x30, 0x3a);
kinds.fill(ideograph, firstIdeograph, firstIdeograph + ideographs);
for (const mark of '–—“”…、。《》「」【】（），：；！？～·') kinds[mark.charCodeAt(0)] = separator;
for (const mark of "'`’‘") kinds[mark.charCodeAt(0)] = apostrophe;
for (const mark of '%％') kinds[mark.charCodeAt(0)] = percent;

/** Code unit of the folded form of an ideograph; 0 where that is not one code unit. Filled as characters come by. */
const simplified = new Uint16Array(ideographs);

function foldIdeograph(code: number): number {
  const known = simplified[code - firstIdeograph]!;
  if (known !== 0) return known;
  const folded = foldText(String.fromCharCode(code));
  return (simplified[code - firstIdeograph] = folded.length === 1 ? folded.charCodeAt(0) : 0);
}

const numerals = new Set('零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿');
const hesitating = new Set(fillers.flatMap((filler) => [...filler]));
const keptWords = 50_000;
const noSymbol = new Int32Array(0);

/**
 * A quick look at a text before it is folded and cut into words: a group of phrases can only have a hit in it if all
 * words of one of its phrases occur in their order, whatever stands between. Never says no where the matcher would say yes; where the text
 * holds anything unusual it says yes.
 */
export function compileScreen(groups: readonly ScreenGroup[]): Screen {
  const offsets: number[] = [];
  let symbols = 1;
  for (const group of groups) {
    offsets.push(symbols);
    symbols += group.size;
  }
  const everywhere: readonly boolean[] = groups.map(() => true);
  const nowhere: readonly boolean[] = groups.map(() => false);
  const always = groups.map((group) => group.patterns.some(({ symbols: needed }) => needed.length === 0));
  const triggers = planTriggers(groups, offsets, symbols);
  const seen = new Uint32Array(symbols);
  const words = new Map<string, Int32Array>();
  const inexact = groups.some((group) => group.inexact);
  // A table and not a map: a Chinese text asks it for every character.
  const characters = new Array<{ list: Int32Array; hesitates: boolean } | undefined>(ideographs).fill(undefined);
  let look = 0;
  let found: number[] = [];
  const reading: Reading = { lists: [], passable: [], length: 0 };

  const mark = (list: Int32Array, passable: boolean) => {
    reading.lists[reading.length] = list;
    reading.passable[reading.length++] = passable;
    for (const symbol of list) {
      if (seen[symbol] === look) continue;
      seen[symbol] = look;
      if (triggers[symbol]) found.push(symbol);
    }
  };
  const own = (pick: (group: ScreenGroup) => readonly number[]): number[] =>
    groups.flatMap((group, g) => pick(group).map((symbol) => offsets[g]! + symbol));
  const numberMark = Int32Array.of(0);
  const listOf = (key: string): Int32Array => {
    const keys = [...expandWord(key), ...(key === 'cent' ? ['percent'] : key === 'mail' ? ['email'] : [])];
    return Int32Array.from([
      ...keys.flatMap((one) => own((group) => group.word(one))),
      ...(keys.some(isNumberWord) ? [0] : []),
    ]);
  };
  const markWord = (key: string) => {
    let list = words.get(key);
    if (list === undefined) {
      list = listOf(key);
      // Words are few in real text; a hostile one cannot make this grow without end.
      if (words.size < keptWords) words.set(key, list);
    }
    mark(list, true);
  };
  const known = inexact
    ? null
    : new WordTable(
        groups.flatMap((group) => group.words),
        (key) => listOf(key),
      );
  const markAt = (text: string, at: number, end: number, hash: number, raised: boolean, marks: boolean) => {
    if (known && !marks) {
      // A strange word that shares the hash of a known one passes for it: one more text that is looked at closely.
      mark(known.get(hash) ?? noSymbol, true);
      return;
    }
    const word = text.slice(at, end);
    markWord(plainApostrophes(raised ? word.toLowerCase() : word));
  };
  const markCharacter = (code: number) => {
    let known = characters[code - firstIdeograph];
    if (known === undefined) {
      const key = String.fromCharCode(code);
      const list = [...own((group) => group.character(key)), ...(numerals.has(key) ? [0] : [])];
      known = { list: list.length > 0 ? Int32Array.from(list) : noSymbol, hesitates: hesitating.has(key) };
      if (code >= firstIdeograph && code < firstIdeograph + ideographs) characters[code - firstIdeograph] = known;
    }
    mark(known.list, known.hesitates);
  };
  const possible = (): readonly boolean[] => {
    if (found.length === 0 && !always.includes(true)) return nowhere;
    const result = [...always];
    for (const symbol of found)
      for (const { group, needs, order, tight } of triggers[symbol]!)
        result[group] ||=
          needs.every((need) => seen[need] === look) && (tight ? inOnePiece(order, reading) : inOrder(order, reading));
    return result;
  };

  return (text) => {
    if (++look === 0xffff_ffff) {
      seen.fill(0);
      look = 1;
    }
    found = [];
    reading.length = 0;
    for (let at = 0; at < text.length;) {
      const code = text.charCodeAt(at);
      const kind = kinds[code]!;
      if (kind === lower || kind === upper) {
        let raised = kind === upper;
        let marks = false;
        let hash = mix(0, kind === upper ? code + 32 : code);
        let end = at + 1;
        for (; end < text.length; end++) {
          const unit = text.charCodeAt(end);
          const next = kinds[unit]!;
          if (next === lower || next === digit) hash = mix(hash, unit);
          else if (next === upper) {
            raised = true;
            hash = mix(hash, unit + 32);
          } else if (next === apostrophe && startsWord(text, end + 1)) marks = true;
          else break;
        }
        markAt(text, at, end, hash, raised, marks);
        at = end;
      } else if (kind === ideograph) {
        const folded = foldIdeograph(code);
        if (folded === 0) return everywhere;
        markCharacter(folded);
        at++;
      } else if (kind === odd) return everywhere;
      else {
        if (kind === digit) mark(numberMark, true);
        else if (kind === percent) markWord('percent');
        at++;
      }
    }
    return possible();
  };
}

function mix(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** What the words of phrases, short forms and number words stand for, by hash: open addressing, at most half full. */
class WordTable {
  readonly #mask: number;
  readonly #hashes: Int32Array;
  readonly #lists: (Int32Array | null)[];

  constructor(keys: readonly string[], listOf: (key: string) => Int32Array) {
    const all = new Set([...keys, ...shortForms, ...numberWords, 'cent', 'mail']);
    this.#mask = 2 ** Math.ceil(Math.log2(all.size * 2 + 1)) - 1;
    this.#hashes = new Int32Array(this.#mask + 1);
    this.#lists = new Array<Int32Array | null>(this.#mask + 1).fill(null);
    for (const key of all) {
      let hash = 0;
      for (let i = 0; i < key.length; i++) hash = mix(hash, key.charCodeAt(i));
      const at = this.#slot(hash);
      // Words with the same hash are told apart by nobody: the text is then looked at for either.
      this.#hashes[at] = hash;
      this.#lists[at] = Int32Array.from([...(this.#lists[at] ?? []), ...listOf(key)]);
    }
  }

  get(hash: number): Int32Array | null {
    return this.#lists[this.#slot(hash)]!;
  }

  #slot(hash: number): number {
    let at = (hash ^ (hash >>> 15)) & this.#mask;
    while (this.#lists[at] !== null && this.#hashes[at] !== hash) at = (at + 1) & this.#mask;
    return at;
  }
}

function startsWord(text: string, at: number): boolean {
  const kind = kinds[text.charCodeAt(at)];
  return kind === lower || kind === upper || kind === digit;
}

function plainApostrophes(word: string): string {
  return /[`’‘]/.test(word) ? word.replace(/[`’‘]/g, "'") : word;
}

interface Trigger {
  group: number;
  needs: Int32Array;
  /** The same symbols as the pattern reads them, one that it has twice twice. */
  order: Int32Array;
  tight: boolean;
}

/** A text as far as the screen reads it, word by word and character by character; the arrays are used again and again. */
interface Reading {
  /** What each may stand for. */
  lists: Int32Array[];
  /** Whether the matcher may pass over it, being a hesitation or a part of one. */
  passable: boolean[];
  length: number;
}

/**
 * Whether `order` can be read off a text, whatever stands between. One word may stand for several symbols in a row, as a
 * contraction does.
 */
function inOrder(order: Int32Array, { lists, length }: Reading): boolean {
  let next = 0;
  for (let at = 0; at < length && next < order.length; at++)
    while (next < order.length && lists[at]!.includes(order[next]!)) next++;
  return next === order.length;
}

/**
 * Whether `order` can be read off a text with nothing but hesitations between. Bit i of `reached`: the first i + 1 symbols
 * are read (Shift-And; Baeza-Yates & Gonnet, Communications of the ACM 35(10), 1992).
 */
function inOnePiece(order: Int32Array, { lists, passable, length }: Reading): boolean {
  const goal = 1 << (order.length - 1);
  let reached = 0;
  for (let at = 0; at < length; at++) {
    const list = lists[at]!;
    let fits = 0;
    if (list.length > 0) for (let i = 0; i < order.length; i++) if (list.includes(order[i]!)) fits |= 1 << i;
    reached = (((reached << 1) | 1) & fits) | (passable[at] ? reached : 0);
    if (reached & goal) return true;
  }
  return false;
}

/** Files every pattern under the symbol that fewest patterns share: what is rare in phrases is rare in talk. */
function planTriggers(groups: readonly ScreenGroup[], offsets: readonly number[], symbols: number) {
  const used = new Uint32Array(symbols);
  const needed = groups.flatMap((group, g) =>
    group.patterns.map((pattern) => {
      const order = Int32Array.from(pattern.symbols, (symbol) => (symbol === numberSymbol ? 0 : offsets[g]! + symbol));
      // The bits of one integer.
      return { group: g, needs: Int32Array.from(new Set(order)), order, tight: pattern.tight && order.length < 32 };
    }),
  );
  for (const { needs } of needed) for (const need of needs) used[need]!++;
  const triggers: (Trigger[] | undefined)[] = new Array<Trigger[] | undefined>(symbols);
  for (const one of needed) {
    if (one.needs.length === 0) continue;
    const rarest = one.needs.reduce((best, need) => (used[need]! < used[best]! ? need : best));
    (triggers[rarest] ??= []).push(one);
  }
  return triggers;
}
