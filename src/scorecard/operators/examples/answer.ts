import type { OperatorExample } from '../operator.ts';

export const answerExamples: readonly OperatorExample[] = [
  {
    title: { en: 'A wrong answer', zh: '错误答复' },
    rule: 'forbid: { answer: { is: wrong, knowledge: shop.yaml } }',
    files: {
      'shop.yaml': `id: shop
version: 1
language: en
title: { en: Shop, zh: 商城 }
entries:
  - id: refund
    title: { en: Refund period, zh: 退货期限 }
    asks: [refund, return it, send it back]
    statement: { en: Goods can be returned within 30 days., zh: 30 天内可退货。 }
    right: [30 days]
    wrong: [14 days]
`,
    },
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['customer', 0, 3, 'How long can I return it?'],
        ['agent', 3.5, 7, 'You can return it within 14 days.'],
      ],
    },
    verdict: 'fail',
    reason:
      'On “Refund period” the agent said “14 days” at 00:03.5. “14 days” contradicts the knowledge base. Right: Goods can be returned within 30 days.',
  },
  {
    title: { en: 'The right answer', zh: '正确答复' },
    rule: 'expect: { answer: { is: correct, knowledge: shop.yaml } }',
    files: {
      'shop.yaml': `id: shop
version: 1
language: zh
title: { en: Shop, zh: 商城 }
entries:
  - id: refund
    title: { en: Return period, zh: 退货期限 }
    asks: [退货, 退回]
    statement: { en: Goods can be returned within 7 days., zh: 7 天内可以退货。 }
    right: [7天]
    wrong: [15天]
`,
    },
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '多久之内可以退货？'],
        ['agent', 10, '7天内可以退货。'],
      ],
    },
    verdict: 'pass',
    reason: '关于“退货期限”，客服说：“7天”（00:10.0）。与知识库一致。正确答复：7 天内可以退货。',
  },
];
