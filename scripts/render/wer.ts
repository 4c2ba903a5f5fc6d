/** Lower-case words without punctuation, the form in which two transcripts are compared. */
export function plainWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}'\s]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Word error rate: (substitutions + deletions + insertions) ÷ words of the reference, by minimal edit distance. */
export function wordErrorRate(reference: readonly string[], heard: readonly string[]): number {
  let previous = Array.from({ length: heard.length + 1 }, (_, i) => i);
  for (const [row, word] of reference.entries()) {
    const current = [row + 1];
    for (const [column, other] of heard.entries())
      current.push(
        Math.min(previous[column]! + (word === other ? 0 : 1), previous[column + 1]! + 1, current[column]! + 1),
      );
    previous = current;
  }
  return reference.length === 0 ? (heard.length === 0 ? 0 : 1) : previous[heard.length]! / reference.length;
}
