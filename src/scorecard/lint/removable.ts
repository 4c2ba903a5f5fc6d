import type { Origin } from '../load/compose/written.ts';
import type { LintedCard } from './card.ts';

/** Keys under which phrases are alternatives of one another: one that stands there twice counts once. */
const alternatives = new Set(['phrase', 'except']);

/**
 * Tells for a place in a list of phrases whether an entry that is a double may go without changing a verdict: every
 * rule that reaches the list, directly or through lexicons, takes its phrases as alternatives. Lists of which an
 * extending layer takes phrases out as they are written are left alone too.
 */
export function removablePhrases(card: LintedCard): (at: Origin) => boolean {
  const { trace, lexicons } = card.insides;
  const fixed = new Set<string>();
  const follow = (names: readonly string[]) => {
    for (const reference of names) {
      const name = reference.slice(1);
      const entry = reference.startsWith('$') ? lexicons.entries.get(name) : undefined;
      if (!entry || fixed.has(`$${name}`)) continue;
      fixed.add(`$${name}`);
      for (const { phrases, references, originOf } of entry.lists) {
        if (phrases.length > 0) fixed.add(listKey(originOf(0)));
        if (references) follow(phrases);
      }
    }
  };
  for (const { leaf, path, given } of trace.phrases) {
    const asked = trace.leaves.find((one) => same(one.path, leaf));
    const match = asked?.options.match;
    const key = path[leaf.length];
    const isAlternative =
      asked?.operator === 'phrase' &&
      alternatives.has(String(key)) &&
      (match === undefined || match === 'any' || match === 'none' || key === 'except');
    if (isAlternative) continue;
    fixed.add(listKey(card.at([...path, 0])));
    follow(given);
  }
  for (const [, { lists, removed }] of lexicons.entries)
    if (removed && removed.phrases.length > 0)
      for (const { phrases, originOf } of lists) if (phrases.length > 0) fixed.add(listKey(originOf(0)));
  return (at) => !fixed.has(listKey(at));
}

const listKey = ({ source, path }: Origin) => `${source.file}#${path.slice(0, -1).join('/')}`;
const same = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((step, i) => step === b[i]);
