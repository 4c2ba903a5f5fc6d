import type { OperatorExample } from '../operator.ts';

export const nearExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Refund and impossible, close together', zh: '“退款”与“不行”相近' },
    rule: 'forbid: { near: { terms: [[refund, money back], [impossible, not possible]], maxGap: 3 }, by: agent }',
    session: {
      channel: 'chat',
      language: 'en',
      turns: [
        ['customer', 0, 'Can I return it?'],
        ['agent', 20, 'I am afraid a refund is simply impossible.'],
      ],
    },
    verdict: 'fail',
    reason: 'The agent said “refund is simply impossible” at 00:20.0.',
  },
  {
    title: { en: 'Too far apart: the distance is shown', zh: '相隔太远：给出距离' },
    rule: 'expect: { near: { terms: [工号, 为您服务], maxGap: 6, ordered: true }, by: agent }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['agent', 0, 4, '您好，工号八零二一，今天由我和我的同事一起为您服务。'],
        ['customer', 4.5, 6, '你好。'],
      ],
    },
    verdict: 'fail',
    reason:
      '在客服各轮（共 1 轮）未检出：“工号 → 为您服务”。最接近：“工号八零二一，今天由我和我的同事一起为您服务” 00:00.0，相隔 12 个字，最多 6 个。',
  },
  {
    title: { en: 'A phrase that does not count', zh: '不计入的短语' },
    rule: 'forbid: { near: { terms: [退款, 不行], notIn: [不退款] }, by: agent }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '我只想换货，不退款行吗？'],
        ['agent', 15, '可以的，不退款只换货，没有什么不行。'],
      ],
    },
    verdict: 'pass',
    reason: '在客服各轮（共 1 轮）未检出：“退款 + 不行”。',
  },
];
