import type { OperatorExample } from '../operator.ts';

export const silenceShareExamples: readonly OperatorExample[] = [
  {
    title: { en: 'A third of the call in silence', zh: '三分之一时间无人说话' },
    rule: 'expect: { silenceShare: { atMost: 25% } }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 4, 'Acme, how can I help?'],
        ['customer', 4.5, 8, 'I cannot log in.'],
        ['agent', 8.5, 10, 'Let me look.'],
        ['agent', 20, 24, 'There it is.'],
        ['customer', 24.5, 30, 'Thank you so much.'],
      ],
    },
    verdict: 'fail',
    reason: 'Nobody spoke for 33.3 % of the time: 10 s of 30 s (condition ≤ 25 %).',
  },
  {
    title: { en: 'Gaps up to two seconds are breath', zh: '两秒内的停顿不计' },
    rule: 'expect: { silenceShare: { atMost: 10%, min: 2s } }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['agent', 0, 4, '您好，请问有什么可以帮您？'],
        ['customer', 5.5, 10, '我的宽带断了，麻烦看一下。'],
        ['agent', 11.5, 16, '好的，马上为您检测线路。'],
      ],
    },
    verdict: 'pass',
    reason: '静音占 0%：16 秒中有 0 秒无人说话（条件 ≤ 10%）。',
  },
  {
    title: { en: 'Not asked of writing', zh: '文字会话不适用' },
    rule: 'expect: { silenceShare: { atMost: 25% } }',
    session: {
      channel: 'chat',
      language: 'en',
      turns: [
        ['customer', 0, 'Hello?'],
        ['agent', 60, 'Hello!'],
      ],
    },
    verdict: 'na',
    reason: 'Speech is measured in calls; this is written.',
  },
];
