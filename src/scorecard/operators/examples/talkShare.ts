import type { OperatorExample } from '../operator.ts';

export const talkShareExamples: readonly OperatorExample[] = [
  {
    title: { en: 'The agent talks too much', zh: '客服说得过多' },
    rule: 'expect: { talkShare: { atMost: 60% }, by: agent }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 30, 'Thank you for calling. Before we start I would like to tell you about our new offers …'],
        ['customer', 31, 36, 'I only want my invoice.'],
        ['agent', 37, 45, 'Of course, and while I look for it …'],
      ],
    },
    verdict: 'fail',
    reason: 'The agent spoke for 84.4 % of the time: 38 s of 45 s (condition ≤ 60 %).',
  },
  {
    title: { en: 'Share of the talk, silence left aside', zh: '仅占双方说话时长' },
    rule: 'expect: { talkShare: { of: talk, atLeast: 50% }, by: customer }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['agent', 0, 4, '您好，请讲。'],
        ['customer', 5, 20, '是这样的，我上个月办了宽带，到现在还没有装。'],
        ['agent', 40, 46, '好的，我马上为您催办。'],
      ],
    },
    verdict: 'pass',
    reason: '客户说话占双方说话时长 60%：25 秒中的 15 秒（条件 ≥ 50%）。',
  },
];
