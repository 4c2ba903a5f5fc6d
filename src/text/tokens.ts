import { type Folded, fold } from './fold.ts';
import { digitNumeralAt, englishNumeralAt, hanNumeralAt, isNumberWord } from './numerals.ts';
import { isCjk, isHan, isWordCharacter } from './scripts.ts';
import type { TextSpan } from './types.ts';
import { expandWord } from './words.ts';

/** One unit of comparison: a word, a character of an unspaced script, or a number. */
export interface Token extends TextSpan {
  /** What is compared: the folded word or character; `#30` for a number however it was written. */
  key: string;
  kind: 'word' | 'character' | 'number';
  /** The number's value. */
  value?: number;
}

/**
 * Cuts a text into tokens with spans in the original. Punctuation and white space give no token. Contractions give
 * two tokens over one span (“I'm” → i, am); `twenty-one`, `21` and 二十一 give the same key.
 */
export function tokenise(text: string | Folded): Token[] {
  const folded = typeof text === 'string' ? fold(text) : text;
  const tokens: Token[] = [];
  const source = folded.text;
  const add = (start: number, end: number, kind: Token['kind'], key: string, value?: number) => {
    const from = folded.starts[start]!;
    const to = folded.ends[end - 1]!;
    tokens.push(value === undefined ? { start: from, end: to, key, kind } : { start: from, end: to, key, kind, value });
    foldedStarts.push(start);
    foldedEnds.push(end);
    if (kind === 'word' && !joinable) joinable = mayJoin(key);
  };
  let joinable = false;
  const foldedStarts: number[] = [];
  const foldedEnds: number[] = [];

  for (let at = 0; at < source.length;) {
    const codePoint = source.codePointAt(at)!;
    const width = codePoint > 0xffff ? 2 : 1;
    const numeral =
      codePoint >= 0x30 && codePoint <= 0x39
        ? digitNumeralAt(source, at)
        : isHan(codePoint)
          ? hanNumeralAt(source, at)
          : null;
    if (numeral) {
      add(at, numeral.end, 'number', `#${numeral.digits ?? numeral.value}`, numeral.value);
      at = numeral.end;
    } else if (isCjk(codePoint)) {
      add(at, at + width, 'character', source.slice(at, at + width));
      at += width;
    } else if (codePoint === 0x25) {
      add(at, at + 1, 'word', 'percent');
      at += 1;
    } else if (isWordCharacter(codePoint)) {
      const end = wordEnd(source, at);
      for (const word of expandWord(source.slice(at, end))) add(at, end, 'word', word);
      at = end;
    } else at += width;
  }
  return joinable ? mergeNumberWords(tokens, foldedStarts, foldedEnds, folded) : tokens;
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const codePoint = text.codePointAt(at)!;
    if (codePoint === 0x27) {
      const next = text.codePointAt(at + 1);
      if (next === undefined || !isWordCharacter(next) || isCjk(next)) break;
      at++;
      continue;
    }
    if (!isWordCharacter(codePoint) || isCjk(codePoint)) break;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return at;
}

/** Whether a word can be the first of several that make one token. */
function mayJoin(key: string): boolean {
  return key === 'per' || key === 'e' || key === 'a' || key === 'an' || isNumberWord(key);
}

const joins = /^[\s-]*$/;

/** Turns runs of English number words into one number token each, and “per cent” and “e-mail” into one word. */
function mergeNumberWords(tokens: Token[], starts: number[], ends: number[], folded: Folded): Token[] {
  const merged: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind !== 'word' || !mayJoin(token.key)) {
      merged.push(token);
      continue;
    }
    const run: string[] = [token.key];
    for (let j = i + 1; j < tokens.length && run.length < 12; j++) {
      if (tokens[j]!.kind !== 'word' || !joins.test(folded.text.slice(ends[j - 1], starts[j]))) break;
      run.push(tokens[j]!.key);
    }
    const numeral = englishNumeralAt(run, 0);
    const pair =
      run[0] === 'per' && run[1] === 'cent' ? 'percent' : run[0] === 'e' && run[1] === 'mail' ? 'email' : null;
    if (numeral) {
      const last = tokens[i + numeral[1] - 1]!;
      merged.push({ start: token.start, end: last.end, key: `#${numeral[0]}`, kind: 'number', value: numeral[0] });
      i += numeral[1] - 1;
    } else if (pair) {
      merged.push({ start: token.start, end: tokens[i + 1]!.end, key: pair, kind: 'word' });
      i += 1;
    } else merged.push(token);
  }
  return merged;
}
