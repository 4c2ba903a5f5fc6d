import type { OperatorExample } from '../operator.ts';

export const metaExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Only for some queues', zh: '仅限某些队列' },
    rule: 'expect: { meta: { path: csat, gt: 3 } }',
    session: {
      channel: 'chat',
      language: 'en',
      attributes: { csat: 5 },
      turns: [['customer', 0, 'Thanks, all solved.']],
    },
    verdict: 'pass',
    reason: '“csat” is “5”.',
  },
  {
    title: { en: 'A fact that is not there', zh: '缺少的属性' },
    rule: 'expect: { meta: { path: 满意度, exists: true } }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [['customer', 0, '谢谢']],
    },
    verdict: 'fail',
    reason: '“满意度”为空。',
  },
];
