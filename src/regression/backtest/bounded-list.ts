/** The first few by an order of their own, whatever order they come in, and how many there were. */
export class BoundedList<T> {
  #total = 0;
  readonly #kept: T[] = [];
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;

  /** `compare` must tell any two apart, or the order of arrival shows. */
  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(one: T): void {
    this.#total++;
    let at = this.#kept.length;
    while (at > 0 && this.#compare(one, this.#kept[at - 1]!) < 0) at--;
    if (at >= this.#limit) return;
    this.#kept.splice(at, 0, one);
    if (this.#kept.length > this.#limit) this.#kept.pop();
  }

  get total(): number {
    return this.#total;
  }

  get shown(): T[] {
    return [...this.#kept];
  }
}

/** By code units: the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
