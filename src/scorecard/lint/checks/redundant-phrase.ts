import { compilePhrases } from '../../../text/index.ts';
import { both } from '../../wording.ts';
import { folded } from '../card.ts';
import type { Check } from '../check.ts';

/** Longer lists are word lists from elsewhere, which nobody prunes by hand. */
const most = 20_000;

export const redundantPhrase: Check = {
  code: 'redundant-phrase',
  severity: 'info',
  title: both('a phrase that holds a shorter one of the same list', '短语已被同列表中更短的短语涵盖'),
  about:
    'Whoever says the longer phrase says the shorter one too, so that the longer one finds nothing more. It may still be wanted: it begins earlier, which matters to a time limit, and it is quoted in full. For that reason `--fix` leaves it.',
  example: {
    failing:
      '- id: sorry\n  title: { en: Apologises, zh: 道歉 }\n  expect: { phrase: [I apologise, I apologise for that], by: agent }',
    passing:
      '- id: sorry\n  title: { en: Apologises, zh: 道歉 }\n  expect: { phrase: [I apologise, so sorry about that], by: agent }',
  },
  *run(card) {
    for (const { phrases } of card.phraseGroups()) {
      if (phrases.length < 2 || phrases.length > most) continue;
      const matcher = compilePhrases(phrases.map(({ text }) => ({ text })));
      const heldBy = (text: string) => matcher.find(text).map(({ phrase }) => phrase);
      for (const [index, { text, at }] of phrases.entries()) {
        if (text.includes('*')) continue;
        const inside = heldBy(text)
          // Of two that say the same (“have not”, “haven't”) the later one is too much.
          .filter((other) => other < index || !heldBy(phrases[other]!.text).includes(index))
          .map((other) => phrases[other]!.text)
          .find((other) => folded(other) !== folded(text));
        if (inside !== undefined)
          yield {
            at,
            message: both(
              `"${text}" holds "${inside}", which is in this list too.`,
              `“${text}”包含同列表中的“${inside}”。`,
            ),
            hint: both('The shorter one alone finds as much.', '仅保留较短的一条即可。'),
          };
      }
    }
  },
};
