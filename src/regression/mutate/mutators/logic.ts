import type { Node, Scalar, YAMLMap } from 'yaml';
import type { Path } from '../edit.ts';
import { otherNumbers } from '../figures.ts';
import { isScalar, isSeq, pairOf } from '../source.ts';
import { dropEntries, replace, type Walk } from '../site.ts';

/** How conditions are joined: the other connective, one condition less, no negation. */
export function mutateLogic(walk: Walk, map: YAMLMap, path: Path): void {
  const { source, propose } = walk;
  for (const [key, other] of [
    ['all', 'any'],
    ['any', 'all'],
  ] as const) {
    const found = pairOf(map, key);
    if (!found || !isSeq(found.pair.value) || found.pair.value.items.length < 2) continue;
    propose('logic', source.rename(found.pair, [...path, key], other), `${key} → ${other}`);
    dropEntries(walk, 'logic', found.pair.value, [...path, key], false);
  }
  const count = pairOf(map, 'atLeast');
  const of = pairOf(map, 'of');
  if (count && isScalar(count.pair.value) && typeof count.pair.value.value === 'number')
    for (const other of otherNumbers(count.pair.value.value))
      replace(walk, 'threshold', count.pair, [...path, 'atLeast'], other.value, other.clue);
  if (of && isSeq(of.pair.value)) dropEntries(walk, 'logic', of.pair.value, [...path, 'of'], false);
  dropNegation(walk, map, path);
}

/** `not: X` → X, where nothing stands beside it that X would have to take over. */
function dropNegation(walk: Walk, map: YAMLMap, path: Path): void {
  const inner = pairOf(map, 'not')?.pair.value as Node | undefined;
  if (!inner || map.items.length !== 1 || path.length === 0) return;
  const value = valueAt(walk.source.value, [...path, 'not']);
  walk.propose('logic', walk.source.set(map, path, value, walk.source.inline(inner, value)), 'drop not');
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, step) => (node as Record<string | number, unknown>)[step], value);
}

/** Sentences over named conditions: `a && !b` → `a || !b`, `a && b`, `a`, `!b`. */
export function mutateShorthand(walk: Walk, node: Scalar, path: Path): void {
  const text = String(node.value);
  const put = (value: string, change: string) =>
    walk.propose('logic', walk.source.set(node, path, value, JSON.stringify(value)), change);
  for (const sign of text.matchAll(/&&|\|\||!/g)) {
    const [found] = sign;
    const other = found === '!' ? '' : found === '&&' ? '||' : '&&';
    const value = text.slice(0, sign.index) + other + text.slice(sign.index + found.length);
    put(value.trim(), found === '!' ? `drop ! in ${text}` : `${text} → ${value}`);
  }
  for (const operand of text.matchAll(/(\s*(?:&&|\|\|)\s*)!?[\p{L}\p{N}_][\p{L}\p{N}_-]*(?=\s*(?:&&|\|\||$))/gu)) {
    const value = text.slice(0, operand.index) + text.slice(operand.index + operand[0].length);
    put(value, `${text} → ${value}`);
  }
  const first = /^\s*!?[\p{L}\p{N}_][\p{L}\p{N}_-]*\s*(?:&&|\|\|)\s*/u.exec(text);
  if (first) put(text.slice(first[0].length), `${text} → ${text.slice(first[0].length)}`);
}
