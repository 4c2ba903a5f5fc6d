import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const ticket = sessionOf(
  [
    ['customer', 0, 0, 'a'],
    ['agent', 700, 700, 'b'],
    ['agent', 800, 800, 'c'],
  ],
  {
    channel: 'ticket',
    queue: 'repairs',
    attributes: { category: 'repair', priority: ' ', order: { number: 'A123456' }, csat: 2 },
  },
);
const verdict = async (condition: string) => (await judge(`expect: ${condition}`, ticket)).verdict;

describe('field', () => {
  it('asks for filled fields and names the empty ones', async () => {
    expect(await judge('expect: { field: { required: [category, order.number] } }', ticket)).toMatchObject({
      verdict: 'pass',
      evidence: [
        { kind: 'field', quote: 'repair' },
        { kind: 'field', quote: 'A123456' },
      ],
    });
    expect((await judge('expect: { field: { required: [priority, status] } }', ticket)).reason).toEqual({
      en: 'Not filled in: “priority”, “status”.',
      zh: '未填写：“priority”、“status”。',
    });
  });

  it('asks for a form or a choice', async () => {
    expect(await verdict("{ field: { name: order.number, regex: '^A\\d{6}$' } }")).toBe('pass');
    expect(await verdict("{ field: { name: order.number, regex: '^B' } }")).toBe('fail');
    expect(await verdict('{ field: { name: category, in: [repair, return] } }')).toBe('pass');
    expect(await verdict('{ field: { name: priority, in: [low] } }')).toBe('fail');
  });
});

describe('meta', () => {
  it('compares facts and attributes', async () => {
    const conditions = [
      '{ meta: { path: queue, eq: repairs } }',
      '{ meta: { path: queue, in: [sales] } }',
      '{ meta: { path: csat, lt: 3 } }',
      '{ meta: { path: csat, gt: 2 } }',
      '{ meta: { path: attributes.order.number, exists: true } }',
      '{ meta: { path: team, exists: true } }',
      '{ meta: { path: team, lt: 3 } }',
      "{ meta: { path: id, regex: '^s$' } }",
      '{ meta: { path: constructor, exists: false } }',
    ];
    expect(await Promise.all(conditions.map(verdict))).toEqual([
      'pass',
      'fail',
      'pass',
      'fail',
      'pass',
      'fail',
      'fail',
      'pass',
      'pass',
    ]);
  });
});

describe('duration and turnCount', () => {
  it('compare quantities', async () => {
    expect(
      await Promise.all(
        [
          '{ duration: { atMost: 15min } }',
          '{ duration: { above: 15min } }',
          '{ turnCount: { atLeast: 2 }, by: agent }',
          '{ turnCount: { below: 2 }, by: agent }',
        ].map(verdict),
      ),
    ).toEqual(['pass', 'fail', 'pass', 'fail']);
    const item = await judge('expect: { duration: { atMost: 10min } }', ticket);
    expect(item.nearMisses).toMatchObject([{ kind: 'measure', quote: '', measured: 800_000, threshold: 600_000 }]);
  });
});
