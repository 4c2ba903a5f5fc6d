/** One step of the cheapest way from a reference to a hypothesis. */
export interface EditStep {
  kind: 'match' | 'substitution' | 'deletion' | 'insertion';
  /** Position in the reference; null for an insertion. */
  reference: number | null;
  /** Position in the hypothesis; null for a deletion. */
  hypothesis: number | null;
}

export interface ErrorRate {
  /** (substitutions + deletions + insertions) ÷ units of the reference; may exceed 1. 0/0 counts as 0, n/0 as 1. */
  rate: number;
  substitutions: number;
  deletions: number;
  insertions: number;
  /** Units (words or characters) of the reference. */
  total: number;
  steps: EditStep[];
}

/**
 * Levenshtein alignment with backtrace (Wagner & Fischer 1974), unit costs. Of equally cheap ways the one that keeps
 * units paired (match, substitution) longest is taken. Time and memory O(n·m), one byte a cell.
 */
export function align<T>(
  reference: readonly T[],
  hypothesis: readonly T[],
  same: (a: T, b: T) => boolean = (a, b) => a === b,
): EditStep[] {
  const columns = hypothesis.length + 1;
  const moves = new Uint8Array((reference.length + 1) * columns);
  let previous = new Uint32Array(columns);
  let current = new Uint32Array(columns);
  for (let j = 1; j < columns; j++) {
    previous[j] = j;
    moves[j] = insertion;
  }
  for (let i = 1; i <= reference.length; i++) {
    current[0] = i;
    moves[i * columns] = deletion;
    for (let j = 1; j < columns; j++) {
      const paired = previous[j - 1]! + (same(reference[i - 1]!, hypothesis[j - 1]!) ? 0 : 1);
      const deleted = previous[j]! + 1;
      const inserted = current[j - 1]! + 1;
      const best = Math.min(paired, deleted, inserted);
      current[j] = best;
      moves[i * columns + j] = best === paired ? pair : best === deleted ? deletion : insertion;
    }
    [previous, current] = [current, previous];
  }
  return backtrace(moves, columns, reference, hypothesis, same);
}

const pair = 0;
const deletion = 1;
const insertion = 2;

function backtrace<T>(
  moves: Uint8Array,
  columns: number,
  reference: readonly T[],
  hypothesis: readonly T[],
  same: (a: T, b: T) => boolean,
): EditStep[] {
  const steps: EditStep[] = [];
  let i = reference.length;
  let j = hypothesis.length;
  while (i > 0 || j > 0) {
    const move = moves[i * columns + j];
    if (move === pair) {
      i--;
      j--;
      const kind = same(reference[i]!, hypothesis[j]!) ? 'match' : 'substitution';
      steps.push({ kind, reference: i, hypothesis: j });
    } else if (move === deletion) steps.push({ kind: 'deletion', reference: --i, hypothesis: null });
    else steps.push({ kind: 'insertion', reference: null, hypothesis: --j });
  }
  return steps.reverse();
}

/** Number of single-unit edits between two sequences (a string counts as its code points). */
export function editDistance(a: string | readonly string[], b: string | readonly string[]): number {
  const units = (value: string | readonly string[]) => (typeof value === 'string' ? [...value] : value);
  return align(units(a), units(b)).filter((step) => step.kind !== 'match').length;
}

/**
 * Word error rate after folding (NFKC, lower case, punctuation removed, apostrophes kept). Words are separated by
 * white space; each Han or kana character is a word of its own, so mixed text has one measure.
 */
export function wordErrorRate(reference: string, hypothesis: string): ErrorRate {
  return rateOf(wordsOf(reference), wordsOf(hypothesis));
}

/** Character error rate after the same folding, white space removed: the measure in use for Chinese. */
export function characterErrorRate(reference: string, hypothesis: string): ErrorRate {
  return rateOf([...wordsOf(reference).join('')], [...wordsOf(hypothesis).join('')]);
}

/** The words that the error rates count. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`]/g, "'")
    .replace(/[^\p{L}\p{N}\p{M}'\s]/gu, ' ')
    .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, ' $& ')
    .split(/\s+/)
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
}

function rateOf(reference: string[], hypothesis: string[]): ErrorRate {
  const steps = align(reference, hypothesis);
  const count = (kind: EditStep['kind']) => steps.filter((step) => step.kind === kind).length;
  const [substitutions, deletions, insertions] = [count('substitution'), count('deletion'), count('insertion')];
  const errors = substitutions + deletions + insertions;
  const total = reference.length;
  const rate = total > 0 ? errors / total : errors > 0 ? 1 : 0;
  return { rate, substitutions, deletions, insertions, total, steps };
}
