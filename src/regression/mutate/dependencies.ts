import { dirname, resolve } from 'node:path';
import type { MutableSource } from './source.ts';

/** Top-level groups whose entries are used by name. */
export const namedGroups = ['conditions', 'fragments', 'lexicons'] as const;

/**
 * Which items of a scorecard a definition can reach: an item itself, a named condition, a lexicon or its file. Names
 * are looked for in every text, so that a chance likeness costs time and never a missed item.
 */
export class Dependencies {
  readonly #items = new Map<string, Set<string>>();
  readonly #lexicons = new Map<string, unknown[]>();
  readonly #lexiconFiles = new Map<string, string[]>();

  constructor(sources: readonly MutableSource[]) {
    const definitions = new Map<string, unknown[]>();
    const itemIds: string[] = [];
    const define = (key: string, value: unknown) => {
      const list = definitions.get(key);
      if (list) list.push(value);
      else definitions.set(key, [value]);
    };
    for (const { path, value } of sources) {
      const card = asRecord(value);
      for (const group of namedGroups)
        for (const [name, given] of Object.entries(asRecord(card[group]))) {
          const file = asRecord(given)['file'];
          if (group === 'lexicons' && typeof file === 'string')
            this.#nameFile(resolve(dirname(path), file), `$${name}`);
          define(group === 'lexicons' ? `$${name}` : name, given);
        }
      for (const section of asList(card['sections']))
        for (const item of asList(asRecord(section)['items'])) {
          const { title: _title, why: _why, coaching: _coaching, ...rule } = asRecord(item);
          if (typeof rule['id'] !== 'string') continue;
          itemIds.push(rule['id']);
          define(`item ${rule['id']}`, rule);
        }
    }
    for (const [path, names] of this.#lexiconFiles) {
      const file = sources.find((one) => one.path === path);
      if (file) for (const name of names) define(name, file.value);
    }
    for (const [name, values] of definitions) if (name.startsWith('$')) this.#lexicons.set(name, values);
    for (const item of itemIds) for (const key of reach(`item ${item}`, definitions)) this.#add(key, item);
  }

  /** Of an item (`item id`), a condition (its name), a lexicon (`$name`). */
  itemsOf(definition: string): string[] {
    return [...(this.#items.get(definition) ?? [])];
  }

  /** The lexicons that a file holds, as `$name`; none where it is no lexicon file. */
  lexiconsOf(path: string): readonly string[] {
    return this.#lexiconFiles.get(path) ?? [];
  }

  /** A phrase as it is; for a `$name` the first few of its lexicon. */
  phrasesOf(phrase: string, trail: readonly string[] = []): readonly string[] {
    if (!phrase.startsWith('$')) return [phrase];
    if (trail.includes(phrase)) return [];
    const lists = (this.#lexicons.get(phrase) ?? []).flatMap((value) => asList(asRecord(value)['phrases'] ?? value));
    const texts = lists.filter((one): one is string => typeof one === 'string');
    return texts.flatMap((one) => this.phrasesOf(one, [...trail, phrase])).slice(0, 3);
  }

  #nameFile(path: string, name: string): void {
    this.#lexiconFiles.set(path, [...this.lexiconsOf(path), name]);
  }

  #add(key: string, item: string): void {
    const items = this.#items.get(key);
    if (items) items.add(item);
    else this.#items.set(key, new Set([item]));
  }
}

function reach(from: string, definitions: ReadonlyMap<string, unknown[]>): Set<string> {
  const reached = new Set<string>();
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    for (const value of definitions.get(key) ?? [])
      for (const name of namesIn(value)) if (definitions.has(name)) open.push(name);
  }
  return reached;
}

/** Every word of every text, with and without a `$` before it. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string')
    return value.length > 300 ? [] : (value.match(/\$?[\p{L}\p{N}_][\p{L}\p{N}_-]*/gu) ?? []);
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return Object.values(asRecord(value)).flatMap(namesIn);
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
