/** A secret stays valid for so long after it was replaced, so that receivers can change over. */
export const overlapMs = 24 * 60 * 60_000;

/** Secrets as they are kept: the present one, and behind it those that were replaced with the instant they end. */
export function secretsAt(kept: string, now: Date): string[] {
  return kept.split(' ').flatMap((part, index) => {
    const [secret, until] = part.split(';until=') as [string, string | undefined];
    if (index === 0) return [secret];
    return until !== undefined && Date.parse(until) > now.getTime() ? [secret] : [];
  });
}

/** What is kept once `fresh` takes the place of the present secret. */
export function rotated(kept: string, fresh: string, now: Date): string {
  const [present] = secretsAt(kept, now);
  return `${fresh} ${present};until=${new Date(now.getTime() + overlapMs).toISOString()}`;
}
