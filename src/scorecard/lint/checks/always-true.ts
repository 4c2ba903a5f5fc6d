import { both } from '../../wording.ts';
import type { Check } from '../check.ts';
import { allConditions, certainty, opposites } from './logic.ts';

export const alwaysTrue: Check = {
  code: 'always-true',
  severity: 'error',
  title: both('a condition that is always true', '恒成立的条件'),
  about:
    'The condition holds whatever is said: it accepts something and its contrary, or its limits let every figure through. Expected, it passes every session; forbidden, it fails every one.',
  example: {
    failing:
      '- id: takes-part\n  title: { en: Takes part, zh: 参与对话 }\n  expect: { turnCount: { atLeast: 0 }, by: agent }',
    passing:
      '- id: takes-part\n  title: { en: Takes part, zh: 参与对话 }\n  expect: { turnCount: { atLeast: 2 }, by: agent }',
  },
  *run(card) {
    // What a quantity is measured for is decided by its bands, not by its limits.
    const measured = new Set(
      card.items.flatMap(({ item }) => (item.rule.kind === 'measure' ? [item.rule.condition] : [])),
    );
    for (const condition of allConditions(card)) {
      if (measured.has(condition)) continue;
      const contrary = condition.kind === 'any' && opposites(card, condition.children) !== null;
      const leaf = condition.kind === 'operator' ? card.leafOf(condition) : undefined;
      if (!contrary && !(leaf && certainty(leaf) === 'always')) continue;
      const reason = contrary
        ? both('it accepts a condition and its contrary', '某条件成立与否都可以')
        : both('its limits let every value through', '界限未排除任何值');
      yield {
        at: card.placeOf(condition, []),
        message: both(`This is always true: ${reason.en}.`, `该条件恒成立：${reason.zh}。`),
        hint: both('Take out one of the two, or correct the figure.', '去掉其中之一，或更正数值。'),
      };
    }
  },
};
