import type { OperatorExample } from '../operator.ts';

export const responseExamples: readonly OperatorExample[] = [
  {
    title: { en: 'First reply in time', zh: '首次响应及时' },
    rule: 'expect: { response: { which: first, within: 30s } }',
    session: {
      channel: 'chat',
      language: 'en',
      turns: [
        ['customer', 0, 'Hello, where is my parcel?'],
        ['agent', 21, 'Good morning, let me look that up.'],
      ],
    },
    verdict: 'pass',
    reason: 'The first reply came after 21 s, limit 30 s.',
  },
  {
    title: {
      en: 'Counted in working time: asked on Friday evening, answered on Monday morning',
      zh: '按工作时间计：周五晚提问，周一早答复',
    },
    rule: `expect:
  response: { within: 2h, calendar: { zone: Europe/Berlin, days: mon-fri, hours: 09:00-18:00 } }`,
    session: {
      channel: 'ticket',
      language: 'en',
      startedAt: '2026-03-06T18:00:00+01:00',
      turns: [
        ['customer', 0, 'My order has not arrived.'],
        ['agent', 228600.0, 'I am sorry, it is on its way now.'],
      ],
    },
    verdict: 'pass',
    reason: 'The first reply came after 30 min 00 s, limit 2 h 00 min of working time.',
  },
  {
    title: { en: 'A question that nobody answered', zh: '始终无人回复的问题' },
    rule: 'expect: { response: { which: each, within: 1min } }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '你好，怎么退货？'],
        ['agent', 20, '您好，在订单页申请即可。'],
        ['customer', 60, '运费谁出？'],
      ],
    },
    verdict: 'fail',
    reason: '“运费谁出？”始终没有人工回复。',
  },
];
