import type { OperatorExample } from '../operator.ts';

export const similarExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Understanding in other words', zh: '换一种说法表达理解' },
    rule: `expect:
  similar: [I understand how frustrating that is, I can see why you are upset, I am sorry that this happened to you]
  by: agent`,
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['customer', 0, 3, 'It broke again.'],
        ['agent', 3.5, 7, 'I can see why you would be upset. Let me check.'],
      ],
    },
    verdict: 'pass',
    reason:
      '“I can see why you would be upset” says much the same: 0.99 like “I can see why you are upset”, wanted 0.8.',
  },
  {
    title: {
      en: 'Nothing alike: the nearest is shown with its figure',
      zh: '没有相近的表述：给出最接近的一句及相似度',
    },
    rule: 'expect: { similar: [非常理解您的心情, 给您带来不便非常抱歉], by: agent }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '又坏了，第三次了。'],
        ['agent', 30, '请提供一下您的订单号。'],
      ],
    },
    verdict: 'fail',
    reason:
      '客服各轮没有与“非常理解您的心情”等意思相近的表述。最接近：“请提供一下您的订单号” 00:30.0，与“非常理解您的心情”相似度 0.16，要求 0.8。',
  },
];
