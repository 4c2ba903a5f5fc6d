import { isAlias, isMap, isNode, isPair, isSeq, type Document } from 'yaml';
import type { Path } from './problems.ts';

/** Offset of the deepest part of `path` that exists; of the key itself where the last step is a key of a map. */
export function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && String((item.key as { value?: unknown })?.value) === String(step),
      );
      if (!pair) return offset;
      const key = pair.key;
      if (isNode(key)) offset = key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (!isNode(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}
