import type { OperatorExample } from '../operator.ts';

export const entityExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Names the order', zh: '说出订单号' },
    rule: 'expect: { entity: orderNumber, by: agent }',
    session: {
      channel: 'chat',
      language: 'en',
      turns: [
        ['customer', 0, 'Where is my parcel?'],
        ['agent', 30, 'Your order number AB123456 leaves today.'],
      ],
    },
    verdict: 'pass',
    reason: 'The agent said “AB123456” at 00:30.0.',
  },
  {
    title: { en: 'At most one telephone number', zh: '最多一个电话号码' },
    rule: 'expect: { entity: { type: phone, min: 0, max: 1 }, by: agent }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '怎么联系师傅？'],
        ['agent', 20, '师傅电话 13812345678，打不通可以拨 13987654321。'],
      ],
    },
    verdict: 'fail',
    reason: '在客服各轮检出 2 处，最多 1 处：电话号码。',
  },
];
