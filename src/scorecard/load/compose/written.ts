import { dirname, resolve } from 'node:path';
import type { Path, Report } from '../problems.ts';
import type { Source } from '../source.ts';

/** A place in one of the files that a scorecard is made from. */
export interface Origin {
  source: Source;
  path: Path;
}

/** A value with the place where it was written. */
export interface Written {
  value: unknown;
  origin: Origin;
}

/** Parts of values that were put together from several places; everything else lies where its container lies. */
const origins = new WeakMap<object, ReadonlyMap<string, Origin>>();

/** A whole file as a written value. */
export function writtenIn(source: Source): Written {
  return { value: source.value, origin: { source, path: [] } };
}

export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under a key or list position; undefined where nothing does. */
export function childOf(parent: Written, key: string | number): Written | undefined {
  const { value, origin } = parent;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const known = origins.get(value)?.get(String(key));
  return {
    value: (value as Record<string, unknown>)[key],
    origin: known ?? { source: origin.source, path: [...origin.path, key] },
  };
}

/** The keys of a group with what stands under them; nothing for other values. */
export function entriesOf(parent: Written | undefined): [string, Written][] {
  if (!parent || !isGroup(parent.value)) return [];
  return Object.keys(parent.value).map((key) => [key, childOf(parent, key)!]);
}

/** The elements of a list; nothing for other values. */
export function elementsOf(parent: Written | undefined): Written[] {
  if (!parent || !Array.isArray(parent.value)) return [];
  return parent.value.map((_, index) => childOf(parent, index)!);
}

/** A group put together from parts of other places; `origin` is where the whole is said to stand. */
export function groupOf(entries: Iterable<readonly [string, Written]>, origin: Origin): Written {
  const parts = new Map(entries);
  const value = Object.fromEntries([...parts].map(([key, part]) => [key, part.value]));
  origins.set(value, new Map([...parts].map(([key, part]) => [key, part.origin])));
  return { value, origin };
}

/** A list put together from parts of other places. */
export function listOf(elements: readonly Written[], origin: Origin): Written {
  const value = elements.map((element) => element.value);
  origins.set(value, new Map(elements.map((element, index) => [String(index), element.origin])));
  return { value, origin };
}

/** Reports a problem at a written value, or at a key of it. */
export function tellAt(at: Written, ...[path, ...rest]: Parameters<Report>): void {
  at.origin.source.report([...at.origin.path, ...path], ...rest);
}

/** A scorecard as a whole, whatever files it was put together from: one value, and the way from its paths to their places. */
export class Composition {
  readonly #root: Written;
  readonly #mounted: Written[] = [];

  constructor(root: Written) {
    this.#root = root;
  }

  get value(): unknown {
    return this.#root.value;
  }

  get file(): string {
    return this.#root.origin.source.file;
  }

  readonly report: Report = (path, ...rest) => {
    const { at, left } = this.#nearest(path);
    tellAt(at, left, ...rest);
  };

  /** What stands at a path; undefined where nothing does. */
  at(path: Path): Written | undefined {
    const { at, left } = this.#nearest(path);
    return left.length === 0 ? at : undefined;
  }

  /** The absolute path of a file that is named at `path`: relative to the file that names it. */
  locate(file: string, path: Path): string {
    return resolve(dirname(this.#nearest(path).at.origin.source.file), file);
  }

  /** Where the deepest part of a path that exists was written. */
  originOf(path: Path): Origin {
    const { at, left } = this.#nearest(path);
    return { source: at.origin.source, path: [...at.origin.path, ...left] };
  }

  /** Gives a value that stands nowhere in the scorecard (an expanded fragment) a path of its own. */
  mount(written: Written): Path {
    return [-this.#mounted.push(written)];
  }

  #nearest(path: Path): { at: Written; left: Path } {
    const [first, ...rest] = path;
    // A scorecard is a group of keys, so that no path into it starts with a number.
    const mounted = typeof first === 'number' ? this.#mounted[-first - 1] : undefined;
    if (mounted) return descend(mounted, rest);
    return descend(this.#root, path);
  }
}

function descend(from: Written, path: Path): { at: Written; left: Path } {
  let at = from;
  for (const [index, step] of path.entries()) {
    const next = childOf(at, step);
    if (!next) return { at, left: path.slice(index) };
    at = next;
  }
  return { at, left: [] };
}
