import type { OperatorExample } from '../operator.ts';

export const sentimentExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Ends in a bad mood', zh: '结束时情绪差' },
    rule: 'forbid: { sentiment: { of: end, below: -0.2 }, by: customer }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['customer', 0, 4, 'This is terrible, I am very angry.'],
        ['agent', 4.5, 6, 'I see.'],
        ['customer', 6.5, 9, 'Your service is awful and useless.'],
        ['agent', 9.5, 11, 'Well.'],
        ['customer', 11.5, 14, 'I am furious, this is the worst company.'],
      ],
    },
    verdict: 'fail',
    reason: 'The sentiment at the end of the customer is -0.95 (condition < -0.2).',
  },
  {
    title: { en: 'Too little said to judge', zh: '话语太少，不作判断' },
    rule: 'forbid: { sentiment: { of: mean, below: -0.2 }, by: customer }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '怎么开发票？'],
        ['agent', 10, '在订单详情页可以申请。'],
      ],
    },
    verdict: 'na',
    reason: '话语太少，不作判断：客户仅 1 轮，需 3 轮。',
  },
];
