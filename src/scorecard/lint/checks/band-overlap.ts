import { both } from '../../wording.ts';
import type { Check } from '../check.ts';
import { bandsOf } from './bands.ts';

export const bandOverlap: Check = {
  code: 'band-overlap',
  severity: 'error',
  title: both('two ranges that overlap', '分段重叠'),
  about:
    'A figure that lies in both ranges could earn the points of either. Ranges hold their lower end and not their upper one.',
  example: {
    failing:
      '- id: speed\n  title: { en: Quick, zh: 及时 }\n  type: number\n  measure: { response: { which: average, within: 30s } }\n  bands: [{ to: 30s, points: 2 }, { from: 20s, to: 60s, points: 1 }]',
    passing:
      '- id: speed\n  title: { en: Quick, zh: 及时 }\n  type: number\n  measure: { response: { which: average, within: 30s } }\n  bands: [{ to: 30s, points: 2 }, { from: 30s, to: 60s, points: 1 }]',
  },
  *run(card) {
    for (const { item, path, pairs } of bandsOf(card))
      for (const [lower, upper] of pairs)
        if (lower.to > upper.from)
          yield {
            at: card.at([...path, 'bands', upper.index]),
            message: both(`Two ranges of "${item.id}" overlap.`, `“${item.id}”的两个分段重叠。`),
            hint: both('Let the range begin where the one below ends.', '让本段从上一段的终点开始。'),
          };
  },
};
