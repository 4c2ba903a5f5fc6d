import { both } from '../../wording.ts';
import type { Check } from '../check.ts';

export const itemRenamed: Check = {
  code: 'item-renamed',
  severity: 'warning',
  title: both('an item whose id is gone since the last published version', '检查项编号与上一发布版本不符'),
  about:
    'Results of two versions are compared by the ids of items. Where an id goes and another one comes, the history of the item ends; keep the id if it is still the same item. An id that went alone was dropped, and is not told.',
  example: {
    published: '[{"id":"example","version":1,"hash":"0","at":"2026-01-05T09:00:00Z","items":["greeting"],"files":{}}]',
    failing:
      'version: 2\n---\n- id: greets\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: [good morning], by: agent }',
    passing:
      'version: 2\n---\n- id: greeting\n  title: { en: Greets, zh: 问候 }\n  expect: { phrase: [good morning], by: agent }',
  },
  *run(card) {
    const { ref } = card.card;
    const latest = card.history
      .filter(({ id, version }) => id === ref.id && version < ref.version)
      .sort((a, b) => b.version - a.version)[0];
    if (!latest) return;
    const ids = new Set(card.items.map(({ item }) => item.id));
    const gone = latest.items.filter((id) => !ids.has(id));
    const fresh = card.items.filter(({ item }) => !latest.items.includes(item.id));
    if (gone.length === 0 || fresh.length === 0) return;
    for (const { item, path } of fresh)
      yield {
        at: card.at([...path, 'id']),
        message: both(
          `"${item.id}" is new since version ${latest.version}, in which there was "${gone.join('", "')}".`,
          `“${item.id}”是第 ${latest.version} 版之后新增的，而当时的“${gone.join('”“')}”已不存在。`,
        ),
        hint: both(
          'Keep the old id if it is the same item: results are compared by it.',
          '若仍是同一检查项，请保留原编号，以便前后对比。',
        ),
      };
  },
};
