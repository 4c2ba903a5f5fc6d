import { type Agreement, type Verdict, verdictSchema, wilsonInterval } from '../../session/index.ts';

const verdicts = verdictSchema.options;

/** Counts how a machine's verdicts meet those of people. */
export class AgreementTable {
  readonly #cells = new Map<string, number>();
  #n = 0;

  add(machine: Verdict, person: Verdict): void {
    const key = `${machine}>${person}`;
    this.#cells.set(key, (this.#cells.get(key) ?? 0) + 1);
    this.#n++;
  }

  #cell(machine: Verdict, person: Verdict): number {
    return this.#cells.get(`${machine}>${person}`) ?? 0;
  }

  /** Share of agreement with its interval, and κ = (p₀ − pₑ) ÷ (1 − pₑ) (J. Cohen, 1960). Null without a review. */
  result(): Agreement | null {
    const n = this.#n;
    if (n === 0) return null;
    let agree = 0;
    let byChance = 0;
    for (const one of verdicts) {
      agree += this.#cell(one, one);
      const machine = verdicts.reduce((sum, other) => sum + this.#cell(one, other), 0);
      const person = verdicts.reduce((sum, other) => sum + this.#cell(other, one), 0);
      byChance += machine * person;
    }
    const chance = byChance / (n * n);
    // Whole numbers decide whether anything is left to explain, not the last bit of a quotient.
    const kappa = byChance === n * n ? null : (agree / n - chance) / (1 - chance);
    return { n, agree, rate: agree / n, ...wilsonInterval(agree, n), kappa };
  }
}
