import type { OperatorExample } from '../operator.ts';

export const reopenCountExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Opened again, as the export says', zh: '导出字段显示曾重新打开' },
    rule: 'expect: { reopenCount: { atMost: 0 } }',
    session: {
      channel: 'ticket',
      language: 'en',
      attributes: { reopenCount: 2 },
      turns: [['customer', 0, 'It is broken again.']],
    },
    verdict: 'fail',
    reason: 'The ticket was opened again 2 times (condition ≤ 0).',
  },
  {
    title: { en: 'Counted from the states it went through', zh: '由状态历史计数' },
    rule: 'expect: { reopenCount: { atMost: 1 } }',
    session: {
      channel: 'ticket',
      language: 'zh',
      attributes: { statusHistory: ['处理中', '已解决', '处理中', '已解决', '已关闭'] },
      turns: [['customer', 0, '又断网了。']],
    },
    verdict: 'pass',
    reason: '工单重新打开 1 次（条件 ≤ 1）。',
  },
  {
    title: { en: 'Not said', zh: '没有说明' },
    rule: 'expect: { reopenCount: { atMost: 0 } }',
    session: {
      channel: 'ticket',
      language: 'en',
      attributes: { status: 'open' },
      turns: [['customer', 0, 'It is broken again.']],
    },
    verdict: 'unknown',
    reason: 'No field of this session says how often it was opened again.',
  },
];
