import type { OperatorExample } from '../operator.ts';

export const turnCountExamples: readonly OperatorExample[] = [
  {
    title: { en: 'At most three turns of the agent', zh: '客服轮次上限' },
    rule: 'expect: { turnCount: { atMost: 3 }, by: agent }',
    session: {
      channel: 'chat',
      language: 'en',
      turns: [
        ['customer', 0, 'Hello?'],
        ['agent', 5, 'Hello!'],
        ['customer', 9, 'Where is it?'],
        ['agent', 20, 'On its way.'],
      ],
    },
    verdict: 'pass',
    reason: "2 turns in the agent's turns (condition ≤ 3).",
  },
  {
    title: { en: 'Too short to be a conversation', zh: '轮次过少' },
    rule: 'expect: { turnCount: { atLeast: 4 } }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '在吗？'],
        ['agent', 5, '在的。'],
      ],
    },
    verdict: 'fail',
    reason: '全部各轮共 2 轮（条件 ≥ 4）。',
  },
];
