import { both } from '../../wording.ts';
import type { Check } from '../check.ts';
import { bandsOf } from './bands.ts';

export const bandGap: Check = {
  code: 'band-gap',
  severity: 'warning',
  title: both('a gap between two ranges', '分段之间有空隙'),
  about:
    'A figure between the two ranges earns no points at all, though figures above and below it do. Ranges hold their lower end and not their upper one.',
  example: {
    failing:
      '- id: speed\n  title: { en: Quick, zh: 及时 }\n  type: number\n  measure: { response: { which: average, within: 30s } }\n  bands: [{ to: 30s, points: 2 }, { from: 40s, to: 60s, points: 1 }]',
    passing:
      '- id: speed\n  title: { en: Quick, zh: 及时 }\n  type: number\n  measure: { response: { which: average, within: 30s } }\n  bands: [{ to: 30s, points: 2 }, { from: 30s, to: 60s, points: 1 }]',
  },
  *run(card) {
    for (const { item, path, pairs } of bandsOf(card))
      for (const [lower, upper] of pairs)
        if (lower.to < upper.from)
          yield {
            at: card.at([...path, 'bands', upper.index]),
            message: both(
              `"${item.id}" gives no points between two of its ranges.`,
              `“${item.id}”的两个分段之间不计分。`,
            ),
            hint: both('Let the range begin where the one below ends.', '让本段从上一段的终点开始。'),
          };
  },
};
