import { fold } from './fold.ts';
import { syllables } from './pinyin.ts';
import { isHan } from './scripts.ts';
import { type Token, tokenise } from './tokens.ts';
import type { PhraseSpec } from './types.ts';

/** One word of a compiled phrase, or `any` for the wildcard. */
export type Element = { any: true } | { any: false; key: string; kind: Token['kind']; syllable: string | null };

export interface Pattern {
  spec: PhraseSpec;
  elements: Element[];
  /** Tokens tolerated before element i (0 for the first). */
  gaps: number[];
  /** The run of elements `[from, to)` that the automaton looks for; the rest is checked around it. */
  anchor: { from: number; to: number };
}

let segmenter: Intl.Segmenter | undefined;

/**
 * Places in a text where a word may be put in; Chinese words by the ICU dictionary. Not between two single characters:
 * there the dictionary did not know the word (上|门, 工|号).
 */
function openPlaces(text: string): Set<number> {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const places = new Set<number>();
  let previous = 2;
  for (const { segment, index } of segmenter.segment(text)) {
    if (segment.length > 1 || previous > 1) places.add(index);
    previous = segment.length;
  }
  return places;
}

/** Cuts a phrase into elements; null when it holds no word to look for. */
export function compilePattern(spec: PhraseSpec): Pattern | null {
  const text = fold(spec.text).text;
  const open = openPlaces(text);
  const elements: Element[] = [];
  const gaps: number[] = [];
  const gap = Math.max(0, Math.floor(spec.maxGap ?? 0));
  let offset = 0;
  for (const part of text.split('*')) {
    if (offset > 0) {
      elements.push({ any: true });
      gaps.push(gap);
    }
    const read = spec.sound && spec.sound !== 'exact' ? syllablesByOffset(part) : null;
    let previousEnd = -1;
    for (const token of tokenise(part)) {
      const inside = token.kind === 'character' && token.start === previousEnd && !open.has(offset + token.start);
      // The two words of a contraction share a span and stay together too.
      const sharesSpan = token.start < previousEnd;
      gaps.push(elements.length === 0 || inside || sharesSpan ? 0 : gap);
      // A numeral of one character may be misheard like any other; a longer one is compared by value alone.
      const syllable = token.end - token.start === 1 ? (read?.get(token.start) ?? null) : null;
      elements.push({ any: false, key: token.key, kind: token.kind, syllable });
      previousEnd = token.end;
    }
    offset += part.length + 1;
  }
  while (elements[0]?.any) {
    elements.shift();
    gaps.shift();
  }
  while (elements.at(-1)?.any) {
    elements.pop();
    gaps.pop();
  }
  if (elements.length === 0) return null;
  gaps[0] = 0;
  return { spec, elements, gaps, anchor: longestRun(elements, gaps) };
}

function syllablesByOffset(text: string): Map<number, string> {
  const map = new Map<number, string>();
  let at = 0;
  const read = syllables(text);
  for (const [i, character] of [...text].entries()) {
    const syllable = read[i];
    if (syllable) map.set(at, syllable);
    at += character.length;
  }
  return map;
}

/** The gapless run of literal elements with the most letters: the rarest thing to look for first. */
function longestRun(elements: readonly Element[], gaps: readonly number[]): { from: number; to: number } {
  let best = { from: 0, to: 1, weight: -1 };
  for (let from = 0; from < elements.length;) {
    const first = elements[from]!;
    if (first.any) {
      from++;
      continue;
    }
    let weight = weigh(first);
    let to = from + 1;
    for (; to < elements.length && gaps[to] === 0; to++) {
      const element = elements[to]!;
      if (element.any) break;
      weight += weigh(element);
    }
    if (weight > best.weight) best = { from, to, weight };
    from = to;
  }
  return { from: best.from, to: best.to };
}

function weigh(element: Element): number {
  if (element.any) return 0;
  return element.kind === 'character' && isHan(element.key.codePointAt(0)!) ? 3 : element.key.length;
}
