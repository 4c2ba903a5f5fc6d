import type { Insides } from '../load/trace.ts';

/** Lexicons that a rule, a named condition or another lexicon refers to. */
export function usedLexicons({ lexicons, trace }: Insides): ReadonlySet<string> {
  const used = new Set<string>();
  const note = (phrases: readonly string[]) => {
    for (const one of phrases) if (one.startsWith('$')) used.add(one.slice(1));
  };
  for (const { given } of trace.phrases) note(given);
  for (const { lists } of lexicons.entries.values())
    for (const { phrases, references } of lists) if (references) note(phrases);
  return used;
}
