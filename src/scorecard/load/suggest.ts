/** Edit distance with transpositions (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = best;
    }
  }
  return rows[a.length]![b.length]!;
}

/** The known name that was probably meant, or null where none is near. */
export function closestName(given: string, known: Iterable<string>): string | null {
  const wanted = given.slice(0, 60).toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of known) {
    // Fewer edits than the difference in length are not possible.
    if (Math.abs(name.length - wanted.length) >= bestDistance) continue;
    const d = name.toLowerCase() === wanted ? 0 : distance(wanted, name.toLowerCase());
    if (d < bestDistance) {
      best = name;
      bestDistance = d;
    }
  }
  return best;
}

/** `Did you mean "x"?`, or the list of what there is when nothing is near. */
export function didYouMean(given: string, known: Iterable<string>): string {
  const names = [...known];
  const name = closestName(given, names);
  if (name !== null) return `Did you mean "${name}"?`;
  if (names.length === 0) return 'There is none to choose from.';
  const shown = names.slice(0, 20).join(', ');
  return `Known: ${shown}${names.length > 20 ? ', …' : ''}.`;
}
