import type { OperatorExample } from '../operator.ts';

export const updateGapExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Three days without a word', zh: '三天没有进展通知' },
    rule: 'expect: { updateGap: { atMost: 24h } }',
    session: {
      channel: 'ticket',
      language: 'en',
      attributes: { status: 'solved' },
      turns: [
        ['customer', 0, 'My oven is broken.'],
        ['agent', 7200, 'We have ordered the part.'],
        ['agent', 266400, 'The part is here.'],
      ],
    },
    verdict: 'fail',
    reason: 'The customer heard nothing for 72 h 00 min after “We have ordered the part.” (condition ≤ 24 h 00 min).',
  },
  {
    title: { en: 'Over a weekend, in working time', zh: '跨周末，按工作时间计' },
    rule: `expect:
  updateGap: { atMost: 9h, calendar: { zone: Asia/Shanghai, days: mon-fri, hours: 09:00-18:00 } }`,
    session: {
      channel: 'ticket',
      language: 'zh',
      startedAt: '2026-03-06T16:00:00+08:00',
      attributes: { status: '已解决' },
      turns: [
        ['customer', 0, '空调不制冷。'],
        ['agent', 3600, '已安排师傅，周一联系您。'],
        ['agent', 237600, '师傅今天下午上门。'],
      ],
    },
    verdict: 'pass',
    reason: '客户最长 2 小时 00 分（工作时间）没有收到进展，始于“已安排师傅，周一联系您。”（条件 ≤ 9 小时 00 分）。',
  },
];
