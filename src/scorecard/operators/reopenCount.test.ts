import { describe, expect, it } from 'vitest';
import { judge } from '../testing/card.ts';
import { sessionOf } from '../testing/session.ts';

const ticket = (attributes: Record<string, unknown>) =>
  sessionOf([['customer', 0, 0, 'broken again']], { channel: 'ticket', attributes });
const verdict = async (attributes: Record<string, unknown>, value = '{ atMost: 0 }') =>
  (await judge(`expect: { reopenCount: ${value} }`, ticket(attributes))).verdict;

describe('reopenCount', () => {
  it.each([
    [{ reopenCount: 0 }, 'pass'],
    [{ reopenCount: '2' }, 'fail'],
    [{ 重开次数: 1 }, 'fail'],
    [{ reopened: false }, 'pass'],
    [{ 是否重开: '是' }, 'fail'],
    [{ reopenCount: 'often' }, 'unknown'],
    [{ statusHistory: ['open', 'solved', 'closed'] }, 'pass'],
    [{ statusHistory: [{ to: 'open' }, { to: 'solved' }, { to: 'open' }] }, 'fail'],
    [{ 状态历史: ['处理中', '已解决', '处理中'] }, 'fail'],
    [{ statusHistory: [{ at: 1 }] }, 'unknown'],
    [{ status: 'open' }, 'unknown'],
  ])('%j: %s', async (attributes, expected) => {
    expect(await verdict(attributes)).toBe(expected);
  });

  it('knows of a mere yes that it was once at least', async () => {
    expect(await verdict({ reopened: true }, '{ atLeast: 1 }')).toBe('pass');
    expect(await verdict({ reopened: true }, '{ atMost: 3 }')).toBe('unknown');
  });

  it('reads the field that is named, and shows it in both languages', async () => {
    expect(await verdict({ reopenCount: 0, times: 3 }, '{ atMost: 0, field: times }')).toBe('fail');
    expect(await judge('forbid: { reopenCount: { above: 1 } }', ticket({ reopens: 2 }))).toMatchObject({
      verdict: 'fail',
      reason: { en: 'The ticket was opened again 2 times (condition > 1).', zh: '工单重新打开 2 次（条件 > 1）。' },
      evidence: [{ kind: 'field', quote: '2', measured: 2, unit: 'count' }],
    });
  });
});
