import type { OperatorExample } from '../operator.ts';

export const phraseExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Said in the first two turns of the agent', zh: '在客服前两轮说出' },
    top: 'lexicons: { greeting: [thank you for calling, good morning] }',
    rule: 'expect: { phrase: $greeting, by: agent, turns: first 2 }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 2.7, 'Thank you for calling Acme, how can I help?'],
        ['customer', 3, 6, 'My kettle leaks.'],
      ],
    },
    verdict: 'pass',
    reason: 'The agent said “Thank you for calling” at 00:00.0.',
  },
  {
    title: {
      en: 'Said by the wrong side: the closest thing found is shown',
      zh: '由客户而非客服说出：给出最接近的内容',
    },
    rule: 'expect: { phrase: [so sorry], by: agent }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 2, 'Acme, hello.'],
        ['customer', 2.5, 5, 'I am so sorry to call so late.'],
      ],
    },
    verdict: 'fail',
    reason:
      "Not found in the agent's turns (1 searched): “so sorry”. Closest: “so sorry” at 00:02.5, said by the customer, not by the agent.",
  },
  {
    title: { en: 'Homophones of recognition are accepted on request', zh: '识别同音字按需视为命中' },
    rule: 'expect: { phrase: [工号], by: agent, sound: homophone }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['agent', 0, 3, '您好，我的公号是八零二一，请问有什么可以帮您？'],
        ['customer', 3.5, 5, '我想查一下快递。'],
      ],
    },
    verdict: 'pass',
    reason: '客服在 00:00.0 说：“公号”。',
  },
  {
    title: { en: 'Two of three, in one turn', zh: '同一轮中三者有其二' },
    rule: 'expect: { phrase: [姓名, 手机号, 订单号], match: atLeast 2, by: agent }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '帮我查下订单'],
        ['agent', 12, '请提供您的订单号。'],
      ],
    },
    verdict: 'fail',
    reason: '在客服各轮仅检出 1 处，未达到要求：至少出现 2 种，检索词“姓名”、“手机号”、“订单号”。',
  },
];
