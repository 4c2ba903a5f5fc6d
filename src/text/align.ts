import type { Token } from './tokens.ts';

/** A text as the matcher walks it: which pattern symbols each token may stand for, and what may be skipped. */
export interface Stream {
  tokens: readonly Token[];
  /** Symbols that token i may stand for. */
  symbols: readonly (readonly number[])[];
  /** Token positions reachable from i by skipping a hesitation that starts at i. */
  skips: readonly (readonly number[])[];
  /** The same seen from behind: starts of the hesitations that end before position i. */
  skipsBack: readonly (readonly number[])[];
}

/** A pattern in symbols: `-1` is the wildcard. `gaps[i]` tokens are tolerated before element i. */
export interface SymbolPattern {
  symbols: readonly number[];
  gaps: readonly number[];
}

const maxWildcardCharacters = 4;

/** Positions behind one element read from `at`; backwards, positions in front of it. */
function readElement(stream: Stream, symbol: number, at: number, forward: boolean): number[] {
  const index = forward ? at : at - 1;
  const token = stream.tokens[index];
  if (!token) return [];
  const step = forward ? 1 : -1;
  if (symbol >= 0) return stream.symbols[index]!.includes(symbol) ? [at + step] : [];
  if (token.kind !== 'character') return [at + step];
  const ends: number[] = [];
  for (let n = 1; n <= maxWildcardCharacters; n++) {
    if (stream.tokens[index + (n - 1) * step]?.kind !== 'character') break;
    ends.push(at + n * step);
  }
  return ends;
}

/** All positions from which the next element may be read: hesitations are free, other tokens use up the gap. */
function reachable(stream: Stream, from: ReadonlySet<number>, gap: number, forward: boolean): Set<number> {
  const used = new Map<number, number>();
  const queue: number[] = [];
  for (const at of from) {
    used.set(at, 0);
    queue.push(at);
  }
  const visit = (at: number, cost: number) => {
    if (cost > gap || at < 0 || at > stream.tokens.length) return;
    const known = used.get(at);
    if (known !== undefined && known <= cost) return;
    used.set(at, cost);
    queue.push(at);
  };
  for (let head = 0; head < queue.length; head++) {
    const at = queue[head]!;
    const cost = used.get(at)!;
    for (const to of (forward ? stream.skips : stream.skipsBack)[at] ?? []) visit(to, cost);
    if (gap > 0) visit(at + (forward ? 1 : -1), cost + 1);
  }
  return new Set(used.keys());
}

/** Reads elements `[first, last]` from the given positions; the positions behind them (none: no match). */
function readAll(
  stream: Stream,
  pattern: SymbolPattern,
  from: ReadonlySet<number>,
  elements: readonly number[],
  forward: boolean,
  gapsFor: (element: number) => number | null,
): Set<number> {
  let positions = from;
  for (const element of elements) {
    const gap = gapsFor(element);
    const starts = gap === null ? positions : reachable(stream, positions, gap, forward);
    const next = new Set<number>();
    for (const at of starts) for (const to of readElement(stream, pattern.symbols[element]!, at, forward)) next.add(to);
    if (next.size === 0) return next;
    positions = next;
  }
  return new Set(positions);
}

/**
 * The tightest match of a pattern whose elements up to `last` (exclusive) end before token `end`: latest start,
 * earliest end, as token positions; null when the rest does not fit.
 */
export function spanAround(
  stream: Stream,
  pattern: SymbolPattern,
  last: number,
  end: number,
): { from: number; to: number } | null {
  const backwards = Array.from({ length: last }, (_, i) => last - 1 - i);
  const starts = readAll(stream, pattern, new Set([end]), backwards, false, (element) =>
    element === last - 1 ? null : pattern.gaps[element + 1]!,
  );
  if (starts.size === 0) return null;
  const rest = Array.from({ length: pattern.symbols.length - last }, (_, i) => last + i);
  const ends = readAll(stream, pattern, new Set([end]), rest, true, (element) => pattern.gaps[element]!);
  if (ends.size === 0) return null;
  return { from: Math.max(...starts), to: Math.min(...ends) };
}

/**
 * Which token each literal element took in a match over tokens `[from, to)`, with the fewest words that are not the
 * phrase's own (`costOf` 1); null when the pattern does not fit exactly there.
 */
export function alignment(
  stream: Stream,
  pattern: SymbolPattern,
  from: number,
  to: number,
  costOf: (element: number, token: number) => number,
): { cost: number; tokens: (number | null)[] } | null {
  type Path = { cost: number; tokens: (number | null)[] };
  let paths = new Map<number, Path>([[from, { cost: 0, tokens: [] }]]);
  for (const [element, symbol] of pattern.symbols.entries()) {
    const next = new Map<number, Path>();
    for (const [at, path] of paths) {
      const starts = element === 0 ? [at] : reachable(stream, new Set([at]), pattern.gaps[element]!, true);
      for (const start of starts) {
        if (start >= to) continue;
        for (const end of readElement(stream, symbol, start, true)) {
          const cost = path.cost + (symbol < 0 ? 0 : costOf(element, start));
          const known = next.get(end);
          if (end > to || (known && known.cost <= cost)) continue;
          next.set(end, { cost, tokens: [...path.tokens, symbol < 0 ? null : start] });
        }
      }
    }
    paths = next;
  }
  return paths.get(to) ?? null;
}
