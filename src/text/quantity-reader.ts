import { type Folded, fold } from './fold.ts';
import { type QuantityUnit, unitWords } from './quantity-words.ts';
import { type Token, tokenise } from './tokens.ts';

/** A number before its unit is known. Token positions `[from, to)`. */
export interface Amount {
  from: number;
  to: number;
  low: number | null;
  high: number | null;
  unit?: QuantityUnit;
  currency?: string | null;
  halfDay?: boolean;
}

/** A text as the amount readers walk it. */
export class Reader {
  readonly folded: Folded;
  readonly tokens: readonly Token[];

  constructor(text: string) {
    this.folded = fold(text);
    this.tokens = tokenise(this.folded);
  }

  key(at: number): string {
    return this.tokens[at]?.key ?? '';
  }

  has(keys: readonly string[], at: number): boolean {
    return at >= 0 && keys.every((key, i) => this.key(at + i) === key);
  }

  /** What stands between token `at - 1` and token `at` in the original. */
  between(at: number): string {
    const previous = this.tokens[at - 1];
    const next = this.tokens[at];
    return previous && next ? this.folded.original.slice(previous.end, next.start) : '';
  }

  before(at: number): string {
    const token = this.tokens[at];
    return token ? this.folded.original.slice(Math.max(0, token.start - 1), token.start) : '';
  }
}

/** The unit whose words start at token `at`. */
export function unitAt(
  reader: Reader,
  at: number,
): { to: number; unit: QuantityUnit; currency: string | null; times: number } | null {
  // “周一，周三” holds no week: a unit follows its number at once.
  if (!/^[\s-]*$/.test(reader.between(at))) return null;
  for (const { keys, unit, currency, times } of unitWords)
    if (reader.has(keys, at)) return { to: at + keys.length, unit, currency: currency ?? null, times: times ?? 1 };
  return null;
}
