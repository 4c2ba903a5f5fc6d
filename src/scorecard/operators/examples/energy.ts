import type { OperatorExample } from '../operator.ts';

export const energyExamples: readonly OperatorExample[] = [
  {
    title: { en: 'The customer raises the voice', zh: '客户提高音量' },
    rule: 'forbid: { energy: { of: range, above: 8 }, by: customer }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['customer', 0, 3, 'Hello, I have a question.'],
        ['agent', 3.5, 5, 'Please go on.'],
        ['customer', 5.5, 8, 'I was charged twice.'],
        ['agent', 8.5, 10, 'That cannot be.'],
        ['customer', 10.5, 13, 'I am telling you it was twice!'],
      ],
      loudness: { 1: -30, 2: -28, 3: -29, 4: -28, 5: -18 },
    },
    verdict: 'fail',
    reason: 'The customer spoke 11 dB louder than usual (condition > 8 dB) in “I am telling you it was twice!”.',
  },
  {
    title: { en: 'A sudden rise from one turn to the next', zh: '音量较前一轮突增' },
    rule: 'forbid: { energy: { of: rise, atLeast: 6 }, by: agent }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['agent', 0, 2, '您好，请讲。'],
        ['customer', 2.5, 5, '我的话费不对。'],
        ['agent', 5.5, 8, '我看一下账单。'],
        ['customer', 8.5, 10, '快一点。'],
        ['agent', 10.5, 12, '账单没有问题。'],
      ],
      loudness: { 1: -27, 2: -25, 3: -26, 4: -25, 5: -24 },
    },
    verdict: 'pass',
    reason: '客服没有相对前一轮 ≥ 6 dB 的轮次。',
  },
  {
    title: { en: 'Without a recording nothing is heard', zh: '没有录音则无从判断' },
    rule: 'forbid: { energy: { of: span, above: 20 } }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 2, 'Acme, hello.'],
        ['customer', 2.5, 5, 'Hello.'],
      ],
    },
    verdict: 'unknown',
    reason: 'There is no recording to hear how loud anybody speaks.',
  },
];
