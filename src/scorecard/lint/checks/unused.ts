import { both } from '../../wording.ts';
import type { LintedCard } from '../card.ts';
import type { Draft } from '../check.ts';

const kinds = {
  lexicons: both('lexicon', '词库'),
  conditions: both('condition', '条件'),
  fragments: both('fragment', '片段'),
};

/** Names of the scorecard's own file that nothing refers to. */
export function* unusedNames(card: LintedCard, kind: keyof typeof kinds, used: ReadonlySet<string>): Generator<Draft> {
  for (const name of Object.keys(card.insides.raw[kind] ?? {})) {
    if (used.has(name) || !card.isOwn([kind, name])) continue;
    yield {
      at: card.at([kind, name]),
      message: both(`No rule uses the ${kinds[kind].en} "${name}".`, `没有规则使用${kinds[kind].zh}“${name}”。`),
      hint: both('Take it out, or use it.', '删除它，或加以使用。'),
      removable: kind === 'lexicons',
      unused: { file: card.insides.composition.file, kind, name },
    };
  }
}
