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
