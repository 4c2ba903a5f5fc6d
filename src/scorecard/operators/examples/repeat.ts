import type { OperatorExample } from '../operator.ts';

export const repeatExamples: readonly OperatorExample[] = [
  {
    title: { en: 'The customer has to say it again', zh: '客户不得不重复' },
    rule: 'forbid: { repeat: { lookback: 3 }, by: customer }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['customer', 0, 3, 'My router does not connect anymore.'],
        ['agent', 3.5, 5, 'What is your name?'],
        ['customer', 5.5, 8, 'As I said, my router does not connect anymore.'],
      ],
    },
    verdict: 'fail',
    reason: 'The customer said “As I said, my router does not connect anymore.” again at 00:05.5, after turn 1.',
  },
  {
    title: { en: 'Another number is another statement', zh: '数字不同即为不同的话' },
    rule: 'forbid: { repeat: {}, by: agent }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['agent', 0, '这笔订单将退款三十元。'],
        ['customer', 20, '另一笔呢？'],
        ['agent', 40, '这笔订单将退款五十元。'],
      ],
    },
    verdict: 'pass',
    reason: '客服各轮没有重复的话语。',
  },
];
