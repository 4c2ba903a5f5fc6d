import { createHash } from 'node:crypto';

/** JSON with sorted keys: the same content gives the same text, however it was written down. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** SHA-256 (hex) over a scorecard with the content of everything that it names. */
export function contentHash(scorecard: unknown, files: ReadonlyMap<string, unknown>): string {
  return createHash('sha256')
    .update(canonicalJson({ scorecard, files: Object.fromEntries(files) }))
    .digest('hex');
}
