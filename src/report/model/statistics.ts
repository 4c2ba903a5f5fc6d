import { tQuantile95, wilsonInterval } from '../../session/index.ts';

/** A mean with its 95 % interval by Student's t. `halfWidth`, `low` and `high` are null below two values. */
export interface Mean {
  mean: number;
  halfWidth: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

/** A share with its 95 % Wilson interval; all in 0…1. */
export interface Rate {
  count: number;
  n: number;
  rate: number;
  low: number;
  high: number;
}

/** Mean of `values` with a 95 % t interval; null of nothing. The interval assumes independent sessions. */
export function meanWithInterval(values: readonly number[]): Mean | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = sum(values) / n;
  if (n === 1) return { mean, halfWidth: null, low: null, high: null, n };
  const variance = sum(values.map((value) => (value - mean) ** 2)) / (n - 1);
  const halfWidth = tQuantile95(n - 1) * Math.sqrt(variance / n);
  return { mean, halfWidth, low: mean - halfWidth, high: mean + halfWidth, n };
}

/** `count` of `n` with the Wilson score interval (E. B. Wilson, JASA 22, 1927); null where n is 0. */
export function rateWithInterval(count: number, n: number): Rate | null {
  if (n === 0) return null;
  return { count, n, rate: count / n, ...wilsonInterval(count, n) };
}

/** Quantile by linear interpolation between the order statistics (Hyndman & Fan's type 7); null of nothing. */
export function quantile(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
