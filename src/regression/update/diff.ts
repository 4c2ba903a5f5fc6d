/** One run of lines that differ, with its first line's number (1-based) in the old text. */
interface Hunk {
  line: number;
  before: string[];
  removed: string[];
  added: string[];
  after: string[];
}

/**
 * The lines that differ between two versions of a text, each run with one line of context. After a
 * difference the texts are taken up again where they meet soonest.
 */
export function diffLines(old: string, new_: string): string[] {
  return hunks(linesOf(old), linesOf(new_)).flatMap(({ line, before, removed, added, after }) => [
    `@@ ${line} @@`,
    ...before.map((one) => `  ${one}`),
    ...removed.map((one) => `- ${one}`),
    ...added.map((one) => `+ ${one}`),
    ...after.map((one) => `  ${one}`),
  ]);
}

const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');

function hunks(a: readonly string[], b: readonly string[]): Hunk[] {
  const found: Hunk[] = [];
  let open: Hunk | null = null;
  const close = (i: number) => {
    if (!open) return;
    const next = a[i];
    open.after = next === undefined || next === '' ? [] : [next];
    found.push(open);
    open = null;
  };
  for (const [i, j] of steps(a, b)) {
    if (i.same) {
      close(i.at);
      continue;
    }
    open ??= { line: i.at + 1, before: a.slice(Math.max(0, i.at - 1), i.at), removed: [], added: [], after: [] };
    if (j === null) open.removed.push(a[i.at]!);
    else open.added.push(b[j]!);
  }
  close(a.length);
  return found;
}

/** How far ahead the two texts are searched for the place where they meet again. */
const reach = 60;

/** The way from `a` to `b`: kept, removed (`j` null) and added lines in order. An update changes few lines at a time. */
function* steps(a: readonly string[], b: readonly string[]): Generator<[{ at: number; same: boolean }, number | null]> {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      yield [{ at: i, same: true }, j];
      i++;
      j++;
      continue;
    }
    const [removed, added] = meeting(a, b, i, j);
    for (const end = i + removed; i < end; i++) yield [{ at: i, same: false }, null];
    for (const end = j + added; j < end; j++) yield [{ at: i, same: false }, j];
  }
}

/** The fewest lines to pass over on both sides until they are the same again. */
function meeting(a: readonly string[], b: readonly string[], i: number, j: number): [number, number] {
  for (let sum = 1; sum <= 2 * reach; sum++)
    for (let removed = Math.max(0, sum - reach); removed <= Math.min(sum, reach); removed++) {
      const [x, y] = [i + removed, j + sum - removed];
      if (x < a.length && y < b.length && a[x] === b[y]) return [removed, sum - removed];
    }
  return [a.length - i, b.length - j];
}
