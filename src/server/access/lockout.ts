/**
 * How long guessing has to wait. After five failures every further one doubles the wait, from two seconds up to five
 * minutes; a success forgets them. No wait is for good, and a browser that logged in before has a count of its own (the
 * device cookie of logins.ts), so that a stranger who fails on purpose does not keep the owner out.
 */
const free = 5;
const longestMs = 5 * 60_000;

export function waitAfter(failures: number): number {
  return failures < free ? 0 : Math.min(longestMs, 2_000 * 2 ** (failures - free));
}

interface Count {
  failures: number;
  until: number;
}

/** Counts for those who have no row in the store: unknown logins and devices. Bounded: the oldest are forgotten. */
export class Attempts {
  readonly #counts = new Map<string, Count>();
  readonly #most: number;

  constructor(most = 10_000) {
    this.#most = most;
  }

  /** Milliseconds still to wait. */
  wait(key: string, now: number): number {
    return Math.max(0, (this.#counts.get(key)?.until ?? 0) - now);
  }

  failed(key: string, now: number): void {
    const failures = (this.#counts.get(key)?.failures ?? 0) + 1;
    this.#counts.delete(key);
    this.#counts.set(key, { failures, until: now + waitAfter(failures) });
    const oldest = this.#counts.size > this.#most ? this.#counts.keys().next().value : undefined;
    if (oldest !== undefined) this.#counts.delete(oldest);
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }
}

/** One after another for each key: guesses sent at the same time are counted like guesses sent one by one. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = (before ?? Promise.resolve()).then(work, work);
    const settled = mine.catch(() => undefined);
    this.#last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}

/** So many in a window of time for each key; the windows are fixed. Bounded like Attempts. */
export class Allowance {
  readonly #used = new Map<string, { count: number; ends: number }>();
  readonly #limit: number;
  readonly #windowMs: number;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Takes one; milliseconds to wait where none is left, else 0. */
  take(key: string, now: number): number {
    const used = this.#used.get(key);
    if (!used || used.ends <= now) {
      if (this.#used.size >= 50_000) this.#sweep(now);
      this.#used.set(key, { count: 1, ends: now + this.#windowMs });
      return 0;
    }
    used.count++;
    return used.count > this.#limit ? used.ends - now : 0;
  }

  #sweep(now: number): void {
    for (const [key, { ends }] of this.#used) if (ends <= now) this.#used.delete(key);
    if (this.#used.size >= 50_000) this.#used.clear();
  }
}
