import type { OperatorExample } from '../operator.ts';

export const durationExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Longer than ten minutes', zh: '超过十分钟' },
    rule: 'expect: { duration: { atMost: 10 min } }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 3, 'Acme, hello.'],
        ['customer', 4, 755, 'Well, it all began in March …'],
      ],
    },
    verdict: 'fail',
    reason: 'The session lasted 12 min 35 s (condition ≤ 10 min 00 s).',
  },
  {
    title: { en: 'Within the limit', zh: '时长合规' },
    rule: 'expect: { duration: { atMost: 10 min } }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['agent', 0, 3, '您好。'],
        ['customer', 4, 95, '我想问一下发票的事情。'],
      ],
    },
    verdict: 'pass',
    reason: '会话时长 1 分 35 秒（条件 ≤ 10 分 00 秒）。',
  },
];
