/** Nothing of any pattern was read yet. */
const start: readonly number[] = [0];

/**
 * Aho–Corasick over sequences of integers (Aho & Corasick, Communications of the ACM 18(6), 1975). A position of the
 * text may stand for several integers at once (a word and what it sounds like) and stretches of the text may be
 * skipped (hesitations): the automaton then follows a small set of states instead of one.
 */
export class Automaton {
  readonly #next: Map<number, number>[] = [new Map<number, number>()];
  readonly #fail: number[] = [0];
  /** Patterns that end in this state, its suffixes included. */
  readonly #found: number[][] = [[]];

  constructor(patterns: readonly (readonly number[])[]) {
    for (const [index, pattern] of patterns.entries()) if (pattern.length > 0) this.#insert(pattern, index);
    this.#link();
  }

  #insert(pattern: readonly number[], index: number): void {
    let state = 0;
    for (const symbol of pattern) {
      let to = this.#next[state]!.get(symbol);
      if (to === undefined) {
        to = this.#next.length;
        this.#next.push(new Map());
        this.#fail.push(0);
        this.#found.push([]);
        this.#next[state]!.set(symbol, to);
      }
      state = to;
    }
    this.#found[state]!.push(index);
  }

  #link(): void {
    const queue = [...this.#next[0]!.values()];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head]!;
      for (const [symbol, to] of this.#next[state]!) {
        const suffix = this.#step(this.#fail[state]!, symbol);
        this.#fail[to] = suffix;
        this.#found[to]!.push(...this.#found[suffix]!);
        queue.push(to);
      }
    }
  }

  #step(from: number, symbol: number): number {
    let state = from;
    for (;;) {
      const to = this.#next[state]!.get(symbol);
      if (to !== undefined) return to;
      if (state === 0) return 0;
      state = this.#fail[state]!;
    }
  }

  /**
   * Walks a text of `length` positions. `symbols(i)` are the integers that position `i` may stand for; `skips(i)` the
   * positions that may be gone on from instead of reading position `i`. Calls `found(pattern, end)` for every pattern
   * whose reading ends before position `end`; at most once per pattern and end.
   */
  run(
    length: number,
    symbols: (at: number) => readonly number[],
    skips: (at: number) => readonly number[],
    found: (pattern: number, end: number) => void,
  ): void {
    const waiting = new Map<number, Set<number>>();
    let states: readonly number[] = start;
    for (let at = 0; at < length; at++) {
      const arrived = waiting.size > 0 ? waiting.get(at) : undefined;
      if (arrived) {
        waiting.delete(at);
        for (const state of arrived) if (!states.includes(state)) states = [...states, state];
      }
      const skipped = skips(at);
      for (let i = 0; i < skipped.length; i++) {
        const to = skipped[i]!;
        let bag = waiting.get(to);
        if (!bag) waiting.set(to, (bag = new Set()));
        for (const state of states) if (state !== 0) bag.add(state);
      }
      states = this.#advance(states, symbols(at), at + 1, found);
    }
  }

  #advance(
    states: readonly number[],
    symbols: readonly number[],
    end: number,
    found: (pattern: number, end: number) => void,
  ): readonly number[] {
    if (symbols.length === 0) return start;
    if (states.length === 1 && symbols.length === 1) {
      const state = this.#step(states[0]!, symbols[0]!);
      for (const pattern of this.#found[state]!) found(pattern, end);
      return [state];
    }
    const reached = new Set<number>();
    for (const state of states) for (const symbol of symbols) reached.add(this.#step(state, symbol));
    // The root reads nothing that another state does not read as well.
    if (reached.size > 1) reached.delete(0);
    const patterns = new Set<number>();
    for (const state of reached) for (const pattern of this.#found[state]!) patterns.add(pattern);
    for (const pattern of patterns) found(pattern, end);
    return [...reached];
  }
}
