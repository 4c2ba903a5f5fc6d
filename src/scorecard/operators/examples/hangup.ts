import type { OperatorExample } from '../operator.ts';

export const hangupExamples: readonly OperatorExample[] = [
  {
    title: { en: 'The agent ended the call without a closing', zh: '客服未说结束语即挂机' },
    rule: 'forbid: { hangup: { by: agent, without: [have a nice day, goodbye] } }',
    session: {
      channel: 'call',
      language: 'en',
      attributes: { disconnectReason: 'AGENT_DISCONNECT' },
      turns: [
        ['customer', 0, 4, 'And what about my refund?'],
        ['agent', 4.5, 7, 'As I said, I cannot help you.'],
      ],
    },
    verdict: 'fail',
    reason:
      'The agent ended it (field “disconnectReason”: “AGENT_DISCONNECT”). In the last 4 turns the agent said none of “have a nice day”, “goodbye”.',
  },
  {
    title: { en: 'Ended in the middle: the customer is left waiting', zh: '中途结束：客户仍在等待' },
    rule: 'forbid: { hangup: { waiting: true } }',
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '怎么还没发货？'],
        ['agent', 30, '我帮您查一下。'],
        ['customer', 300, '查到了吗？'],
      ],
    },
    verdict: 'fail',
    reason: '会话结束时客户仍在等待：“查到了吗？”没有人工回复。',
  },
  {
    title: { en: 'Closed properly', zh: '正常结束' },
    rule: 'forbid: { hangup: { without: [感谢您的来电, 再见], within: 3 turns } }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['customer', 0, 2, '没有别的问题了，谢谢。'],
        ['agent', 2.5, 5, '感谢您的来电，再见！'],
        ['customer', 5.5, 6, '再见。'],
      ],
    },
    verdict: 'pass',
    reason: '客服有结束语“感谢您的来电”。',
  },
  {
    title: { en: 'Nobody knows who hung up', zh: '不知由谁挂机' },
    rule: 'forbid: { hangup: { by: agent } }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 2, 'Goodbye!'],
        ['customer', 2.5, 3, 'Bye.'],
      ],
    },
    verdict: 'unknown',
    reason: 'No field says who ended it.',
  },
];
