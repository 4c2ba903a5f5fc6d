import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

export const contradiction: Check = {
  code: 'contradiction',
  severity: 'error',
  title: both('one item demands what another one forbids', '一项要求、另一项禁止同一内容'),
  about:
    'The same condition in the same scope is expected by one item and forbidden by another one, on a channel that both judge: no agent can satisfy both.',
  example: {
    failing:
      '- id: names\n  title: { en: Gives a name, zh: 报姓名 }\n  expect: { phrase: [my name is], by: agent }\n- id: anonymous\n  title: { en: Gives no name, zh: 不报姓名 }\n  forbid: { phrase: [my name is], by: agent }',
    passing:
      '- id: names\n  title: { en: Gives a name, zh: 报姓名 }\n  channels: [call]\n  expect: { phrase: [my name is], by: agent }\n- id: anonymous\n  title: { en: Gives no name, zh: 不报姓名 }\n  channels: [chat]\n  forbid: { phrase: [my name is], by: agent }',
  },
  *run(card) {
    const expected = card.items.filter(({ item }) => item.rule.kind === 'expect');
    for (const other of card.items) {
      const { rule } = other.item;
      if (rule.kind !== 'forbid') continue;
      for (const one of expected) {
        if (one.item.rule.kind !== 'expect') continue;
        const [a, b] = [one.item, other.item];
        if (card.keyOf(one.item.rule.condition) !== card.keyOf(rule.condition)) continue;
        if (!one.channels.some((channel) => other.channels.includes(channel))) continue;
        if (a.when && b.when && card.keyOf(a.when) !== card.keyOf(b.when)) continue;
        yield {
          at: card.at([...other.path, 'forbid']),
          message: both(`"${b.id}" forbids what "${a.id}" expects.`, `“${b.id}”禁止的正是“${a.id}”所要求的。`),
          hint: both('Keep one of the two, or part them by channels or when.', '保留其一，或用 channels、when 区分。'),
        };
      }
    }
  },
};
