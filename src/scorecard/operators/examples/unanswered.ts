import type { OperatorExample } from '../operator.ts';

export const unansweredExamples: readonly OperatorExample[] = [
  {
    title: { en: 'No person replied before the chat ended', zh: '会话结束前无人工回复' },
    rule: 'forbid: { unanswered: {} }',
    session: {
      channel: 'chat',
      language: 'en',
      turns: [
        ['customer', 0, 'Is anybody there?'],
        ['bot', 2, 'Have you seen our help pages?'],
        ['customer', 40, 'I need a person please'],
      ],
    },
    verdict: 'fail',
    reason: '“Is anybody there?” was not answered by a person.',
  },
  {
    title: { en: 'Thanks need no reply', zh: '致谢无需回复' },
    rule: 'forbid: { unanswered: { within: 2min } }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '发票怎么开？'],
        ['agent', 45, '在订单详情页申请即可。'],
        ['customer', 70, '好的，谢谢'],
      ],
    },
    verdict: 'pass',
    reason: '需要回复的 1 条消息在 2 分 00 秒内均有人工回复。',
  },
];
