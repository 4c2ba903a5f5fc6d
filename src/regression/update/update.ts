import { isMap, isNode, isSeq, type Node, type Pair, parseAllDocuments, type Document, type YAMLMap } from 'yaml';
import type { FixtureCase } from '../fixtures/fixture.ts';
import type { CaseResult, Edit } from '../run/result.ts';

/** A change of a text: what stands in [start, end) is replaced. */
interface Splice {
  start: number;
  end: number;
  text: string;
}

/** What a case wants changed in its file. */
export interface CaseEdits {
  at: FixtureCase['at'];
  edits: readonly Edit[];
  /** Item → verdict found. */
  verdicts: CaseResult['verdicts'];
}

/** The changes that make a case hold; none for one that could not run, passes, or has something that no change can mend. */
export function editsOf(result: CaseResult): Edit[] {
  return result.status === 'failed' ? result.assertions.flatMap(({ edits }) => edits) : [];
}

/**
 * Rewrites expectations in the text of a fixture file. Only the values that change are touched: comments, order, quotes
 * and layout of everything else stay byte for byte.
 */
export function updateFixture(text: string, cases: readonly CaseEdits[]): string {
  const documents = parseAllDocuments(text, { uniqueKeys: true, merge: false, version: '1.2' });
  if ('empty' in documents) return text;
  const splices = cases.flatMap(({ at, edits, verdicts }) => {
    const document = (documents as Document[])[at.document];
    const expect = document?.getIn([...(at.index === null ? [] : ['cases', at.index]), 'expect'], true);
    if (!isMap(expect)) return [];
    const whole = collapsed(expect, edits, verdicts);
    return whole.flatMap((edit) => spliceOf(text, expect, edit, whole));
  });
  let result = text;
  for (const { start, end, text: piece } of withoutOverlap(splices).reverse())
    result = result.slice(0, start) + piece + result.slice(end);
  return result;
}

/** What would be left empty goes too; an item with nothing left is expected to be what it was found to be. */
function collapsed(expect: YAMLMap, edits: readonly Edit[], verdicts: CaseEdits['verdicts']): Edit[] {
  const key = (path: Edit['path']) => JSON.stringify(path);
  const removed = new Map(edits.filter(({ action }) => action === 'remove').map(({ path }) => [key(path), path]));
  for (let grown = true; grown;) {
    grown = false;
    for (const path of [...removed.values()]) {
      const parent = path.slice(0, -1);
      const node = nodeAt(expect, parent);
      if (parent.length === 0 || removed.has(key(parent)) || !(isMap(node) || isSeq(node))) continue;
      const children = isMap(node) ? node.items.map(keyText) : node.items.map((_one, index) => index);
      if (!children.every((child) => removed.has(key([...parent, child])))) continue;
      removed.set(key(parent), parent);
      grown = true;
    }
  }
  const isBelow = (path: Edit['path']) =>
    path.some((_step, index) => index > 0 && removed.has(key(path.slice(0, index))));
  const removals = [...removed.values()].filter((path) => !isBelow(path));
  const sets = edits.filter(({ action, path }) => action === 'set' && !isBelow(path));
  return [
    ...sets,
    ...removals.map((path): Edit => {
      const verdict = path.length === 1 ? verdicts[String(path[0])] : undefined;
      return verdict === undefined ? { path, action: 'remove' } : { path, action: 'set', value: verdict };
    }),
  ];
}

function spliceOf(text: string, expect: YAMLMap, edit: Edit, all: readonly Edit[]): Splice[] {
  const above = edit.path.slice(0, -1);
  const parent = nodeAt(expect, above);
  const key = edit.path.at(-1)!;
  if (!isMap(parent) && !isSeq(parent)) return [];
  if (edit.action === 'remove') {
    const entries = isMap(parent)
      ? (parent.items as Pair<Node, Node | null>[]).map((pair) => ({
          name: keyText(pair),
          start: pair.key,
          end: pair.value ?? pair.key,
        }))
      : (parent.items as Node[]).map((node, index) => ({ name: String(index), start: node, end: node }));
    const gone = new Set(
      all
        .filter(
          ({ action, path }) => action === 'remove' && JSON.stringify(path.slice(0, -1)) === JSON.stringify(above),
        )
        .map(({ path }) => String(path.at(-1))),
    );
    const index = entries.findIndex(({ name }) => name === String(key));
    const spans = entries.map(({ name, start, end }) => ({
      start: start.range![0],
      end: end.range![1],
      gone: gone.has(name),
    }));
    return index < 0 ? [] : [removal(text, parent.flow === true, spans, index)];
  }
  if (!isMap(parent)) return [];
  const value = scalar(edit.value);
  const pair = parent.items.find((one) => keyText(one) === String(key));
  if (!pair) return [insertion(text, parent, `${plainKey(String(key))}: ${value}`)];
  const old = pair.value;
  if (!isNode(old) || !old.range) return [];
  const [start, end] = old.range;
  const written = text.slice(start, end).trimEnd();
  // A block map under its key stands on lines of its own; what takes its place stands beside the key.
  const own = isMap(old) && old.flow !== true;
  return [
    {
      start: own ? (pair.key as Node).range![1] : start,
      end: start + written.length,
      text: own ? `: ${value}` : value,
    },
  ];
}

function nodeAt(root: Node, path: Edit['path']): unknown {
  let node: unknown = root;
  for (const step of path) node = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
  return node;
}

interface Entry {
  start: number;
  end: number;
  gone: boolean;
}

/** One entry out of a map or a list, with its line or its comma. */
function removal(text: string, flow: boolean, entries: readonly Entry[], index: number): Splice {
  const { start, end } = entries[index]!;
  const next = entries[index + 1];
  if (flow) {
    // The comma after it goes with it; behind the last that stays, the comma before.
    if (next && entries.slice(index + 1).some(({ gone }) => !gone)) return { start, end: next.start, text: '' };
    const before = entries.slice(0, index).findLast(({ gone }) => !gone);
    return { start: before ? before.end : start, end, text: '' };
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const content = text.slice(0, end).trimEnd().length;
  const lineEnd = text.indexOf('\n', content);
  const ahead = text.slice(lineStart, start);
  // The first entry of a map inside a list stands behind the dash: the next one takes its place.
  if (/^\s*(-\s+)*-\s+$/.test(ahead) && next && isMapInList(text, start, next.start))
    return { start, end: next.start, text: '' };
  return { start: lineStart, end: lineEnd < 0 ? text.length : lineEnd + 1, text: '' };
}

/** Whether two entries are keys of one map (same column) rather than items of a list (a dash before each). */
function isMapInList(text: string, first: number, second: number): boolean {
  return !/-\s+$/.test(text.slice(text.lastIndexOf('\n', second - 1) + 1, second)) && second > first;
}

/** A new entry at the end of a map, in the map's own style. */
function insertion(text: string, map: YAMLMap, entry: string): Splice {
  const last = map.items.at(-1) as Pair<Node, Node | null> | undefined;
  if (!last) return { start: map.range![0], end: map.range![1], text: `{ ${entry} }` };
  const end = (last.value ?? last.key).range![1];
  if (map.flow) return { start: end, end, text: `, ${entry}` };
  const content = text.slice(0, end).trimEnd().length;
  const lineEnd = text.indexOf('\n', content);
  const at = lineEnd < 0 ? text.length : lineEnd;
  const keyStart = last.key.range![0];
  const indent = ' '.repeat(keyStart - (text.lastIndexOf('\n', keyStart - 1) + 1));
  return { start: at, end: at, text: `\n${indent}${entry}` };
}

const keyText = (pair: Pair) => String((pair.key as { value?: unknown } | null)?.value);

/** A value as YAML, in the style of hand-written fixtures. */
function scalar(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  if (/^[A-Za-z][\w-]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)) return value;
  if (/^\d+(\.\d+)?(ms|s|min|h)$/.test(value)) return value;
  return /[\n\r\t]/.test(value) ? JSON.stringify(value) : `'${value.replace(/'/g, "''")}'`;
}

const plainKey = (key: string) => (/^[\w-]+$/.test(key) ? key : `'${key.replace(/'/g, "''")}'`);

/** In order of place. What lies inside a removal goes with it, removals that touch are joined, insertions too. */
function withoutOverlap(splices: readonly Splice[]): Splice[] {
  const kept: Splice[] = [];
  for (const one of [...splices].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last && one.start === last.start && one.end === last.end && one.start === one.end) last.text += one.text;
    else if (last && one.start < last.end) last.end = Math.max(last.end, one.end);
    else kept.push({ ...one });
  }
  return kept;
}
