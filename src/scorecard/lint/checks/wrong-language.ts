import { isHan } from '../../../text/index.ts';
import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

export const wrongLanguage: Check = {
  code: 'wrong-language',
  severity: 'warning',
  title: both('a list of phrases in another language than the scorecard', '词库语言与评分卡不符'),
  about:
    'Most phrases of the list are written in the script of another language: the file of the other language was probably named.',
  example: {
    failing:
      'language: zh\nlexicons: { greeting: [good morning, welcome] }\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: $greeting, by: agent }',
    passing:
      'language: zh\nlexicons: { greeting: [您好, 早上好] }\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: $greeting, by: agent }',
  },
  *run(card) {
    const language = card.card.ref.language.toLowerCase();
    const chinese = language.startsWith('zh');
    if (!chinese && !language.startsWith('en')) return;
    for (const { phrases } of card.phraseGroups()) {
      if (phrases.length < 2) continue;
      const wrong = phrases.filter(({ text }) => {
        const han = [...text].some((sign) => isHan(sign.codePointAt(0)!));
        return chinese ? !han && /\p{Script=Latin}{3}/u.test(text) && !/^\p{Lu}+$/u.test(text) : han;
      });
      if (wrong.length * 2 <= phrases.length) continue;
      yield {
        at: wrong[0]!.at,
        message: both(
          `${wrong.length} of ${phrases.length} phrases of this list are not in the language of the scorecard (${language}).`,
          `该列表 ${phrases.length} 条短语中有 ${wrong.length} 条不是评分卡的语言（${language}）。`,
        ),
        hint: both('Name the list of the right language.', '请引用对应语言的词库。'),
      };
    }
  },
};
