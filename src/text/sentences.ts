import type { TextSpan } from './types.ts';

const enders = /[.!?。！？；;…\n]+["'”’)）」』]*/gu;
const abbreviations = new Set(['mr', 'mrs', 'ms', 'dr', 'st', 'no', 'vs', 'approx', 'etc', 'inc', 'ltd', 'ext', 'tel']);

/** A sentence of a text: its span, and its words exactly as they stand there. */
export interface Sentence extends TextSpan {
  text: string;
}

/** A full stop ends a sentence unless it stands in a number (1.5), after an initial (p.m.) or an abbreviation. */
function isStop(text: string, start: number, end: number): boolean {
  if (text.slice(start, end) !== '.') return true;
  const next = text[end];
  if (next !== undefined && !/\s/.test(next)) return false;
  const word = /[\p{L}]+$/u.exec(text.slice(Math.max(0, start - 12), start))?.[0].toLowerCase();
  if (word === undefined) return true;
  return !abbreviations.has(word) && !(word.length === 1 && word !== 'i' && /^[a-z]$/.test(word) && next !== undefined);
}

/** Cuts a text into sentences, in order, without the white space around them. Works for English and Chinese. */
export function splitSentences(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  const cut = (to: number) => {
    const piece = text.slice(start, to);
    const trimmed = piece.trim();
    if (trimmed !== '') {
      const at = start + piece.indexOf(trimmed);
      sentences.push({ start: at, end: at + trimmed.length, text: trimmed });
    }
    start = to;
  };
  for (const found of text.matchAll(enders))
    if (isStop(text, found.index, found.index + found[0].length)) cut(found.index + found[0].length);
  cut(text.length);
  return sentences;
}
