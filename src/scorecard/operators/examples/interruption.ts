import type { OperatorExample } from '../operator.ts';

export const interruptionExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Talks over the customer for two seconds', zh: '抢话达两秒' },
    rule: 'forbid: { interruption: { by: agent, minOverlap: 2s } }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['customer', 0, 9, 'It was delivered on Monday, and when I opened the box I saw that'],
        ['agent', 6.5, 10, 'Let me stop you there for a moment please.'],
      ],
    },
    verdict: 'fail',
    reason: 'The agent talked over the other side once for 2 s or more (limit 1), first at 00:06.5.',
  },
  {
    title: { en: 'A back-channel is none', zh: '附和不算抢话' },
    rule: 'forbid: { interruption: { by: agent, minOverlap: 1s } }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['customer', 0, 9, '我上周一买的洗衣机，到现在还没有人来安装。'],
        ['agent', 4, 5.5, '嗯，好。'],
        ['agent', 9.5, 12, '非常抱歉给您带来不便。'],
      ],
    },
    verdict: 'pass',
    reason: '客服没有达到 1 秒的抢话。',
  },
];
