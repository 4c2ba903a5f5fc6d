import type { Node, YAMLMap } from 'yaml';
import type { Path } from './edit.ts';
import { logicWords, operatorWords, scopeWords, windowPlaces } from './language.ts';
import { mutateLogic, mutateShorthand } from './mutators/logic.ts';
import { mutateOptions } from './mutators/options.ts';
import { mutateScope } from './mutators/scope.ts';
import { type Inherited, valueOf, type Walk } from './site.ts';
import { isMap, isScalar, isSeq, keyOf, pairOf } from './source.ts';

/** Walks a condition and everything inside it. */
export function walkCondition(walk: Walk, node: Node | null, path: Path, inherited: Inherited): void {
  if (isScalar(node) && typeof node.value === 'string') {
    mutateShorthand(walk, node, path);
    return;
  }
  if (!isMap(node)) return;
  const keys = node.items.map(keyOf);
  const operator = keys.map((key) => operatorWords().get(key)).find((one) => one !== undefined);
  mutateScope(walk, node, path, inherited, operator?.name ?? null);
  for (const place of windowPlaces) {
    const anchor = pairOf(node, place);
    // What a window is anchored at is asked in the whole session, not in the scope around it.
    if (anchor && isMap(anchor.pair.value)) walkCondition(walk, anchor.pair.value, [...path, place], {});
  }
  if (operator) {
    mutateOptions(walk, node, path, operator);
    for (const [at, inner] of conditionsIn(valueOf(node, operator.name), [...path, operator.name]))
      walkCondition(walk, inner, at, inherited);
    return;
  }
  const around = { ...inherited, ...scopeOf(node) };
  mutateLogic(walk, node, path);
  for (const key of [...logicWords, 'of']) {
    const inner = valueOf(node, key);
    if (isSeq(inner))
      for (const [index, child] of inner.items.entries())
        walkCondition(walk, child as Node, [...path, key, index], around);
    else if (key === 'not') walkCondition(walk, inner, [...path, key], around);
  }
}

/** Conditions inside an operator, such as the steps of a sequence. */
function conditionsIn(node: Node | null, path: Path): [Path, Node][] {
  if (isMap(node)) {
    if (path.length > 0 && isCondition(node)) return [[path, node]];
    return node.items.flatMap((pair) => conditionsIn(pair.value as Node | null, [...path, keyOf(pair)]));
  }
  if (isSeq(node)) return node.items.flatMap((item, index) => conditionsIn(item as Node, [...path, index]));
  return [];
}

/** A map with an operator or a connective for a key. `atLeast` alone is also a limit, so it needs its list. */
function isCondition(node: YAMLMap): boolean {
  const keys = node.items.map(keyOf);
  return keys.some((key) => operatorWords().has(key) || ['all', 'any', 'not', 'of'].includes(key));
}

function scopeOf(node: YAMLMap): Inherited {
  const own = node.items.filter(
    (pair) => (scopeWords as readonly string[]).includes(keyOf(pair)) && isScalar(pair.value),
  );
  return Object.fromEntries(own.map((pair) => [keyOf(pair), (pair.value as { value: unknown }).value]));
}
