import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Edit, Patch, Path } from './edit.ts';

/** A YAML file with its text, tree and content, and the edits that can be made in it. */
export class MutableSource {
  readonly path: string;
  readonly text: string;
  readonly root: Node | null;
  readonly value: unknown;
  readonly #lines = new LineCounter();
  readonly #aliased: boolean;

  /** `text` is YAML that a scorecard was loaded from, so it parses. */
  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    const document = parseDocument(text, { lineCounter: this.#lines, version: '1.2' });
    this.root = document.contents;
    this.value = document.toJS() as unknown;
    let aliased = false;
    visit(document, {
      Alias: () => {
        aliased = true;
        return visit.BREAK;
      },
    });
    this.#aliased = aliased;
  }

  /** 1-based. */
  placeOf(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** The lines that an edit changes, before and after it. */
  lines({ start, end, text }: Edit): { before: string; after: string } {
    const from = this.text.lastIndexOf('\n', start - 1) + 1;
    const found = this.text.indexOf('\n', end);
    const to = found < 0 ? this.text.length : found;
    const before = this.text.slice(from, to).split('\n');
    const after = (this.text.slice(from, start) + text + this.text.slice(end, to)).split('\n');
    while (before.length > 0 && after.length > 0 && before.at(-1) === after.at(-1)) {
      before.pop();
      after.pop();
    }
    while (before.length > 0 && after.length > 0 && before[0] === after[0]) {
      before.shift();
      after.shift();
    }
    return { before: before.join('\n'), after: after.join('\n') };
  }

  /** The text with the edit made. */
  edited({ start, end, text }: Edit): string {
    return this.text.slice(0, start) + text + this.text.slice(end);
  }

  /** The content with the edit made; what it does not touch is shared with the original. */
  mutated(edit: Edit): unknown {
    // An alias repeats what it refers to, so a change in one place is one in several.
    if (this.#aliased) return parseDocument(this.edited(edit), { version: '1.2' }).toJS() as unknown;
    return patched(this.value, edit.patch);
  }

  set(node: Node, path: Path, value: unknown, text: string = flow(value)): Edit {
    return { ...this.#span(node), text, patch: { op: 'set', path, value } };
  }

  rename(pair: Pair, path: Path, to: string): Edit {
    const [start, end] = (pair.key as Node).range!;
    return { start, end, text: to, patch: { op: 'rename', path, to } };
  }

  /** Takes an entry out of a list or a key out of a map that holds others; null where it is the only one. */
  drop(parent: YAMLMap | YAMLSeq, index: number, path: Path): Edit | null {
    const spans = parent.items.map((item) => this.#entrySpan(item));
    const own = spans[index];
    const next = spans[index + 1];
    const previous = spans[index - 1];
    if (!own || (!next && !previous)) return null;
    const { start, end } = next ? { start: own.start, end: next.start } : { start: previous!.end, end: own.end };
    return { start, end, text: '', patch: { op: 'drop', path } };
  }

  /** Puts a key behind another one of the same map. */
  add(parent: YAMLMap, behind: Pair, path: Path, key: string, value: string): Edit {
    const { start, end } = this.#entrySpan(behind);
    const separator = parent.flow ? ', ' : `\n${' '.repeat(this.placeOf(start).column - 1)}`;
    return { start: end, end, text: `${separator}${key}: ${value}`, patch: { op: 'add', path, key, value } };
  }

  /** A node as it stands where that fits on one line, else its content as JSON, which is YAML. */
  inline(node: Node, value: unknown): string {
    const { start, end } = this.#span(node);
    const text = this.text.slice(start, end);
    const onOneLine = !text.includes('\n') && (isScalar(node) || ((isMap(node) || isSeq(node)) && node.flow === true));
    return onOneLine ? text : JSON.stringify(value);
  }

  #entrySpan(item: unknown): { start: number; end: number } {
    if (isPair(item)) {
      const key = this.#span(item.key as Node);
      return { start: key.start, end: item.value ? this.#span(item.value as Node).end : key.end };
    }
    return this.#span(item as Node);
  }

  /** Without the space and line ends that a block counts as its own. */
  #span(node: Node): { start: number; end: number } {
    const [start, end] = node.range!;
    return { start, end: start + this.text.slice(start, end).trimEnd().length };
  }
}

function isPair(item: unknown): item is Pair {
  return typeof item === 'object' && item !== null && 'key' in item && 'value' in item && !isScalar(item);
}

/** A value as YAML on one line. JSON is YAML. */
function flow(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z0-9][\w. %-]*$/.test(value) && value.trimEnd() === value && !isWord(value))
    return value;
  return JSON.stringify(value);
}

/** Texts that YAML reads as something else where they stand plain. */
function isWord(text: string): boolean {
  return /^(true|false|null|~)$/i.test(text) || Number.isFinite(Number(text));
}

/** The content with one change; everything beside the way to it is shared. */
export function patched(value: unknown, patch: Patch): unknown {
  return at(value, patch.path, 0, patch);
}

function at(value: unknown, path: Path, depth: number, patch: Patch): unknown {
  if (depth === path.length) {
    if (patch.op === 'set') return patch.value;
    if (patch.op === 'add') return { ...(value as object), [patch.key]: patch.value };
    throw new Error('A change has no place.');
  }
  const step = path[depth]!;
  const last = depth === path.length - 1;
  if (Array.isArray(value)) {
    const index = Number(step);
    if (last && patch.op === 'drop') return value.filter((_, i) => i !== index);
    return value.map((one: unknown, i) => (i === index ? at(one, path, depth + 1, patch) : one));
  }
  const entries = Object.entries(value as Record<string, unknown>);
  if (last && patch.op === 'drop') return Object.fromEntries(entries.filter(([key]) => key !== step));
  if (last && patch.op === 'rename')
    return Object.fromEntries(entries.map(([key, one]) => [key === step ? patch.to : key, one]));
  return Object.fromEntries(entries.map(([key, one]) => [key, key === step ? at(one, path, depth + 1, patch) : one]));
}

/** A key's pair and its position in a map; undefined where the map has no such key. */
export function pairOf(map: YAMLMap, key: string): { pair: Pair; index: number } | undefined {
  const index = map.items.findIndex((pair) => keyOf(pair) === key);
  return index < 0 ? undefined : { pair: map.items[index]!, index };
}

export function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

export { isMap, isScalar, isSeq };
