import type { OperatorExample } from '../operator.ts';

export const judgeExamples: readonly OperatorExample[] = [
  {
    title: { en: 'The model found a reason, and quotes it', zh: '模型认为已说明原因，并引用原话' },
    rule: `expect:
  judge:
    question: Does the agent explain why the delivery is late?
    choices: { yes: a reason is given, no: no reason is given }
    holds: [yes]
  by: agent`,
    session: {
      channel: 'chat',
      language: 'en',
      turns: [
        ['customer', 0, 'Why is it not here yet?'],
        ['agent', 20, 'The roads are closed because of snow.'],
      ],
      opinions: {
        'Does the agent explain why the delivery is late?': {
          choice: 'yes',
          quote: 'closed because of snow',
          confidence: 0.9,
        },
      },
    },
    verdict: 'pass',
    reason:
      '“Does the agent explain why the delivery is late?” The model chose “yes” (a reason is given), on “closed because of snow”.',
  },
  {
    title: { en: 'Words that nobody said do not count', zh: '引用了不存在的话，不予采信' },
    rule: `expect:
  judge: { question: 客服是否说明了延误的原因？, choices: { 是: 说明了原因, 否: 没有说明 }, holds: [是] }
  by: agent`,
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '怎么还没到？'],
        ['agent', 20, '请您耐心等待。'],
      ],
      opinions: { '客服是否说明了延误的原因？': { choice: '是', quote: '因为大雪封路' } },
    },
    verdict: 'unknown',
    reason: '提问没有结果：回答引用的话并不存在（因为大雪封路）。',
  },
  {
    title: { en: 'Nobody was asked', zh: '未启用大模型' },
    rule: `expect:
  judge: { question: 客服是否说明了延误的原因？, choices: { 是: 说明了原因, 否: 没有说明 }, holds: [是] }
  by: agent`,
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '怎么还没到？'],
        ['agent', 20, '外面下大雪，路封了。'],
      ],
    },
    verdict: 'unknown',
    reason: '提问没有结果：大模型评审未启用。',
  },
];
