import { alignment, spanAround, type Stream, type SymbolPattern } from './align.ts';
import { Automaton } from './automaton.ts';
import { type Folded, fold } from './fold.ts';
import { compilePattern, type Element, type Pattern } from './pattern.ts';
import { readings, syllables, withoutTone } from './pinyin.ts';
import { compileScreen, numberSymbol, type ScreenGroup } from './screen.ts';
import { soundsNear, syllableClass } from './sound.ts';
import { type Token, tokenise } from './tokens.ts';
import type { PhraseHit, PhraseMatcher, PhraseSpec, Substitution } from './types.ts';
import { fillers } from './words.ts';

/** Phrases that share one idea of “the same sound” share one automaton. */
interface Group {
  patterns: { index: number; pattern: Pattern; symbols: SymbolPattern }[];
  vocabulary: Vocabulary;
  automaton: Automaton;
}

/** The words of a group's phrases as integers, and which of them a heard word may stand for. */
class Vocabulary {
  readonly #ids = new Map<string, number>();
  readonly #entries: { key: string; kind: Token['kind']; soft: boolean; sound: string | null }[] = [];
  readonly #classes = new Map<string, number[]>();
  readonly #byKey = new Map<string, number[]>();
  readonly #heard = new Map<string, readonly number[]>();
  readonly #spec: PhraseSpec;

  constructor(spec: PhraseSpec) {
    this.#spec = spec;
  }

  get inexact(): boolean {
    return this.#spec.sound !== undefined && this.#spec.sound !== 'exact';
  }

  get hasSyllables(): boolean {
    return this.#classes.size > 0;
  }

  /** `soft`: may be matched by its sound. A lone Chinese character may not: it would match almost anywhere. */
  id(element: Exclude<Element, { any: true }>, soft: boolean): number {
    const sound = soft && element.syllable !== null ? this.#class(element.syllable) : null;
    const name = `${soft ? '~' : '='}${element.key}\u0000${sound ?? ''}`;
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#entries.length;
      this.#ids.set(name, id);
      this.#entries.push({ key: element.key, kind: element.kind, soft, sound });
      push(this.#byKey, element.key, id);
      if (sound !== null) push(this.#classes, sound, id);
    }
    return id;
  }

  /** Symbols that a token may stand for. */
  symbolsOf(token: Token, syllable: string | null): readonly number[] {
    if (!this.inexact) return this.#byKey.get(token.key) ?? [];
    const name = syllable === null ? token.key : `${token.key}\u0000${syllable}`;
    let symbols = this.#heard.get(name);
    if (!symbols) {
      symbols = this.#search(token, syllable);
      if (this.#heard.size < 50_000) this.#heard.set(name, symbols);
    }
    return symbols;
  }

  get size(): number {
    return this.#entries.length;
  }

  get words(): readonly string[] {
    return this.#entries.filter((entry) => entry.kind === 'word').map((entry) => entry.key);
  }

  /** Symbols that a character may stand for, whatever its neighbours make of its sound. */
  symbolsAnywhere(character: string): readonly number[] {
    const symbols = new Set(this.#byKey.get(character));
    if (this.inexact)
      for (const reading of readings(character))
        for (const tone of ['', '0', '1', '2', '3', '4'])
          for (const id of this.#classes.get(this.#class(reading + tone)) ?? []) symbols.add(id);
    return [...symbols];
  }

  /** Whether a symbol stands for a number. */
  isNumber(id: number): boolean {
    return this.#entries[id]!.kind === 'number';
  }

  key(id: number): string {
    return this.#entries[id]!.key;
  }

  #search(token: Token, syllable: string | null): readonly number[] {
    const symbols = new Set(this.#byKey.get(token.key));
    for (const sound of syllable === null ? [] : this.#soundsOf(syllable))
      for (const id of this.#classes.get(sound) ?? [])
        // 四天 is never taken for 十天: numbers are compared by value alone.
        if (token.kind !== 'number' || this.#entries[id]!.kind !== 'number') symbols.add(id);
    if (token.kind === 'word' && this.#spec.sound === 'near')
      for (const [id, entry] of this.#entries.entries())
        if (entry.soft && entry.kind === 'word' && soundsNear(token.key, entry.key)) symbols.add(id);
    return [...symbols];
  }

  /** Sounds that a syllable agrees with; a neutral tone, which any tone may weaken to, agrees with all. */
  #soundsOf(syllable: string): string[] {
    const own = this.#class(syllable);
    if (!/\d$/.test(own)) return [own];
    const base = withoutTone(own);
    return (own.endsWith('0') ? [0, 1, 2, 3, 4] : [0, Number(own.at(-1))]).map((tone) => `${base}${tone}`);
  }

  #class(syllable: string): string {
    return syllableClass(syllable, this.#spec.sound ?? 'exact', this.#spec.ignoreTones ?? false);
  }
}

function push<K>(map: Map<K, number[]>, key: K, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

const fillerKeys: readonly (readonly string[])[] = fillers.map((text) => tokenise(text).map((token) => token.key));
const fillersByFirst = new Map<string, (readonly string[])[]>();
for (const keys of fillerKeys) {
  const list = fillersByFirst.get(keys[0]!);
  if (list) list.push(keys);
  else fillersByFirst.set(keys[0]!, [keys]);
}

const nowhere: number[] = [];
let nothing: number[][] = [];

/** At least so many times nowhere; never to be written to. */
function nowhereAtAll(length: number): number[][] {
  if (nothing.length < length) nothing = new Array<number[]>(length * 2).fill(nowhere);
  return nothing;
}

/** Where reading may go on when hesitations and stammered repetitions (“I I understand”) are passed over. */
export function hesitations(tokens: readonly Token[]): { skips: number[][]; skipsBack: number[][] } {
  // Most texts have none: they share one list of nothing.
  let skips = nowhereAtAll(tokens.length + 1);
  let skipsBack = skips;
  const add = (from: number, to: number) => {
    if (skips === skipsBack) {
      skips = skips.slice(0, tokens.length + 1);
      skipsBack = skips.slice();
    }
    if (skips[from] === nowhere) skips[from] = [];
    if (skipsBack[to] === nowhere) skipsBack[to] = [];
    skips[from]!.push(to);
    skipsBack[to]!.push(from);
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const starting = fillersByFirst.get(token.key);
    if (starting)
      for (const keys of starting) if (keys.every((key, i) => tokens[at + i]?.key === key)) add(at, at + keys.length);
    if (at > 0 && token.kind === 'word' && tokens[at - 1]!.key === token.key) add(at, at + 1);
  }
  return { skips, skipsBack };
}

/**
 * Compiles phrases into one matcher: one pass over a text finds the hits of all of them, with offsets into the
 * original text. Latin words match whole words, Chinese matches anywhere; punctuation, hesitations, contractions,
 * width, case, traditional characters and the way a number is written make no difference. A phrase that holds no
 * word (empty, only `*` or punctuation) never matches; see `isSearchable`.
 */
export function compilePhrases(phrases: readonly PhraseSpec[]): PhraseMatcher {
  const groups = buildGroups(phrases);
  const screen = compileScreen(groups.map(screenGroup));
  return {
    find(text) {
      const possible = screen(text);
      if (!possible.includes(true)) return [];
      const folded = fold(text);
      const tokens = tokenise(folded);
      const pauses = hesitations(tokens);
      let spoken: (string | null)[] | undefined;
      const hits: PhraseHit[] = [];
      for (const [index, group] of groups.entries()) {
        if (!possible[index]) continue;
        if (group.vocabulary.hasSyllables) spoken ??= tokenSyllables(folded, tokens);
        const stream: Stream = {
          tokens,
          symbols: tokens.map((token, i) =>
            group.vocabulary.symbolsOf(token, group.vocabulary.hasSyllables ? (spoken?.[i] ?? null) : null),
          ),
          ...pauses,
        };
        hits.push(...findInGroup(group, stream, text));
      }
      return hits.sort((a, b) => a.start - b.start || a.end - b.end || a.phrase - b.phrase);
    },
  };
}

function screenGroup({ vocabulary, patterns }: Group): ScreenGroup {
  return {
    size: vocabulary.size,
    words: vocabulary.words,
    inexact: vocabulary.inexact,
    word: (key) => vocabulary.symbolsOf({ key, kind: 'word', start: 0, end: key.length }, null),
    character: (key) => vocabulary.symbolsAnywhere(key),
    patterns: patterns.map(({ pattern: { elements, gaps }, symbols }) => ({
      symbols: symbols.symbols.flatMap((symbol) => {
        if (symbol < 0) return [];
        if (!vocabulary.isNumber(symbol)) return [symbol];
        // A numeral may be matched by its sound too, and then demands no number of the text.
        return vocabulary.inexact ? [] : [numberSymbol];
      }),
      tight: elements.every((element, i) => !element.any && element.kind === 'character' && gaps[i] === 0),
    })),
  };
}

/** False for a phrase that could never match because it holds no word. */
export function isSearchable(phrase: string): boolean {
  // A letter, a digit or a Chinese character is always a word or part of one; the rest is looked at closely.
  return /[a-z0-9\p{Script=Han}]/iu.test(phrase) || compilePattern({ text: phrase }) !== null;
}

function buildGroups(phrases: readonly PhraseSpec[]): Group[] {
  const byMode = new Map<string, { spec: PhraseSpec; patterns: { index: number; pattern: Pattern }[] }>();
  for (const [index, spec] of phrases.entries()) {
    const pattern = compilePattern(spec);
    if (!pattern) continue;
    const mode = `${spec.sound ?? 'exact'}${spec.ignoreTones ? '-' : '+'}`;
    let group = byMode.get(mode);
    if (!group) byMode.set(mode, (group = { spec, patterns: [] }));
    group.patterns.push({ index, pattern });
  }
  return Array.from(byMode.values(), ({ spec, patterns }) => {
    const vocabulary = new Vocabulary(spec);
    const compiled = patterns.map(({ index, pattern }) => {
      const characters = pattern.elements.filter((element) => !element.any && element.kind !== 'word').length;
      const symbols = pattern.elements.map((element) =>
        element.any ? -1 : vocabulary.id(element, element.kind === 'word' || characters > 1),
      );
      return { index, pattern, symbols: { symbols, gaps: pattern.gaps } };
    });
    const anchors = compiled.map(({ pattern, symbols }) =>
      symbols.symbols.slice(pattern.anchor.from, pattern.anchor.to),
    );
    return { patterns: compiled, vocabulary, automaton: new Automaton(anchors) };
  });
}

function tokenSyllables(folded: Folded, tokens: readonly Token[]): (string | null)[] {
  const byOffset = new Map<number, string>();
  const read = syllables(folded.text);
  let at = 0;
  for (const [i, character] of [...folded.text].entries()) {
    if (read[i]) byOffset.set(folded.span(at, at + 1).start, read[i]);
    at += character.length;
  }
  return tokens.map((token) =>
    token.kind === 'character' || (token.kind === 'number' && token.end - token.start === 1)
      ? (byOffset.get(token.start) ?? null)
      : null,
  );
}

function findInGroup(group: Group, stream: Stream, text: string): PhraseHit[] {
  const spans = new Map<number, { from: number; to: number }[]>();
  group.automaton.run(
    stream.tokens.length,
    (at) => stream.symbols[at]!,
    (at) => stream.skips[at]!,
    (found, end) => {
      const { pattern, symbols } = group.patterns[found]!;
      const span = spanAround(stream, symbols, pattern.anchor.to, end);
      if (!span) return;
      const list = spans.get(found);
      if (list) list.push(span);
      else spans.set(found, [span]);
    },
  );
  const hits: PhraseHit[] = [];
  for (const [found, list] of spans) {
    const entry = group.patterns[found]!;
    const accepted = list.flatMap((span) => {
      const substitutions = group.vocabulary.inexact ? substitutionsIn(group, entry, stream, span, text) : [];
      return substitutions ? [{ ...span, substitutions }] : [];
    });
    for (const { from, to, substitutions } of apart(accepted)) {
      const start = stream.tokens[from]!.start;
      const end = stream.tokens[to - 1]!.end;
      hits.push({ phrase: entry.index, start, end, quote: text.slice(start, end), substitutions });
    }
  }
  return hits;
}

/** Keeps matches that do not overlap, earliest end first, the tightest of those that end together. */
function apart<T extends { from: number; to: number }>(spans: readonly T[]): T[] {
  const kept: T[] = [];
  let end = 0;
  for (const span of [...spans].sort((a, b) => a.to - b.to || b.from - a.from)) {
    if (span.from < end) continue;
    kept.push(span);
    end = span.to;
  }
  return kept;
}

/**
 * The words taken for others in a match; null when more than half of the phrase's words would be (rounded up), save
 * for true homophones, tone included, which may be all of them.
 */
function substitutionsIn(
  group: Group,
  entry: Group['patterns'][number],
  stream: Stream,
  span: { from: number; to: number },
  text: string,
): Substitution[] | null {
  const { symbols } = entry.symbols;
  const aligned = alignment(stream, entry.symbols, span.from, span.to, (element, token) =>
    group.vocabulary.key(symbols[element]!) === stream.tokens[token]!.key ? 0 : 1,
  );
  if (!aligned) return null;
  const words = symbols.filter((symbol) => symbol >= 0).length;
  const { spec } = entry.pattern;
  const strict = spec.sound === 'homophone' && !spec.ignoreTones;
  if (!strict && aligned.cost > Math.ceil(words / 2)) return null;
  const substitutions: Substitution[] = [];
  for (const [element, at] of aligned.tokens.entries()) {
    if (at === null) continue;
    const expected = group.vocabulary.key(symbols[element]!);
    const token = stream.tokens[at]!;
    if (token.key !== expected)
      substitutions.push({ start: token.start, end: token.end, heard: text.slice(token.start, token.end), expected });
  }
  return substitutions;
}
