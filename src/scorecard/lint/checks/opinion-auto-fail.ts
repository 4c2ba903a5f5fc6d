import { everyCondition } from '../card.ts';
import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

const opinions = ['similar', 'sentiment', 'judge'];

export const opinionAutoFail: Check = {
  code: 'opinion-auto-fail',
  severity: 'warning',
  title: both('an auto-fail that rests on opinion alone', '一票否决仅凭主观判断'),
  about:
    '`similar`, `sentiment` and `judge` are opinions of a model. An auto-fail on them alone never strikes by itself; it waits for a person. Join it with words that were really said, or take `autoFail` out.',
  example: {
    failing:
      '- id: hostile\n  title: { en: Not hostile, zh: 无敌意 }\n  autoFail: form\n  forbid: { sentiment: { below: -0.8 }, by: agent }',
    passing:
      '- id: hostile\n  title: { en: Not hostile, zh: 无敌意 }\n  autoFail: form\n  forbid: { phrase: [shut your mouth], by: agent }',
  },
  *run(card) {
    for (const { item, path, conditions } of card.items) {
      if (item.autoFail === 'none' || item.rule.kind === 'manual') continue;
      const leaves = conditions
        .slice(-1)
        .flatMap((one) => [...everyCondition(one)])
        .filter((one) => one.kind === 'operator');
      if (leaves.length === 0 || !leaves.every((leaf) => opinions.includes(leaf.operator))) continue;
      yield {
        at: card.at([...path, 'autoFail']),
        message: both(
          `The auto-fail of "${item.id}" rests on opinion alone: it only ever waits for a person.`,
          `“${item.id}”的一票否决仅凭主观判断，只会转人工确认。`,
        ),
        hint: both('Join the rule with words that were said, or take autoFail out.', '结合实际话语，或去掉 autoFail。'),
      };
    }
  },
};
