import type { OperatorExample } from '../operator.ts';

export const elapsedExamples: readonly OperatorExample[] = [
  {
    title: { en: 'Resolved within three days', zh: '三天内解决' },
    rule: 'expect: { elapsed: { to: resolved, atMost: 3d } }',
    session: {
      channel: 'ticket',
      language: 'en',
      attributes: { status: 'solved' },
      turns: [
        ['customer', 0, 'Two screws are missing.'],
        ['agent', 3600, 'They go out today.'],
        ['agent', 180000, 'They were delivered this morning.'],
      ],
    },
    verdict: 'pass',
    reason: 'From the opening to the resolution it took 50 h 00 min (condition ≤ 72 h 00 min).',
  },
  {
    title: { en: 'Between two fields, in working time with a holiday', zh: '两个字段之间，按工作时间并扣除节假日' },
    rule: `expect:
  elapsed:
    from: { field: 受理时间 }
    to: { field: 办结时间 }
    atMost: 8h
    calendar: { zone: Asia/Shanghai, hours: 09:00-18:00, holidays: [2026-10-01..2026-10-07], workdays: [2026-10-10] }`,
    session: {
      channel: 'ticket',
      language: 'zh',
      startedAt: '2026-09-30T16:00:00+08:00',
      attributes: { 受理时间: '2026-09-30 16:00', 办结时间: '2026-10-08 17:00' },
      turns: [['customer', 0, '家里停水了。']],
    },
    verdict: 'fail',
    reason: '从“受理时间”到“办结时间”用时 10 小时 00 分（工作时间）（条件 ≤ 8 小时 00 分）。',
  },
  {
    title: { en: 'Still open: the limit is not passed yet', zh: '尚未结单，时限未到' },
    rule: 'expect: { elapsed: { to: resolved, atMost: 3d } }',
    session: {
      channel: 'ticket',
      language: 'en',
      attributes: { status: 'open' },
      turns: [
        ['customer', 0, 'The door does not close.'],
        ['agent', 7200, 'A technician will call you.'],
      ],
    },
    verdict: 'unknown',
    reason: 'The resolution is not there yet, 2 h 00 min after the opening at least (condition ≤ 72 h 00 min).',
  },
];
