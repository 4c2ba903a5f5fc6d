import { both } from '../../wording.ts';
import type { Check } from '../check.ts';
import { unusedNames } from './unused.ts';

export const unusedCondition: Check = {
  code: 'unused-condition',
  severity: 'warning',
  title: both('a named condition that no rule uses', '未被使用的命名条件'),
  about: 'Nothing refers to the name: a rule was dropped, or one refers to another name by mistake.',
  example: {
    failing:
      'conditions: { complained: { phrase: [unacceptable], by: customer } }\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: [good morning], by: agent }',
    passing:
      'conditions: { complained: { phrase: [unacceptable], by: customer } }\n---\n- id: comforts\n  title: { en: Comforts, zh: 安抚 }\n  when: complained\n  expect: { phrase: [so sorry to hear], by: agent, after: when }',
  },
  run: (card) => unusedNames(card, 'conditions', card.insides.trace.usedConditions),
};
