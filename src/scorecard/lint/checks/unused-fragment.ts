import { both } from '../../wording.ts';
import type { Check } from '../check.ts';
import { unusedNames } from './unused.ts';

export const unusedFragment: Check = {
  code: 'unused-fragment',
  severity: 'warning',
  title: both('a fragment that no rule uses', '未被使用的片段'),
  about: 'Nothing refers to the fragment: a rule was dropped, or one refers to another fragment by mistake.',
  example: {
    failing:
      'fragments: { early: { params: [what], condition: { phrase: <what>, by: agent, time: first 10s } } }\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  channels: [call]\n  expect: { phrase: [good morning], by: agent }',
    passing:
      'fragments: { early: { params: [what], condition: { phrase: <what>, by: agent, time: first 10s } } }\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  channels: [call]\n  expect: { fragment: early, with: { what: good morning } }',
  },
  run: (card) => unusedNames(card, 'fragments', card.insides.trace.usedFragments),
};
