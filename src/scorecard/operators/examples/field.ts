import type { OperatorExample } from '../operator.ts';

export const fieldExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Fields that must be filled in', zh: '必填字段' },
    rule: 'expect: { field: { required: [category, orderNumber] } }',
    session: {
      channel: 'ticket',
      language: 'en',
      attributes: { category: 'repair', orderNumber: '' },
      turns: [['customer', 0, 'Please repair my oven.']],
    },
    verdict: 'fail',
    reason: 'Not filled in: “orderNumber”.',
  },
  {
    title: { en: 'A field of a given form', zh: '字段格式' },
    rule: "expect: { field: { name: orderNumber, regex: '^A\\d{6}$' } }",
    session: {
      channel: 'ticket',
      language: 'zh',
      attributes: { orderNumber: 'A102938' },
      turns: [['customer', 0, '请帮我安排维修。']],
    },
    verdict: 'pass',
    reason: '所查字段均已规范填写。',
  },
];
