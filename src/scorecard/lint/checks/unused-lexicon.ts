import { both } from '../../wording.ts';
import type { Check } from '../check.ts';
import { usedLexicons } from '../usage.ts';
import { unusedNames } from './unused.ts';

export const unusedLexicon: Check = {
  code: 'unused-lexicon',
  severity: 'warning',
  title: both('a lexicon that no rule uses', '未被使用的词库'),
  about:
    'Nothing refers to the lexicon: a rule was dropped and its words were left, or a rule names another list by mistake. Lexicons of files that are shared by `use` are not told, nor what another scorecard of the same run uses. `--fix` takes the entry out; the file that it names stays.',
  example: {
    failing:
      'lexicons: { greeting: [good morning], farewell: [good bye] }\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: $greeting, by: agent }',
    passing:
      'lexicons: { greeting: [good morning] }\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: $greeting, by: agent }',
  },
  run: (card) => unusedNames(card, 'lexicons', usedLexicons(card.insides)),
};
