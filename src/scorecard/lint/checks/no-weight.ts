import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

export const noWeight: Check = {
  code: 'no-weight',
  severity: 'warning',
  title: both('a weight of 0', '权重为 0'),
  about:
    'An item or section of weight 0 is judged and shown, and changes no score. Where it is only meant to be watched this is right; say so in `why` and let the finding stand, or give it a weight.',
  example: {
    failing:
      '- id: greets\n  title: { en: Greets, zh: 问候 }\n  weight: 0\n  expect: { phrase: [good morning], by: agent }\n- id: closes\n  title: { en: Closes, zh: 结束 }\n  expect: { phrase: [good bye], by: agent }',
    passing:
      '- id: greets\n  title: { en: Greets, zh: 问候 }\n  weight: 1\n  expect: { phrase: [good morning], by: agent }',
  },
  *run(card) {
    const hint = both('Give it a weight above 0, or take it out.', '请给出大于 0 的权重，或删除。');
    for (const [s, section] of card.card.sections.entries())
      if (section.weight === 0)
        yield {
          at: card.at(['sections', s, 'weight']),
          message: both(
            `The section "${section.id}" has weight 0: its items change no score.`,
            `“${section.id}”部分权重为 0，其中各项不影响得分。`,
          ),
          hint,
        };
    for (const { item, path } of card.items)
      if (item.weight === 0)
        yield {
          at: card.at([...path, 'weight']),
          message: both(`"${item.id}" has weight 0: it changes no score.`, `“${item.id}”权重为 0，不影响得分。`),
          hint,
        };
  },
};
