/**
 * Literals of which at least one stands in every text that a regular expression matches; null when none can be told.
 * Deliberately timid: anything unusual gives null, and the expression is then simply run.
 */
export function requiredLiterals(pattern: string): string[] | null {
  const parser = new Parser(pattern);
  const literals = parser.alternation();
  return parser.done ? literals : null;
}

class Parser {
  readonly #pattern: string;
  #at = 0;
  #failed = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get done(): boolean {
    return !this.#failed && this.#at === this.#pattern.length;
  }

  alternation(): string[] | null {
    let all: string[] | null = this.#sequence();
    while (this.#pattern[this.#at] === '|') {
      this.#at++;
      const branch: string[] | null = this.#sequence();
      all = all && branch ? [...all, ...branch] : null;
    }
    return all;
  }

  #sequence(): string[] | null {
    let best: string[] | null = null;
    let run = '';
    const offer = (literals: string[] | null) => {
      if (literals && literals.length > 0 && (!best || worth(literals) > worth(best))) best = literals;
    };
    const flush = () => {
      if (run !== '') offer([run]);
      run = '';
    };
    while (this.#at < this.#pattern.length && !this.#failed) {
      const character = this.#pattern[this.#at]!;
      if (character === '|' || character === ')') break;
      const atom = this.#atom();
      const repeat = this.#quantifier();
      if (typeof atom === 'string' && repeat === 'one') run += atom;
      else if (typeof atom === 'string' && repeat === 'some') {
        run += atom;
        flush();
      } else {
        flush();
        if (typeof atom !== 'string' && repeat !== 'maybe') offer(atom);
      }
    }
    flush();
    return best;
  }

  /** A literal character, the literals of a group, or null for anything else. */
  #atom(): string | string[] | null {
    const character = this.#pattern[this.#at]!;
    if (character === '(') return this.#group();
    if (character === '[') return this.#class();
    if (character === '\\') return this.#escape();
    const codePoint = String.fromCodePoint(this.#pattern.codePointAt(this.#at)!);
    this.#at += codePoint.length;
    return '.^$'.includes(codePoint) ? null : codePoint;
  }

  #group(): string[] | null {
    this.#at++;
    if (this.#pattern[this.#at] === '?') {
      const opening = /^\?(?::|P?<[A-Za-z_]\w*>)/.exec(this.#pattern.slice(this.#at));
      if (!opening) {
        this.#failed = true;
        return null;
      }
      this.#at += opening[0].length;
    }
    const inside = this.alternation();
    if (this.#pattern[this.#at] !== ')') this.#failed = true;
    this.#at++;
    return inside;
  }

  #class(): null {
    const body = /^\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]/su.exec(this.#pattern.slice(this.#at));
    if (!body) this.#failed = true;
    this.#at += body?.[0].length ?? 1;
    return null;
  }

  #escape(): string | null {
    const next = this.#pattern[this.#at + 1];
    if (next === undefined || /[0-9QExuc]/.test(next)) {
      this.#failed = true;
      return null;
    }
    const property = /^\\[pP](?:\{[^}]*\}|.)/u.exec(this.#pattern.slice(this.#at));
    this.#at += property?.[0].length ?? 2;
    return /[A-Za-z]/.test(next) ? null : next;
  }

  #quantifier(): 'one' | 'some' | 'maybe' {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/.exec(this.#pattern.slice(this.#at));
    if (!found) return 'one';
    this.#at += found[0].length;
    if (found[0].startsWith('+')) return 'some';
    const least = /^\{(\d+)/.exec(found[0]);
    return least && Number(least[1]) > 0 ? 'some' : 'maybe';
  }
}

function worth(literals: readonly string[]): number {
  return Math.min(...literals.map((literal) => literal.length));
}
