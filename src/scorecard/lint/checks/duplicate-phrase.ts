import { compilePhrases } from '../../../text/index.ts';
import { both } from '../../wording.ts';
import { folded } from '../card.ts';
import type { Check } from '../check.ts';
import { removablePhrases } from '../removable.ts';

/** Whether whoever looks for `phrase` finds `text`. */
function findsAll(phrase: string, text: string): boolean {
  return phrase === text || compilePhrases([{ text: phrase }]).find(text).length > 0;
}

export const duplicatePhrase: Check = {
  code: 'duplicate-phrase',
  severity: 'warning',
  title: both('the same phrase twice in one list', '同一列表中短语重复'),
  about:
    'Case, width, punctuation and traditional characters make no difference to matching, so two entries that differ in these alone are one. `--fix` takes out the later one, unless an operator that counts or compares entries uses the list (`match: all`, `atLeast`, `similar`).',
  example: {
    failing:
      '- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: [good morning, Good Morning!], by: agent }',
    passing:
      '- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: [good morning, good evening], by: agent }',
  },
  *run(card) {
    const isRemovable = removablePhrases(card);
    for (const { phrases } of card.phraseGroups()) {
      const seen = new Map<string, string>();
      for (const { text, at } of phrases) {
        const key = folded(text);
        const first = seen.get(key);
        if (first === undefined) seen.set(key, text);
        else if (findsAll(first, text) && findsAll(text, first))
          yield {
            at,
            message: both(
              `"${text}" stands in this list already${first === text ? '' : `, as "${first}"`}.`,
              `“${text}”在该列表中已出现${first === text ? '' : `（写作“${first}”）`}。`,
            ),
            hint: both('Keep one of the two; --fix takes it out.', '保留其一；--fix 可自动删除。'),
            removable: isRemovable(at),
          };
      }
    }
  },
};
