import type { z } from 'zod';
import type { libraryFileSchema } from '../schema.ts';
import { elementsOf, entriesOf, groupOf, isGroup, listOf, tellAt, childOf, type Written } from './written.ts';

/** What scorecards and fragment files give names to. A later layer stands over an earlier one, name by name. */
export const layerKeys = ['lexicons', 'conditions', 'fragments'] as const satisfies (keyof z.infer<
  typeof libraryFileSchema
>)[];

/** Named things of one kind from two layers: the upper one wins. */
export function overlayNames(
  kind: (typeof layerKeys)[number],
  lower: Written | undefined,
  upper: Written | undefined,
): Written | undefined {
  if (!lower || !isGroup(lower.value)) return upper === undefined ? lower : alone(kind, upper);
  if (!upper || !isGroup(upper.value)) return upper ?? lower;
  const names = new Map(entriesOf(lower));
  for (const [name, value] of entriesOf(upper))
    names.set(name, kind === 'lexicons' ? overlayLexicon(name, names.get(name), value) : value);
  return groupOf(names, upper.origin);
}

/** Names without a layer below them: nothing there could be changed. */
function alone(kind: (typeof layerKeys)[number], upper: Written): Written {
  if (kind === 'lexicons') for (const [name, value] of entriesOf(upper)) overlayLexicon(name, undefined, value);
  return upper;
}

const sourceKeys = ['file', 'phrases'];

/** `{ add, remove }` change the lexicon below; everything else replaces it. */
function overlayLexicon(name: string, lower: Written | undefined, upper: Written): Written {
  if (!isGroup(upper.value) || sourceKeys.some((key) => key in (upper.value as object))) return upper;
  if (!('add' in upper.value) && !('remove' in upper.value)) return upper;
  if (!lower) {
    tellAt(
      upper,
      [],
      'unknown-lexicon',
      `There is no lexicon "${name}" below this one to change.`,
      `Example: ${name}: { file: lexicons/${name}.en.yaml, add: [one phrase more] }.`,
    );
    return upper;
  }
  const base: [string, Written][] = Array.isArray(lower.value) ? [['phrases', lower]] : entriesOf(lower);
  const parts = new Map(base);
  const added = elementsOf(childOf(upper, 'add'));
  const removed = elementsOf(childOf(upper, 'remove'));
  const without = (list: Written | undefined, other: readonly Written[]) =>
    elementsOf(list).filter((one) => !other.some((two) => two.value === one.value));
  // The upper layer speaks last: what it adds is there, what it removes is not, whatever the lower one said.
  parts.set('add', listOf([...without(parts.get('add'), removed), ...added], upper.origin));
  const kept = removed.filter((one) => !elementsOf(childOf(lower, 'add')).some((two) => two.value === one.value));
  parts.set('remove', listOf([...without(parts.get('remove'), added), ...kept], upper.origin));
  for (const [key, value] of entriesOf(upper)) if (key !== 'add' && key !== 'remove') parts.set(key, value);
  return groupOf(parts, upper.origin);
}
