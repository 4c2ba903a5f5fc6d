import { compilePhrases, type PhraseMatcher } from '../../../text/index.ts';
import type { Condition } from '../../evaluate/condition.ts';
import { canonicalJson } from '../../load/hash.ts';
import type { Path } from '../../load/problems.ts';
import { both } from '../../wording.ts';
import { type LintedCard, type LintedItem, sufficient } from '../card.ts';
import type { Check } from '../check.ts';

interface Forbidding {
  item: LintedItem;
  condition: Extract<Condition, { kind: 'operator' }>;
  path: Path;
  phrases: readonly string[];
  excepted: PhraseMatcher | null;
  matcher: PhraseMatcher;
}

function forbidding(card: LintedCard): Forbidding[] {
  return card.items.flatMap((item) => {
    const { rule } = item.item;
    if (rule.kind !== 'forbid') return [];
    return sufficient(rule.condition).flatMap((condition) => {
      const leaf = card.leafOf(condition);
      if (condition.kind !== 'operator' || leaf?.operator !== 'phrase') return [];
      const { match = 'any', minHits = 1 } = leaf.options;
      const asked = card.phrasesOf(leaf, 'phrase');
      if (match !== 'any' || minHits !== 1 || condition.scope.quantifier.kind !== 'any' || !asked) return [];
      const except = card.phrasesOf(leaf, 'except')?.phrases ?? [];
      const matcherOf = (phrases: readonly string[]) => compilePhrases(phrases.map((text) => ({ text })));
      return [
        {
          item,
          condition,
          path: asked.path,
          phrases: asked.phrases,
          excepted: except.length > 0 ? matcherOf(except) : null,
          matcher: matcherOf(asked.phrases),
        },
      ];
    });
  });
}

/** Whether one utterance can be judged by both: same words of one speaker, on one channel, in one window. */
function meet(card: LintedCard, a: Forbidding, b: Forbidding): boolean {
  const [one, two] = [a.condition.scope, b.condition.scope];
  const speakers = !one.by || !two.by || one.by.some((speaker) => two.by!.includes(speaker));
  const same = (key: 'time' | 'turns' | 'visibility') =>
    one[key] === null || two[key] === null || canonicalJson(one[key]) === canonicalJson(two[key]);
  const [here, there] = [a, b].map(({ condition: { anchor }, item: { item } }) => {
    const target = anchor?.target === 'when' ? item.when : anchor?.target;
    return anchor && target ? canonicalJson([anchor.place, anchor.within, card.keyOf(target)]) : '';
  });
  return (
    speakers &&
    same('time') &&
    same('turns') &&
    same('visibility') &&
    here === there &&
    a.item.channels.some((channel) => b.item.channels.includes(channel))
  );
}

export const doublePunishment: Check = {
  code: 'double-punishment',
  severity: 'warning',
  title: both('two items punish one utterance', '两个检查项对同一句话重复扣分'),
  about:
    'A phrase that one item forbids is forbidden by another one too, for the same speaker on the same channel. Whoever says it loses the weight of both. Keep the phrase in one of the two lists, or except it from the other.',
  example: {
    failing:
      '- id: insults\n  title: { en: No insults, zh: 不辱骂 }\n  forbid: { phrase: [that is nonsense, shut up], by: agent }\n- id: patience\n  title: { en: Patient, zh: 有耐心 }\n  forbid: { phrase: [that is nonsense, as I said], by: agent }',
    passing:
      '- id: insults\n  title: { en: No insults, zh: 不辱骂 }\n  forbid: { phrase: [that is nonsense, shut up], by: agent }\n- id: patience\n  title: { en: Patient, zh: 有耐心 }\n  forbid: { phrase: [as I said], by: agent }',
  },
  *run(card) {
    const all = forbidding(card);
    for (const [index, a] of all.entries())
      for (const b of all.slice(index + 1)) {
        if (a.item === b.item || !meet(card, a, b)) continue;
        const counts = (phrase: string, by: Forbidding) =>
          by.matcher.find(phrase).length > 0 && (by.excepted?.find(phrase).length ?? 0) === 0;
        const shared = [
          ...new Set([...a.phrases.filter((one) => counts(one, b)), ...b.phrases.filter((one) => counts(one, a))]),
        ].filter((one) => counts(one, a) && counts(one, b));
        if (shared.length === 0) continue;
        const [first, second] = [a.item.item.id, b.item.item.id];
        const more = shared.length > 1;
        yield {
          at: card.at(b.path),
          message: both(
            `"${shared[0]}"${more ? ` and ${shared.length - 1} more` : ''} would be punished twice: by "${first}" and by "${second}".`,
            `“${shared[0]}”${more ? `等 ${shared.length} 条` : ''}会被“${first}”和“${second}”重复扣分。`,
          ),
          hint: both('Keep each phrase in one of the two lists.', '每条短语只保留在其中一个列表。'),
        };
      }
  },
};
