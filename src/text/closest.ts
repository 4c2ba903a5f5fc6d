import { compilePattern } from './pattern.ts';
import { hesitations } from './phrases.ts';
import { tokenWeight } from './similarity.ts';
import { editDistance } from './sound.ts';
import { type Token, tokenise } from './tokens.ts';
import type { PhraseSpec, TextSpan } from './types.ts';

export interface ClosestMatch extends TextSpan {
  /** Index into the phrases. */
  phrase: number;
  /** Index into the texts. */
  text: number;
  /** Exactly `texts[text].slice(start, end)`. */
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

/** Pairs of words whose likeness is kept before all are forgotten. */
const rememberedPairs = 100_000;

interface Needle {
  key: string | null;
  kind: Token['kind'] | 'any';
  weight: number;
}

/**
 * Finds what comes nearest to one of the phrases: a semi-global alignment (Sellers 1980) of each phrase with each text
 * over words and Chinese characters. Missing words cost their weight (function words little), a similar word part of
 * it, a word in between 0.15. Null when nothing is near enough. Ties: earliest text, earliest place, first phrase.
 * The phrases are prepared once, on first use.
 */
export function compileClosest(
  phrases: readonly PhraseSpec[],
  options: ClosestOptions = {},
): (texts: readonly string[]) => ClosestMatch | null {
  const floor = options.minSimilarity ?? 0.35;
  const likeness = new Map<string, number>();
  let needles: Needle[][] | undefined;
  return (texts) => {
    needles ??= phrases.map((spec) => needleOf(spec));
    if (likeness.size > rememberedPairs) likeness.clear();
    let budget = options.maxCells ?? 4_000_000;
    let best: ClosestMatch | null = null;
    for (const [textIndex, text] of texts.entries()) {
      const tokens = withoutHesitations(tokenise(text));
      for (const [phrase, needle] of needles.entries()) {
        budget -= needle.length * tokens.length;
        if (budget < 0) return best;
        const found = align(needle, tokens, likeness);
        if (!found || found.similarity < floor || (best && found.similarity <= best.similarity + 1e-9)) continue;
        const start = tokens[found.from]!.start;
        const end = tokens[found.to - 1]!.end;
        best = { phrase, text: textIndex, start, end, quote: text.slice(start, end), similarity: found.similarity };
      }
    }
    return best;
  };
}

function needleOf(spec: PhraseSpec): Needle[] {
  const pattern = compilePattern({ text: spec.text });
  return (pattern?.elements ?? []).map((element) =>
    element.any
      ? { key: null, kind: 'any', weight: 0 }
      : { key: element.key, kind: element.kind, weight: tokenWeight({ ...element, start: 0, end: 0 }) },
  );
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

function likenessOf(needle: Needle, token: Token, known: Map<string, number>): number {
  if (needle.key === null) return 1;
  if (needle.key === token.key) return 1;
  if (needle.kind !== 'word' || token.kind !== 'word' || needle.key.length < 4) return 0;
  const name = `${needle.key} ${token.key}`;
  let value = known.get(name);
  if (value === undefined) {
    const longer = Math.max(needle.key.length, token.key.length);
    const limit = Math.floor(longer / 3);
    const distance = editDistance(needle.key, token.key, limit);
    // Inflected forms (call, calling) are one word to a reader.
    const inflected = needle.key.startsWith(token.key) || token.key.startsWith(needle.key);
    if (distance <= limit) value = 0.9 * (1 - distance / longer);
    else value = inflected && Math.min(needle.key.length, token.key.length) >= 4 ? 0.6 : 0;
    if (known.size < 100_000) known.set(name, value);
  }
  return value;
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
  known: Map<string, number>,
): { from: number; to: number; similarity: number } | null {
  const total = needle.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0 || tokens.length === 0) return null;
  let column: Cell[] = [{ cost: 0, from: 0, to: 0 }];
  for (const [row, part] of needle.entries()) column.push({ cost: column[row]!.cost + part.weight, from: -1, to: -1 });
  let best: { from: number; to: number; cost: number } | null = null;
  for (const [at, token] of tokens.entries()) {
    const next: Cell[] = [{ cost: 0, from: -1, to: -1 }];
    for (const [row, part] of needle.entries()) {
      const like = likenessOf(part, token, known);
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
