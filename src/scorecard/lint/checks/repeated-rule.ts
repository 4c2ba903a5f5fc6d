import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

export const repeatedRule: Check = {
  code: 'repeated-rule',
  severity: 'warning',
  title: both('two items ask the same', '两个检查项的规则相同'),
  about:
    'Rule, `when`, `naWhen` and channels of two items are the same, so that one omission costs the weight of both.',
  example: {
    failing:
      '- id: name\n  title: { en: Gives a name, zh: 报姓名 }\n  expect: { phrase: [my name is], by: agent }\n- id: who\n  title: { en: Says who speaks, zh: 自我介绍 }\n  expect: { phrase: [my name is], by: agent }',
    passing:
      '- id: name\n  title: { en: Gives a name, zh: 报姓名 }\n  expect: { phrase: [my name is], by: agent }\n- id: who\n  title: { en: Names the firm, zh: 报公司名 }\n  expect: { phrase: [you are talking to Acme], by: agent }',
  },
  *run(card) {
    const seen = new Map<string, string>();
    for (const { item, path, channels } of card.items) {
      if (item.rule.kind !== 'expect' && item.rule.kind !== 'forbid') continue;
      const keys = [item.when, item.naWhen].map((one) => (one ? card.keyOf(one) : ''));
      const key = JSON.stringify([item.rule.kind, card.keyOf(item.rule.condition), keys, channels]);
      const first = seen.get(key);
      if (first !== undefined)
        yield {
          at: card.at([...path, item.rule.kind]),
          message: both(`"${item.id}" asks the same as "${first}".`, `“${item.id}”与“${first}”的规则相同。`),
          hint: both('Keep one of the two.', '保留其一。'),
        };
      else seen.set(key, item.id);
    }
  },
};
