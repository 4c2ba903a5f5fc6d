import type { Node, Pair, YAMLMap } from 'yaml';
import type { Path } from '../edit.ts';
import { otherNumbers, otherTexts } from '../figures.ts';
import { type OperatorWords, scopeWords } from '../language.ts';
import { isMap, isScalar, isSeq, keyOf } from '../source.ts';
import { dropKey, replace, type Walk } from '../site.ts';
import { mutateWords } from './words.ts';

/** A limit the other way round, and with or without the limit itself. */
const otherLimits: Record<string, readonly string[]> = {
  above: ['below', 'atLeast'],
  below: ['above', 'atMost'],
  atLeast: ['atMost', 'above'],
  atMost: ['atLeast', 'below'],
  gt: ['lt'],
  lt: ['gt'],
};
/** Counts of things, not figures that a conversation is held against. */
const counts = new Set(['of', 'eq', 'exists']);
/** Texts that are no words to be heard: names, patterns, files, questions. */
const opaque = new Set(['regex', 'pattern', 'path', 'name', 'knowledge', 'question', 'model', 'eq']);

/** Everything that is written under and beside an operator, but for its scope. */
export function mutateOptions(walk: Walk, map: YAMLMap, path: Path, operator: OperatorWords): void {
  for (const pair of map.items) {
    const key = keyOf(pair);
    if ((scopeWords as readonly string[]).includes(key)) continue;
    if (key === operator.name && isMap(pair.value)) mutateGroup(walk, pair.value, [...path, key], operator);
    else mutateKey(walk, map, pair, [...path, key], operator);
  }
}

function mutateGroup(walk: Walk, map: YAMLMap, path: Path, operator: OperatorWords): void {
  for (const pair of map.items) {
    const key = keyOf(pair);
    const { value } = pair;
    if (isMap(value)) mutateGroup(walk, value, [...path, key], operator);
    else mutateKey(walk, map, pair, [...path, key], operator);
    // `atLeast` may be a bare count (interruption, silence): the other limits are then no keys at all.
    for (const other of isScalar(value) ? (otherLimits[key] ?? []) : [])
      if (operator.optional.has(other) || operator.choices.has(other))
        walk.propose('comparison', walk.source.rename(pair, [...path, key], other), `${key} → ${other}`);
  }
}

function mutateKey(walk: Walk, map: YAMLMap, pair: Pair, path: Path, operator: OperatorWords): void {
  const key = keyOf(pair);
  const node = pair.value as Node | null;
  if (isSeq(node) || (isScalar(node) && key === operator.name && !opaque.has(key))) mutateWords(walk, node, path);
  if (isSeq(node) || key === 'except' || key === 'unlessAfter')
    if (operator.optional.has(key) && key !== operator.name) dropKey(walk, 'option', map, key, path.slice(0, -1));
  if (!isScalar(node)) return;
  const { value } = node;
  if (typeof value === 'boolean') replace(walk, 'option', pair, path, !value);
  if (typeof value === 'number' && !counts.has(key))
    for (const other of otherNumbers(value)) replace(walk, 'threshold', pair, path, other.value, other.clue);
  if (typeof value !== 'string' || opaque.has(key)) return;
  for (const other of choices(key, value, operator)) replace(walk, 'option', pair, path, other);
  if (key !== operator.name)
    for (const other of otherTexts(value))
      replace(
        walk,
        other.boundary ? 'boundary' : key === 'match' ? 'option' : 'threshold',
        pair,
        path,
        other.value,
        other.clue,
      );
}

/** Choices that come to the same: the slowest of all replies is within the limit where each of them is. */
const alike: readonly (readonly string[])[] = [['each', 'max']];

/** At most two others of a closed set, those next to the one that stands there. */
function choices(key: string, value: string, operator: OperatorWords): string[] {
  if (key === 'match') return value === 'all' ? ['any'] : value === 'any' ? ['all'] : ['any'];
  // What recognition confuses is heard wider than what is written; only the step back to the letter is a rule's choice.
  if (key === 'sound') return value === 'exact' ? ['near'] : ['exact'];
  const all = operator.choices.get(key) ?? [];
  const at = all.indexOf(value);
  const same = alike.find((group) => group.includes(value)) ?? [];
  const others = [...all.slice(at + 1), ...all.slice(0, at)].filter((other) => !same.includes(other));
  return at < 0 ? [] : others.filter((other) => isFirstAlike(other, others)).slice(0, 2);
}

/** Of choices that come to the same, one is enough. */
function isFirstAlike(choice: string, others: readonly string[]): boolean {
  const group = alike.find((one) => one.includes(choice));
  return !group || others.find((other) => group.includes(other)) === choice;
}
