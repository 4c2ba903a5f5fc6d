/** Two-sided 95 % quantile of the standard normal distribution. */
export const z95 = 1.959963984540054;

export interface Interval {
  low: number;
  high: number;
}

/**
 * Wilson score interval of a proportion (E. B. Wilson, JASA 22, 1927):
 * (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). Without a trial nothing is known: 0…1.
 * Throws RangeError unless 0 ≤ successes ≤ trials.
 */
export function wilsonInterval(successes: number, trials: number, z: number = z95): Interval {
  if (!(successes >= 0 && successes <= trials))
    throw new RangeError(`wilsonInterval: ${successes} of ${trials} is no proportion`);
  if (trials === 0) return { low: 0, high: 1 };
  const p = successes / trials;
  const square = (z * z) / trials;
  const centre = p + square / 2;
  const half = z * Math.sqrt((p * (1 - p)) / trials + square / (4 * trials));
  return {
    low: successes === 0 ? 0 : Math.max(0, (centre - half) / (1 + square)),
    high: successes === trials ? 1 : Math.min(1, (centre + half) / (1 + square)),
  };
}

/** Two-sided 95 % quantile of Student's t with `df` ≥ 1 degrees of freedom, to 1e-9. */
export function tQuantile95(df: number): number {
  let low = z95;
  let high = 13;
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, df) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|T| ≤ t) for integer `df`: the finite series of Abramowitz & Stegun 26.7.3 (odd) and 26.7.4 (even). */
function centralProbability(t: number, df: number): number {
  const theta = Math.atan(t / Math.sqrt(df));
  const cos2 = Math.cos(theta) ** 2;
  const odd = df % 2 === 1;
  let term = odd ? Math.cos(theta) : 1;
  let series = 0;
  for (let k = odd ? 1 : 0; k <= df - 2; k += 2) {
    series += term;
    term *= (cos2 * (k + 1)) / (k + 2);
  }
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * series) : Math.sin(theta) * series;
}
