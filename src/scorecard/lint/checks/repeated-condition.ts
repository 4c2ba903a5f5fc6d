import { both } from '../../wording.ts';
import type { Check } from '../check.ts';
import { allConditions } from './logic.ts';

export const repeatedCondition: Check = {
  code: 'repeated-condition',
  severity: 'warning',
  title: both('the same condition twice in one list', '同一列表中条件重复'),
  about:
    'In `all` and `any` the second one changes nothing; in `atLeast` it counts twice, so that one thing said is enough for two.',
  example: {
    failing:
      '- id: offers\n  title: { en: Offers help, zh: 主动帮助 }\n  expect: { atLeast: 2, of: [{ phrase: [I will check] }, { phrase: [I will check] }, { phrase: [let me look] }], by: agent }',
    passing:
      '- id: offers\n  title: { en: Offers help, zh: 主动帮助 }\n  expect: { atLeast: 2, of: [{ phrase: [I will check] }, { phrase: [I will ask] }, { phrase: [let me look] }], by: agent }',
  },
  *run(card) {
    for (const condition of allConditions(card)) {
      if (condition.kind === 'operator' || condition.kind === 'not') continue;
      const seen = new Set<string>();
      for (const child of condition.children) {
        const key = card.keyOf(child);
        if (seen.has(key))
          yield {
            at: card.placeOf(child, card.insides.trace.paths.get(condition) ?? []),
            message: both('This condition stands in the same list already.', '该条件在同一列表中已出现。'),
            hint: both('Keep one of the two.', '保留其一。'),
          };
        seen.add(key);
      }
    }
  },
};
