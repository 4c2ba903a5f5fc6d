import type { OperatorExample } from '../operator.ts';

export const sequenceExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Restates the problem after hearing it', zh: '先听问题，再复述' },
    rule: `expect:
  sequence: { steps: [{ phrase: [broken, leaks], by: customer }, { phrase: [so your], by: agent }], maxGap: 2 turns }`,
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 2, 'Acme, how can I help?'],
        ['customer', 2.5, 5, 'My kettle leaks.'],
        ['agent', 5.5, 8, 'So your kettle leaks, I see.'],
      ],
    },
    verdict: 'pass',
    reason: 'All 2 steps follow one another, from “leaks” to “So your”.',
  },
  {
    title: { en: 'The step that is missing is named', zh: '指出缺少的步骤' },
    rule: `expect:
  sequence: { steps: [{ phrase: [核实], by: agent }, { phrase: [已经为您], by: agent }] }`,
    session: {
      channel: 'chat',
      language: 'zh',
      turns: [
        ['customer', 0, '帮我改下地址'],
        ['agent', 15, '已经为您修改好了。'],
      ],
    },
    verdict: 'fail',
    reason: '缺少第 1 步（共 2 步）。在客服各轮（共 1 轮）未检出：“核实”。',
  },
];
