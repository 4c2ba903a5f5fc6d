import type { Band } from '../../scorecard.ts';
import type { LintedCard } from '../card.ts';

/** Items of type `number` with their ranges in rising order. */
export function* bandsOf(card: LintedCard) {
  for (const { item, path } of card.items)
    if (item.rule.kind === 'measure') {
      const bands = item.rule.bands
        .map((band, index) => ({ ...band, index }))
        .sort((a, b) => a.from - b.from || a.to - b.to);
      yield { item, path, pairs: bands.slice(1).map((band, i): [Indexed, Indexed] => [bands[i]!, band]) };
    }
}

type Indexed = Band & { index: number };
