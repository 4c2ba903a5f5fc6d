import type { Token } from '../text/index.ts';
import { negators, transparent } from './cues.ts';

/**
 * Is what starts at `start` denied within its clause? Counts the negators in front of it that nothing but helping
 * words separate from it (“is not always free”, 不能享受免费); two of them cancel out (不是不免费). “No” negates only the
 * very next word, so that “no it is free” stays an assent.
 */
export function isNegated(tokens: readonly Token[], clauseStart: number, start: number): boolean {
  let count = 0;
  let at = tokens.findLastIndex((token) => token.end <= start);
  let adjacent = true;
  for (; at >= 0 && tokens[at]!.start >= clauseStart; at--) {
    const { key } = tokens[at]!;
    if (negators.has(key)) {
      if (key === 'no' && !adjacent) break;
      // 没 + 有, 不 + 是: the verb was passed over as a helping word already.
      count++;
      adjacent = false;
    } else if (transparent.has(key)) adjacent = false;
    else break;
  }
  return count % 2 === 1;
}
