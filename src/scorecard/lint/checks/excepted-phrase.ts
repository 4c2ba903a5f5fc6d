import { compilePhrases } from '../../../text/index.ts';
import { both } from '../../wording.ts';
import { folded } from '../card.ts';
import type { Check } from '../check.ts';

export const exceptedPhrase: Check = {
  code: 'excepted-phrase',
  severity: 'warning',
  title: both('a phrase that its own exception rules out', '短语被自身的例外排除'),
  about:
    'A turn that holds one of the `except` phrases does not count. A phrase that itself holds such a phrase can therefore never be found.',
  example: {
    failing:
      '- id: rude\n  title: { en: No insults, zh: 不辱骂 }\n  forbid: { phrase: [stupid question], except: [stupid], by: agent }',
    passing:
      '- id: rude\n  title: { en: No insults, zh: 不辱骂 }\n  forbid: { phrase: [stupid question], except: [no stupid question], by: agent }',
  },
  *run(card) {
    for (const leaf of card.insides.trace.leaves) {
      if (leaf.operator !== 'phrase') continue;
      const excepted = card.phrasesOf(leaf, 'except');
      const looked = card.phrasesOf(leaf, 'phrase');
      if (!excepted || !looked || excepted.phrases.length === 0) continue;
      const matcher = compilePhrases(excepted.phrases.map((text) => ({ text })));
      for (const phrase of looked.phrases) {
        const hit = phrase.includes('*') ? undefined : matcher.find(phrase)[0];
        if (!hit) continue;
        const exception = excepted.phrases[hit.phrase]!;
        yield {
          at: card.at(excepted.path),
          message:
            folded(exception) === folded(phrase)
              ? both(`"${phrase}" is looked for and excepted.`, `“${phrase}”既要查找又被排除。`)
              : both(
                  `"${phrase}" can never be found: it holds the exception "${exception}".`,
                  `“${phrase}”永远查不到：其中包含例外“${exception}”。`,
                ),
          hint: both('Make the exception longer, or take the phrase out.', '加长例外短语，或删除该短语。'),
        };
      }
    }
  },
};
