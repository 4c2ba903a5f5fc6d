import type { LintedCard } from '../card.ts';
import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

/** The most that fails can take from 100; Infinity where a deduction has no limit. */
function mostTaken({ card }: LintedCard): number {
  return card.sections
    .flatMap(({ items }) => items)
    .filter(({ manualOnly }) => !manualOnly)
    .reduce((sum, item) => {
      if (item.autoFail !== 'none') return Infinity;
      if (item.type !== 'deduction') return sum + item.possible * item.weight;
      const most = item.deduction.kind === 'once' ? item.deduction.points : (item.deduction.max ?? Infinity);
      return sum + most * item.weight;
    }, 0);
}

export const passMark: Check = {
  code: 'pass-mark',
  severity: 'warning',
  title: both('a pass mark that decides nothing', '合格线不起作用'),
  about:
    'Nobody can fail, because the pass mark is 0 or all deductions together stay above it; or nobody can pass, because no item has a weight and there is never a score.',
  example: {
    failing:
      'method: deductFrom100\npassMark: 60\n---\n- id: rude\n  title: { en: No insults, zh: 不辱骂 }\n  type: deduction\n  once: 10\n  forbid: { phrase: [shut up], by: agent }',
    passing:
      'method: deductFrom100\npassMark: 95\n---\n- id: rude\n  title: { en: No insults, zh: 不辱骂 }\n  type: deduction\n  once: 10\n  forbid: { phrase: [shut up], by: agent }',
  },
  *run(card) {
    const { passMark: mark, method, deductPer, sections } = card.card;
    const judged = card.items.filter(({ item }) => !item.manualOnly);
    const at = card.at(['passMark']);
    if (mark === 0)
      yield {
        at,
        message: both('With a pass mark of 0 nobody can fail.', '合格线为 0，任何人都不会不合格。'),
        hint: both('Leave it out for 80, or write a higher one.', '删除则默认为 80，或写更高的值。'),
      };
    else if (method === 'deductFrom100' && deductPer === 'form' && 100 - mostTaken(card) >= mark)
      yield {
        at,
        message: both(
          `All deductions together take ${mostTaken(card)}, so that nobody falls below the pass mark of ${mark}.`,
          `所有扣分合计 ${mostTaken(card)}，无人会低于合格线 ${mark}。`,
        ),
        hint: both('Raise the pass mark or the deductions.', '提高合格线或扣分。'),
      };
    else if (
      method !== 'deductFrom100' &&
      judged.length > 0 &&
      sections.every(({ weight, items }) => weight === 0 || items.every((item) => item.weight === 0))
    )
      yield {
        at,
        message: both(
          'No item has a weight, so there is never a score and nobody can pass.',
          '所有检查项权重为 0，永远没有得分。',
        ),
        hint: both('Give the items weights.', '请为检查项设置权重。'),
      };
  },
};
