import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

export const criticalSeverity: Check = {
  code: 'critical-severity',
  severity: 'info',
  title: both('a critical item without a severity of its own', '关键项未写明严重程度'),
  about: 'A critical item counts as `high` where it says nothing. Writing it down shows that it was meant.',
  example: {
    failing:
      '- id: identity\n  title: { en: Checks who it is, zh: 核实身份 }\n  critical: compliance\n  expect: { phrase: [date of birth], by: agent }',
    passing:
      '- id: identity\n  title: { en: Checks who it is, zh: 核实身份 }\n  critical: compliance\n  severity: high\n  expect: { phrase: [date of birth], by: agent }',
  },
  *run(card) {
    for (const { item, raw, path } of card.items)
      if (raw.critical && raw.severity === undefined)
        yield {
          at: card.at([...path, 'critical']),
          message: both(
            `"${item.id}" is critical and names no severity; high is taken.`,
            `“${item.id}”是关键项但未写 severity，按 high 处理。`,
          ),
          hint: both('Write severity: high.', '请写明 severity: high。'),
        };
  },
};
