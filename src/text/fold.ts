import { isCjk, isHan } from './scripts.ts';
import { toSimplified } from './traditional.ts';
import type { TextSpan } from './types.ts';

export interface FoldOptions {
  /** Drop white space between two characters of an unspaced script (“您 好” → “您好”). Default false. */
  joinCjk?: boolean;
}

/**
 * A text in the form in which texts are compared, and the way back. Unit `i` of `text` comes from
 * `original.slice(starts[i], ends[i])`; both arrays never fall.
 */
export class Folded {
  readonly original: string;
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;

  constructor(original: string, text: string, starts: Int32Array, ends: Int32Array) {
    this.original = original;
    this.text = text;
    this.starts = starts;
    this.ends = ends;
  }

  /** Where the folded span `[start, end)` came from; an empty span maps to an empty one. */
  span(start: number, end: number): TextSpan {
    const at = Math.max(0, Math.min(start, this.text.length));
    if (end <= at) {
      const position = at < this.text.length ? this.starts[at]! : this.original.length;
      return { start: position, end: position };
    }
    return { start: this.starts[at]!, end: this.ends[Math.min(end, this.text.length) - 1]! };
  }

  /** The original words behind the folded span `[start, end)`. */
  quote(start: number, end: number): string {
    const span = this.span(start, end);
    return this.original.slice(span.start, span.end);
  }
}

/** Zero-width characters, bidirectional controls, soft hyphens and variation selectors: they hide words from rules. */
const invisible = /\p{Cf}|\p{Default_Ignorable_Code_Point}/u;
const invisibles = new RegExp(invisible.source, 'gu');
/** Joins the code point before it under NFKC: combining marks, jamo, half-width voicing marks. */
const extender = /\p{M}|[\u1160-\u11FF\u3130-\u318F\uD7B0-\uD7FB\uFF9E-\uFFDC]/u;

const punctuation = new Map<string, string>();
for (const mark of '‘’‚‛ʼ′`') punctuation.set(mark, "'");
for (const mark of '“”„‟″') punctuation.set(mark, '"');
for (const mark of '‐‑‒–—―−﹘﹣') punctuation.set(mark, '-');

/** Folds one cluster (a code point and what joins it). Repeats until nothing changes, so that folding is stable. */
function foldCluster(cluster: string): string {
  let text = cluster;
  for (let round = 0; round < 4; round++) {
    let next = text.normalize('NFKC').replace(invisibles, '');
    next = next.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
    let mapped = '';
    for (const character of next) {
      const codePoint = character.codePointAt(0)!;
      if (isHan(codePoint)) mapped += toSimplified(character);
      else if (/\s/u.test(character)) mapped += ' ';
      else mapped += punctuation.get(character) ?? character;
    }
    if (mapped === text) break;
    text = mapped;
  }
  return text;
}

const cache = new Map<string, string>();

function foldCached(cluster: string): string {
  let folded = cache.get(cluster);
  if (folded === undefined) {
    folded = foldCluster(cluster);
    // Clusters are few in real text; a hostile one cannot make the cache grow without end.
    if (cache.size < 20_000 && cluster.length <= 4) cache.set(cluster, folded);
  }
  return folded;
}

/** End of the cluster that starts at `at`. */
function clusterEnd(text: string, at: number): number {
  let end = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code < 0x300) break;
    if (code >= 0x4e00 && code <= 0x9fff) break;
    const next = text.codePointAt(end)!;
    const character = String.fromCodePoint(next);
    if (!extender.test(character) && !invisible.test(character)) break;
    end += next > 0xffff ? 2 : 1;
  }
  return end;
}

function isAsciiPlain(code: number): boolean {
  return code >= 0x20 && code < 0x7f && code !== 0x60;
}

/**
 * Folded form of a code unit that always folds to one code unit by itself; 0 where it does not (it joins its neighbour,
 * vanishes, grows, or is half of a pair), `unasked` where nobody has asked yet.
 */
const unasked = 0xffff;
const single = new Uint16Array(0x10000).fill(unasked);

function foldSingle(code: number): number {
  const known = single[code]!;
  if (known !== unasked) return known;
  const character = String.fromCharCode(code);
  const alone = code < 0xd800 || code > 0xdfff;
  const folded = alone && !extender.test(character) && !invisible.test(character) ? foldCached(character) : '';
  return (single[code] = folded.length === 1 ? folded.charCodeAt(0) : 0);
}

let identity = new Int32Array(0);

/** `0, 1, 2, …` of the given length; shared, never to be written to. */
function countUp(from: number, length: number): Int32Array {
  if (identity.length < from + length) identity = Int32Array.from({ length: 2 * (from + length) }, (_, i) => i);
  return identity.subarray(from, from + length);
}

/** Folds a text in which every code unit stands for itself; null where one does not. */
function foldPlain(original: string): Folded | null {
  const { length } = original;
  const codes = new Uint16Array(length);
  for (let at = 0; at < length; at++) {
    const code = foldSingle(original.charCodeAt(at));
    if (code === 0) return null;
    codes[at] = code;
  }
  return new Folded(original, ofCodes(codes), countUp(0, length), countUp(1, length));
}

const codesAtOnce = 8192;

function ofCodes(codes: Uint16Array): string {
  if (codes.length <= codesAtOnce) return String.fromCharCode.apply(null, codes as unknown as number[]);
  let text = '';
  for (let at = 0; at < codes.length; at += codesAtOnce) text += ofCodes(codes.subarray(at, at + codesAtOnce));
  return text;
}

/**
 * Folds a text for comparison: Unicode NFKC (full width → half width), case folding, one kind of quote, dash and
 * space, traditional → simplified characters, invisible characters removed. The result maps back to the original
 * exactly. Folding a folded text changes nothing.
 */
export function fold(original: string, options: FoldOptions = {}): Folded {
  const folded = foldPlain(original) ?? foldClusters(original);
  return options.joinCjk ? joinCjk(folded) : folded;
}

function foldClusters(original: string): Folded {
  const pieces: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const push = (piece: string, start: number, end: number) => {
    pieces.push(piece);
    for (let i = 0; i < piece.length; i++) {
      starts.push(start);
      ends.push(end);
    }
  };
  let at = 0;
  while (at < original.length) {
    const code = original.charCodeAt(at);
    const following = at + 1 < original.length ? original.charCodeAt(at + 1) : 0;
    if (isAsciiPlain(code) && following < 0x300) {
      push(code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 32) : original[at]!, at, at + 1);
      at++;
      continue;
    }
    const end = clusterEnd(original, at);
    push(foldCached(original.slice(at, end)), at, end);
    at = end;
  }
  return new Folded(original, pieces.join(''), Int32Array.from(starts), Int32Array.from(ends));
}

/** The folded text alone, for keys and comparisons that need no way back. */
export function foldText(text: string): string {
  return fold(text).text;
}

/** Nothing can be joined where no two characters of unspaced scripts have only spaces between them. */
const joinable = /[\u0e00-\uffff] +[\u0e00-\uffff]/;

function joinCjk(folded: Folded): Folded {
  const { text } = folded;
  if (!joinable.test(text)) return folded;
  const keep: number[] = [];
  for (let at = 0; at < text.length;) {
    if (text[at] !== ' ') {
      keep.push(at++);
      continue;
    }
    let end = at;
    while (text[end] === ' ') end++;
    const before = keep.length > 0 ? codePointEndingAt(text, keep.at(-1)!) : 0;
    const after = end < text.length ? text.codePointAt(end)! : 0;
    if (!(isCjk(before) && isCjk(after))) for (let i = at; i < end; i++) keep.push(i);
    at = end;
  }
  return new Folded(
    folded.original,
    keep.map((i) => text[i]).join(''),
    Int32Array.from(keep, (i) => folded.starts[i]!),
    Int32Array.from(keep, (i) => folded.ends[i]!),
  );
}

function codePointEndingAt(text: string, at: number): number {
  const low = text.charCodeAt(at);
  return low >= 0xdc00 && low <= 0xdfff && at > 0 ? text.codePointAt(at - 1)! : low;
}
