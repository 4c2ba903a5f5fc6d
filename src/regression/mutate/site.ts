import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import type { Edit, Path } from './edit.ts';
import { noClue } from './figures.ts';
import type { Clue, MutantKind } from './mutant.ts';
import { isScalar, isSeq, keyOf, type MutableSource, pairOf } from './source.ts';

/** Takes what a mutator found; an edit that cannot be made (null) is no mutant. */
export type Propose = (kind: MutantKind, edit: Edit | null, change: string, clue?: Clue) => void;

/** Where a mutator stands. */
export interface Walk {
  source: MutableSource;
  propose: Propose;
  /** Draws up to so many entries of a list of words, by the seed. */
  draw<T>(given: readonly T[], path: Path): T[];
}

/** Scope keys as they stand around a condition: what is repeated inside says nothing new. */
export type Inherited = Readonly<Record<string, unknown>>;

export function valueOf(node: YAMLMap, key: string): Node | null {
  return (pairOf(node, key)?.pair.value as Node | null | undefined) ?? null;
}

/** Drops a key of a map. */
export function dropKey(
  walk: Walk,
  kind: MutantKind,
  map: YAMLMap,
  key: string,
  path: Path,
  clue: Clue = noClue,
): void {
  const found = pairOf(map, key);
  if (!found) return;
  const { value } = found.pair;
  const words = (isSeq(value) ? value.items : []).flatMap((one) =>
    isScalar(one) && typeof one.value === 'string' ? [one.value] : [],
  );
  const phrases = [...clue.phrases, ...words.slice(0, 3)];
  walk.propose(kind, walk.source.drop(map, found.index, [...path, key]), `drop ${key}`, { ...clue, phrases });
}

/** Drops entries of a list that holds several; all of them, or those drawn. */
export function dropEntries(walk: Walk, kind: MutantKind, list: YAMLSeq, path: Path, drawn: boolean): void {
  const entries = list.items.map((_, index) => index);
  for (const index of drawn ? walk.draw(entries, path) : entries) {
    const item = list.items[index] as Node;
    const shown = isScalar(item) ? `"${String(item.value)}"` : `the ${ordinal(index + 1)} of ${list.items.length}`;
    const phrases = isScalar(item) && typeof item.value === 'string' ? [item.value] : [];
    walk.propose(kind, walk.source.drop(list, index, [...path, index]), `drop ${shown}`, { ...noClue, phrases });
  }
}

/** Puts another text in the place of a key's. */
export function replace(
  walk: Walk,
  kind: MutantKind,
  pair: Pair,
  path: Path,
  value: unknown,
  clue: Clue = noClue,
): void {
  const node = pair.value as Node;
  const old = isScalar(node) ? String(node.value) : '…';
  walk.propose(kind, walk.source.set(node, path, value), `${keyOf(pair)}: ${old} → ${String(value)}`, clue);
}

function ordinal(n: number): string {
  return `${n}${['th', 'st', 'nd', 'rd'][n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] ?? 'th'}`;
}
