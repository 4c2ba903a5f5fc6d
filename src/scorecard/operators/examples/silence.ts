import type { OperatorExample } from '../operator.ts';

export const silenceExamples: readonly OperatorExample[] = [
  {
    title: { en: 'A gap that was not announced', zh: '未事先告知的静音' },
    rule: 'forbid: { silence: { min: 8s, unlessAfter: [one moment please] } }',
    session: {
      channel: 'call',
      language: 'en',
      turns: [
        ['agent', 0, 2, 'Let me see.'],
        ['agent', 14, 16, 'Thank you for waiting.'],
        ['customer', 16.5, 18, 'All right.'],
      ],
    },
    verdict: 'fail',
    reason: '1 gap of at least 8 s; the longest lasts 12 s from 00:02.0.',
  },
  {
    title: { en: 'Forgiven: it was announced', zh: '事先已告知，不计' },
    rule: 'forbid: { silence: { min: 8s, unlessAfter: [请稍等] } }',
    session: {
      channel: 'call',
      language: 'zh',
      turns: [
        ['agent', 0, 2, '好的，请稍等。'],
        ['agent', 14, 16, '感谢您的等待。'],
        ['customer', 16.5, 17.5, '没事。'],
      ],
    },
    verdict: 'pass',
    reason: '没有不少于 8 秒的静音。',
  },
];
