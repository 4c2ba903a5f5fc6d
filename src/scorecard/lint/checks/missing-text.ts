import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

const keys = ['title', 'why', 'coaching'] as const;
const languages = { en: both('English', '英文'), zh: both('Chinese', '中文') };

export const missingText: Check = {
  code: 'missing-text',
  severity: 'info',
  title: both('an item without title, reason or coaching in both languages', '检查项缺少中英文标题、理由或辅导语'),
  about:
    'Supervisors and agents read `title`, `why` and `coaching` in their own language. A text without a language stands for both, which reads oddly in one of them.',
  example: {
    failing:
      '- id: greets\n  title: { en: Greets }\n  why: { en: Politeness., zh: 礼貌。 }\n  coaching: { en: Say good morning., zh: 请说早上好。 }\n  expect: { phrase: [good morning], by: agent }',
    passing:
      '- id: greets\n  title: { en: Greets, zh: 问候 }\n  why: { en: Politeness., zh: 礼貌。 }\n  coaching: { en: Say good morning., zh: 请说早上好。 }\n  expect: { phrase: [good morning], by: agent }',
  },
  *run(card) {
    for (const { item, raw, path } of card.items) {
      const lacking = keys.flatMap((key) => {
        const given = raw[key];
        if (given === undefined) return [both(key, key)];
        const absent = (['en', 'zh'] as const).filter((one) => typeof given === 'string' || given[one] === undefined);
        if (absent.length === 0) return [];
        const which = absent.length === 2 ? both('by language', '分语言') : languages[absent[0]!];
        return [both(`${key} (${which.en})`, `${key}（${which.zh}）`)];
      });
      if (lacking.length === 0) continue;
      yield {
        at: card.at([...path, 'id']),
        message: both(
          `"${item.id}" lacks: ${lacking.map(({ en }) => en).join(', ')}.`,
          `“${item.id}”缺少：${lacking.map(({ zh }) => zh).join('、')}。`,
        ),
        hint: both(
          'Example: why: { en: Nothing may be disclosed before., zh: 未核实前不得透露。 }.',
          '例如 why: { en: …, zh: … }。',
        ),
      };
    }
  },
};
