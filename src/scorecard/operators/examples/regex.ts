import type { OperatorExample } from '../operator.ts';

export const regexExamples: readonly OperatorExample[] = [
  {
    title: { en: 'A name is given', zh: '报出姓名' },
    rule: "expect: { regex: '\\b(my name is|this is) \\w+', by: agent }",
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 3, 'Good morning, this is Anna from Acme.'],
        ['customer', 3.5, 4.5, 'Hello.'],
      ],
    },
    verdict: 'pass',
    reason: 'The agent said “this is Anna” at 00:00.0.',
  },
  {
    title: { en: 'No full card number in writing', zh: '文字中不得出现完整卡号' },
    rule: "forbid: { regex: '\\d{16}', by: agent }",
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '我的卡被扣款了'],
        ['agent', 20, '请确认卡号6222021234567890是否正确。'],
      ],
    },
    verdict: 'fail',
    reason: '客服在 00:20.0 说：“6222021234567890”。',
  },
];
