import { fold } from './fold.ts';
import { hesitations } from './phrases.ts';
import { tokenise } from './tokens.ts';

/** What stands between two places of a text. */
export interface Spacing {
  /** Words; characters in scripts without spaces. Hesitations do not count, a contraction is one word. */
  count: number;
  /** Whether characters of such a script are among them. */
  characters: boolean;
}

/**
 * Prepares a text for measuring how far its words lie apart: `between(end, start)` counts what stands between offset
 * `end` of one find and offset `start` of the next. O(tokens between) per question.
 */
export function compileSpacing(text: string): (end: number, start: number) => Spacing {
  const tokens = tokenise(fold(text));
  const { skips } = hesitations(tokens);
  const counted: { start: number; end: number; character: boolean }[] = [];
  for (let at = 0; at < tokens.length;) {
    const to = Math.max(at, ...skips[at]!);
    if (to > at) {
      at = to;
      continue;
    }
    const { start, end, kind } = tokens[at++]!;
    if (counted.at(-1)?.start !== start) counted.push({ start, end, character: kind === 'character' });
  }
  return (end, start) => {
    let low = 0;
    let high = counted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (counted[middle]!.start < end) low = middle + 1;
      else high = middle;
    }
    let count = 0;
    let characters = false;
    for (let at = low; at < counted.length && counted[at]!.end <= start; at++) {
      count++;
      characters ||= counted[at]!.character;
    }
    return { count, characters };
  };
}
