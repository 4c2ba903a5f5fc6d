import { compileRegex } from '../../../text/index.ts';
import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

/** Texts that have nothing in common. */
const probes = ['x', '7', '好', 'thank you', '谢谢您的来电', '...'];

export const broadPattern: Check = {
  code: 'broad-pattern',
  severity: 'error',
  title: both('a pattern that matches everything, or nothing at all', '正则匹配任意内容或空串'),
  about:
    'The pattern is found in every text, because every part of it may be missing (`(sorry)?`), or because it asks for any sign (`.`). Expected, it passes as soon as somebody speaks.',
  example: {
    failing:
      "- id: sorry\n  title: { en: Apologises, zh: 道歉 }\n  expect: { regex: '(sorry|apologi[sz]e)?', by: agent }",
    passing:
      "- id: sorry\n  title: { en: Apologises, zh: 道歉 }\n  expect: { regex: '\\b(sorry|apologi[sz]e)\\b', by: agent }",
  },
  *run(card) {
    for (const { path, pattern } of card.insides.trace.patterns) {
      const { find, test } = { ...compiled(pattern) };
      const empty = test('');
      if (!empty && !probes.every((probe) => find(probe))) continue;
      yield {
        at: card.at(path),
        message: empty
          ? both(
              'This pattern matches a text of no letters, so it is found everywhere.',
              '该正则可匹配空串，因此处处命中。',
            )
          : both('This pattern is found in whatever is said.', '该正则对任何话语都命中。'),
        hint: both('Leave out what makes every part optional.', '去掉使各部分可有可无的符号。'),
      };
    }
  },
};

function compiled(pattern: string) {
  const regex = compileRegex(`(?:${pattern})`);
  const find = (text: string) => regex.find(text).length > 0;
  // A hit of no letters may not be told, so the pattern is asked between two marks.
  const between = compileRegex(`^<(?:${pattern})>$`);
  return { find, test: (text: string) => between.find(`<${text}>`).length > 0 };
}
