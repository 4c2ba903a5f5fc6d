import { both } from '../../wording.ts';
import type { Condition } from '../../evaluate/condition.ts';
import { folded, type LintedCard } from '../card.ts';
import type { Check } from '../check.ts';
import { allConditions, certainty, opposites } from './logic.ts';

function why(card: LintedCard, condition: Condition) {
  if (condition.kind === 'all' && opposites(card, condition.children))
    return both('it asks for a condition and for its contrary', '同时要求某条件成立与不成立');
  if (condition.kind !== 'operator') return null;
  const leaf = card.leafOf(condition);
  if (!leaf) return null;
  if (certainty(leaf) === 'never') return both('its limits leave no value', '各界限之间没有可取的值');
  if (leaf.operator !== 'phrase') return null;
  const { match } = leaf.options;
  const phrases = card.phrasesOf(leaf, 'phrase')?.phrases ?? [];
  const different = new Set(phrases.map(folded)).size;
  if (match === 'all' && different < phrases.length)
    return both(
      'all phrases are wanted, and two of them are the same after folding, of which one place counts once',
      '要求全部短语，而其中两条归一化后相同',
    );
  const n = typeof match === 'string' ? Number(/^atLeast (\d+)$/.exec(match)?.[1] ?? 0) : 0;
  return n > different
    ? both(`it wants ${n} different phrases and knows ${different}`, `要求 ${n} 条不同短语，而只有 ${different} 条`)
    : null;
}

export const neverTrue: Check = {
  code: 'never-true',
  severity: 'error',
  title: both('a condition that can never be true', '永远不成立的条件'),
  about:
    'The condition contradicts itself: it asks for something and its contrary, for more different phrases than it lists, or for a figure that no conversation has. Expected, it fails every session; forbidden, it passes every one.',
  example: {
    failing: '- id: brief\n  title: { en: Brief, zh: 简短 }\n  expect: { turnCount: { above: 20, below: 10 } }',
    passing: '- id: brief\n  title: { en: Brief, zh: 简短 }\n  expect: { turnCount: { above: 10, below: 20 } }',
  },
  *run(card) {
    // What a quantity is measured for is decided by its bands, not by its limits.
    const measured = new Set(
      card.items.flatMap(({ item }) => (item.rule.kind === 'measure' ? [item.rule.condition] : [])),
    );
    for (const condition of allConditions(card)) {
      if (measured.has(condition)) continue;
      const reason = why(card, condition);
      if (reason)
        yield {
          at: card.placeOf(condition, []),
          message: both(`This can never be true: ${reason.en}.`, `该条件永远不成立：${reason.zh}。`),
          hint: both('Take out one of the two, or correct the figure.', '去掉其中之一，或更正数值。'),
        };
    }
  },
};
