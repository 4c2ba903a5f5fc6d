import { compilePhrases, tokenise } from '../../../text/index.ts';
import { both } from '../../wording.ts';
import { everyCondition, folded, type LintedCard } from '../card.ts';
import type { Check } from '../check.ts';

/** Words that nearly every conversation holds. */
const common = new Set(
  (
    'a an and are as at be but by can do does for from have hello hi i if in is it just me my no not of ok okay on or our ' +
    'please right so sorry sure thank thanks that the this to was we well what will with yes you your ' +
    '的 了 是 我 你 您 在 不 好 有 就 也 都 和 吗 呢 吧 啊 嗯 我们 您好 你好 请 谢谢 可以 好的 这 那 这个 那个 没有 什么'
  ).split(' '),
);

function isBroad(phrase: string): boolean {
  const plain = folded(phrase);
  return (
    common.has(plain) ||
    (/^[\s*]+$/.test(plain) && plain.includes('*')) ||
    (tokenise(plain).length === 0 && compilePhrases([{ text: phrase }]).find('x').length > 0)
  );
}

function* forbidden(card: LintedCard) {
  for (const { item } of card.items)
    if (item.rule.kind === 'forbid')
      for (const condition of everyCondition(item.rule.condition)) {
        const leaf = card.leafOf(condition);
        const asked =
          leaf?.operator === 'phrase' && leaf.options.match !== 'none' ? card.phrasesOf(leaf, 'phrase') : undefined;
        if (
          asked &&
          condition.kind === 'operator' &&
          condition.scope.time === null &&
          condition.scope.turns === null &&
          !condition.anchor
        )
          yield { item, asked };
      }
}

export const broadPhrase: Check = {
  code: 'broad-phrase',
  severity: 'warning',
  title: both('a forbidden phrase that nearly everybody says', '禁用短语过于宽泛'),
  about:
    'A single common word is forbidden in the whole conversation, so that nearly every session fails. A longer phrase is probably meant.',
  example: {
    failing: '- id: refusal\n  title: { en: Refuses nothing, zh: 不拒绝 }\n  forbid: { phrase: ["no"], by: agent }',
    passing:
      '- id: refusal\n  title: { en: Refuses nothing, zh: 不拒绝 }\n  forbid: { phrase: [we will not do that], by: agent }',
  },
  *run(card) {
    for (const { item, asked } of forbidden(card))
      for (const phrase of asked.phrases.filter(isBroad))
        yield {
          at: card.at(asked.path),
          message: both(
            `"${item.id}" forbids "${phrase}", which nearly everybody says.`,
            `“${item.id}”禁用“${phrase}”，而这几乎人人都会说。`,
          ),
          hint: both('Write the words around it too.', '请写出更完整的说法。'),
        };
  },
};
