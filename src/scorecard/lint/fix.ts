import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMap, isNode, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import type { Path } from '../load/problems.ts';
import { type Finding, lintThoroughly, type LintOptions } from './lint.ts';

/** A file before and after it was mended. */
export interface Mended {
  path: string;
  before: string;
  after: string;
}

export interface FixResult {
  files: readonly Mended[];
  /** How many entries were taken out. */
  removed: number;
  /** What is left. */
  findings: readonly Finding[];
}

/**
 * Takes out what can go without changing a verdict: doubles in lists of phrases, lexicons that nothing refers to. Works
 * on the text, so that comments and layout stay; writes nothing. A file after whose change a scorecard could not be
 * read any more is left as it was.
 */
export async function planFixes(paths: readonly string[], options: LintOptions = {}): Promise<FixResult> {
  const original = new Map<string, string>();
  const texts = new Map<string, string>();
  const refused = new Set<string>();
  const read = async (path: string) =>
    texts.get(path) ?? (await (options.read ?? ((one: string) => readFile(one, 'utf8')))(path));
  let removed = 0;
  for (;;) {
    const { cards, findings } = await lintThoroughly(paths, texts.size === 0 ? options : { ...options, read });
    const entries = new Map<string, Map<string, { path: Path; line: number }>>();
    for (const { drafts } of cards)
      for (const { at, removable } of drafts) {
        const file = resolve(at.source.file);
        if (!removable || refused.has(file)) continue;
        const { line } = at.source.placeOf(at.path);
        entries.set(
          file,
          (entries.get(file) ?? new Map<string, { path: Path; line: number }>()).set(at.path.join('/'), {
            path: at.path,
            line,
          }),
        );
      }
    let changed = false;
    for (const [file, places] of entries) {
      const before =
        texts.get(file) ?? cards.flatMap(({ linted }) => linted.card.sources).find(({ path }) => path === file)?.text;
      if (before === undefined) continue;
      const { text, count } = removeEntries(file, before, [...places.values()]);
      if (count === 0 || !(await stillReads(file, text))) {
        refused.add(file);
        continue;
      }
      if (!original.has(file)) original.set(file, before);
      texts.set(file, text);
      removed += count;
      changed = true;
    }
    if (changed) continue;
    const files = [...original].map(([path, before]) => ({ path, before, after: texts.get(path)! }));
    return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), removed, findings };
  }

  async function stillReads(file: string, text: string): Promise<boolean> {
    const attempt = (path: string) => (path === file ? Promise.resolve(text) : read(path));
    const before = await lintThoroughly(paths, { ...options, read });
    const after = await lintThoroughly(paths, { ...options, read: attempt });
    return after.cards.length === before.cards.length;
  }
}

/** Takes entries out of lists and groups of a file's text. An entry that is the only one stays. */
function removeEntries(
  file: string,
  text: string,
  places: readonly { path: Path; line: number }[],
): { text: string; count: number } {
  let left = text;
  let count = 0;
  // From the end, so that positions before stay what they were.
  for (const { path, line } of [...places].sort(
    (a, b) => b.line - a.line || Number(b.path.at(-1)) - Number(a.path.at(-1)) || 0,
  )) {
    const next = file.toLowerCase().endsWith('.txt')
      ? withoutLine(left, line)
      : /\.ya?ml$/i.test(file)
        ? withoutEntry(left, path)
        : null;
    if (next === null) continue;
    left = next;
    count++;
  }
  return { text: left, count };
}

function withoutLine(text: string, line: number): string {
  const lines = text.split(/(?<=\n)/);
  return [...lines.slice(0, line - 1), ...lines.slice(line)].join('');
}

function withoutEntry(text: string, path: Path): string | null {
  const parent: unknown = parseDocument(text).getIn(path.slice(0, -1), true);
  if (!isMap(parent) && !isSeq(parent)) return null;
  const step = path.at(-1);
  const items = parent.items as (Pair | Node)[];
  const index = isSeq(parent)
    ? Number(step)
    : items.findIndex((item) => String(((item as Pair).key as { value?: unknown }).value) === String(step));
  const spans = items.map((item) => spanOf(item, text));
  const [own, before, after] = [spans[index], spans[index - 1], spans[index + 1]];
  if (!own || (!before && !after)) return null;
  if (!parent.flow) {
    const from = text.lastIndexOf('\n', own.start - 1) + 1;
    const end = text.indexOf('\n', own.end);
    const lead = text.slice(from, own.start);
    // The first entry may share its line with what stands around the list (`- - a`).
    if (!/^\s*(-\s*)?$/.test(lead) || (lead.length === 0 && isSeq(parent))) return null;
    return text.slice(0, from) + (end < 0 ? '' : text.slice(end + 1));
  }
  if (after && !text.slice(own.end, after.start).includes('#'))
    return text.slice(0, own.start) + text.slice(after.start);
  if (before && !text.slice(before.end, own.start).includes('#'))
    return text.slice(0, before.end) + text.slice(own.end);
  return null;
}

function spanOf(item: Pair | Node, text: string): { start: number; end: number } {
  const [first, last] = isNode(item) ? [item, item] : [item.key as Node, (item.value ?? item.key) as Node];
  const start = first.range![0];
  const end = Math.max(start, last.range![1]);
  return { start, end: start + text.slice(start, end).trimEnd().length };
}
