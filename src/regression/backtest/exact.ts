import { type ScoreChange, tQuantile95 } from '../../session/index.ts';

/** Points are summed as whole millionths, so that the order of sessions cannot move the last digit. */
const unit = 1_000_000;

/** Scores of the same sessions before and after, summed exactly in bounded memory. */
export class PairedScores {
  #n = 0;
  #before = 0n;
  #difference = 0n;
  #squares = 0n;

  add(before: number, after: number): void {
    const a = BigInt(Math.round(before * unit));
    const d = BigInt(Math.round(after * unit)) - a;
    this.#n++;
    this.#before += a;
    this.#difference += d;
    this.#squares += d * d;
  }

  /** Means, and the mean difference with half of its 95 % interval: t · s / √n of the differences. */
  change(): ScoreChange | null {
    const n = this.#n;
    if (n === 0) return null;
    const mean = (sum: bigint) => Number(sum) / n / unit;
    // n·Σd² − (Σd)² is whole and never negative.
    const spread = Number(BigInt(n) * this.#squares - this.#difference ** 2n) / (unit * unit);
    const halfWidth = n < 2 ? null : tQuantile95(n - 1) * Math.sqrt(spread / (n * (n - 1)) / n);
    return {
      n,
      before: mean(this.#before),
      after: mean(this.#before + this.#difference),
      change: mean(this.#difference),
      halfWidth,
    };
  }
}
