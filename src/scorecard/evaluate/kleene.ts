import type { Truth } from '../../session/index.ts';

/** Kleene's strong three-valued logic: unknown only where the answer depends on what is not known. */
export function and(values: readonly Truth[]): Truth {
  if (values.includes('false')) return 'false';
  return values.includes('unknown') ? 'unknown' : 'true';
}

export function or(values: readonly Truth[]): Truth {
  if (values.includes('true')) return 'true';
  return values.includes('unknown') ? 'unknown' : 'false';
}

export function not(value: Truth): Truth {
  if (value === 'unknown') return 'unknown';
  return value === 'true' ? 'false' : 'true';
}

/** At least `n` of the values hold. `atLeast(1, …)` is `or`, `atLeast(length, …)` is `and`. */
export function atLeast(n: number, values: readonly Truth[]): Truth {
  const held = values.filter((value) => value === 'true').length;
  if (held >= n) return 'true';
  return held + values.filter((value) => value === 'unknown').length >= n ? 'unknown' : 'false';
}

export function truthOf(value: boolean): Truth {
  return value ? 'true' : 'false';
}

/** A quantity known only to lie between two cases: where both agree, it is known. */
export function between(certain: boolean, possible: boolean): Truth {
  return certain === possible ? truthOf(certain) : 'unknown';
}
