import type { OperatorExample } from '../operator.ts';

export const speechRateExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Two hundred words a minute', zh: '每分钟两百词' },
    rule: 'expect: { speechRate: { atMost: 180 }, by: agent }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['customer', 0, 2, 'What does it cost?'],
        [
          'agent',
          2.5,
          8.5,
          'It is nineteen euros a month for the first year and then twenty nine euros a month with no setup fee',
        ],
      ],
    },
    verdict: 'fail',
    reason: 'The agent spoke 210 words a minute over 6 s of speech (condition ≤ 180).',
  },
  {
    title: { en: 'Some turn faster than 300 characters a minute', zh: '某一轮语速超过每分钟 300 字' },
    rule: 'forbid: { speechRate: { of: turn, above: 300 }, by: agent }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['customer', 0, 2, '套餐怎么收费？'],
        ['agent', 2.5, 7.5, '每月五十九元，包含三十个吉的流量和二百分钟通话，合约期是十二个月。'],
        ['customer', 8, 9, '好的。'],
      ],
    },
    verdict: 'fail',
    reason:
      '客服语速 360 字/分钟（条件 > 300）：“每月五十九元，包含三十个吉的流量和二百分钟通话，合约期是十二个月。”。',
  },
  {
    title: { en: 'Too short to have a speed', zh: '太短，不判断语速' },
    rule: 'expect: { speechRate: { atMost: 180 }, by: agent }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['customer', 0, 3, 'Is it open today?'],
        ['agent', 3.2, 4, 'Yes it is.'],
      ],
    },
    verdict: 'na',
    reason: 'Too little speech of the agent to judge its speed: less than 3 s.',
  },
];
