import type { SessionSpec } from './build.ts';

const lateReply = {
  verdict: 'fail' as const,
  reason: { en: 'The first human reply takes 1 min 12 s.', zh: '首次人工响应用时 1 分 12 秒。' },
  evidence: [
    {
      turn: 1,
      kind: 'gap' as const,
      measured: [72_000, 30_000] as [number, number],
      note: { en: 'answered after 72 s, limit 30 s', zh: '72 秒后响应，限 30 秒' },
    },
  ],
};

function quickChat(id: string, agentId: string, startedAt: string, slow: boolean): SessionSpec {
  const wait = slow ? 72 : 14;
  return {
    id,
    channel: 'chat',
    language: 'en',
    agentId,
    team: 'North',
    queue: 'Orders',
    startedAt,
    turns: [
      ['customer', 0, 0, 'Hello, is express delivery possible?', 0.1],
      ['agent', wait, wait, 'Hello, this is Anna. You would like express delivery: it costs 15 dollars.', 0.2],
      ['customer', wait + 30, wait + 30, 'Perfect, please do that.', 0.6],
      ['agent', wait + 55, wait + 55, 'Done. You get a mail in a minute. Thank you and have a nice day!', 0.7],
    ],
    verdicts: {
      ...(slow ? { 'first-reply-30s': lateReply } : {}),
      'empathy-after-complaint': 'na',
      'callback-time-named': 'na',
      'no-hedged-answer': 'na',
    },
    risk: slow
      ? {
          probability: 0.17,
          band: 'medium',
          reasons: [
            {
              code: 'slow-reply',
              title: { en: 'Slow first reply', zh: '首次响应慢' },
              item: 'first-reply-30s',
              share: 1,
            },
          ],
        }
      : { probability: 0.05, band: 'low', reasons: [] },
  };
}

function chineseChat(id: string, agentId: string, startedAt: string, hedged: boolean): SessionSpec {
  return {
    id,
    channel: 'chat',
    language: 'zh-CN',
    agentId,
    team: '华东',
    queue: '商城',
    startedAt,
    turns: [
      ['bot', 0, 0, '您好，正在为您转接人工客服。'],
      ['customer', 4, 4, '空气炸锅保修多久？', 0.0],
      ['agent', 22, 22, hedged ? '您好，我是小赵，可能大概是一年吧。' : '您好，我是小赵，整机保修两年。', 0.1],
      ['customer', 41, 41, hedged ? '到底多久？' : '好的，谢谢！', hedged ? -0.4 : 0.6],
      ['agent', 60, 60, '感谢您的咨询，祝您生活愉快。', 0.6],
    ],
    auto: [1],
    verdicts: {
      ...(hedged
        ? {
            'no-hedged-answer': {
              verdict: 'fail' as const,
              reason: { en: 'The warranty is named vaguely.', zh: '保修期答复含糊。' },
              evidence: [{ turn: 3, quote: '可能大概是一年吧' }],
            },
            'no-wrong-answer': {
              verdict: 'fail' as const,
              reason: { en: 'Says one year; the knowledge base says two.', zh: '答复为一年，知识库规定为两年。' },
              evidence: [{ turn: 3, quote: '一年', note: { en: 'knowledge base: 2 years', zh: '知识库：两年' } }],
            },
          }
        : {}),
      'empathy-after-complaint': 'na',
      'callback-time-named': 'na',
    },
    unconfirmed: hedged,
    risk: hedged
      ? {
          probability: 0.71,
          band: 'high',
          reasons: [
            {
              code: 'wrong-answer',
              title: { en: 'Wrong warranty period', zh: '保修期答复错误' },
              item: 'no-wrong-answer',
              share: 0.8,
              proof: { turn: 3, quote: '一年' },
            },
            {
              code: 'hedged-answer',
              title: { en: 'Hedged answer', zh: '答复含糊' },
              item: 'no-hedged-answer',
              share: 0.2,
              proof: { turn: 3, quote: '可能大概' },
            },
          ],
        }
      : { probability: 0.05, band: 'low', reasons: [] },
  };
}

/** Chats and tickets in both languages: waits, an automatic reply, an internal note, a session without a scorecard. */
export const texts: SessionSpec[] = [
  quickChat('B-301', 'Agent 17', '2025-11-18T09:15:00+01:00', false),
  quickChat('B-302', 'Agent 17', '2025-11-18T09:48:00+01:00', true),
  quickChat('B-303', 'Agent 17', '2025-11-18T12:05:00+01:00', false),
  quickChat('B-304', 'Agent 23', '2025-11-18T13:40:00+01:00', true),
  chineseChat('D-401', '坐席 08', '2025-11-18T16:10:00+08:00', false),
  chineseChat('D-402', '坐席 08', '2025-11-18T16:32:00+08:00', true),
  chineseChat('D-403', '坐席 08', '2025-11-18T17:01:00+08:00', false),
  {
    id: 'T-88',
    channel: 'ticket',
    language: 'en',
    agentId: 'Agent 17',
    team: 'North',
    queue: 'Refunds',
    startedAt: '2025-11-17T16:20:00+01:00',
    turns: [
      [
        'customer',
        0,
        0,
        'I returned the kettle two weeks ago and still have no refund. Please check.\n\nOrder 5521',
        -0.5,
      ],
      ['system', 5, 5, 'We have received your message and will answer soon.'],
      ['agent', 21_600, 21_600, 'Warehouse scanned it on 6 Nov, refund was never booked.'],
      [
        'agent',
        22_200,
        22_200,
        'Thank you for your patience. I have booked your refund; you receive it in 5 to 7 business days.',
        0.5,
      ],
      ['customer', 80_000, 80_000, 'Thank you, that helps.', 0.6],
    ],
    auto: [2],
    internal: [3],
    verdicts: {
      'first-reply-4h': {
        verdict: 'fail',
        reason: { en: 'The first human reply takes 6 h 10 min.', zh: '首次人工回复用时 6 小时 10 分。' },
        evidence: [
          {
            turn: 1,
            kind: 'gap',
            measured: [22_200_000, 14_400_000],
            note: { en: 'answered after 6 h 10 min, limit 4 h', zh: '6 小时 10 分后回复，限 4 小时' },
          },
        ],
      },
      'ticket-fields-complete': {
        verdict: 'fail',
        reason: { en: 'The field priority is empty.', zh: '字段“优先级”为空。' },
        evidence: [{ turn: 1, kind: 'field', note: { en: 'priority: empty', zh: '优先级：空' } }],
      },
      'callback-time-named': 'na',
      'no-hedged-answer': 'na',
    },
    risk: {
      probability: 0.24,
      band: 'medium',
      reasons: [
        { code: 'slow-reply', title: { en: 'Slow first reply', zh: '首次回复慢' }, item: 'first-reply-4h', share: 0.6 },
        {
          code: 'fields',
          title: { en: 'Ticket incomplete', zh: '工单不完整' },
          item: 'ticket-fields-complete',
          share: 0.4,
        },
      ],
    },
  },
  {
    id: 'T-89',
    channel: 'ticket',
    language: 'fr',
    agentId: null,
    queue: null,
    startedAt: null,
    turns: [['customer', 0, 0, 'Bonjour, où est ma commande ?', -0.1]],
    verdicts: {},
    noScorecard: true,
    risk: {
      probability: 0.15,
      band: 'low',
      reasons: [{ code: 'unknown', title: { en: 'Not scored', zh: '未评分' }, share: 1 }],
    },
    notices: [
      {
        path: 'inbox/tickets.jsonl#T-89',
        code: 'scorecard-missing',
        message: 'No scorecard covers tickets in fr.',
        hint: 'Add a scorecard whose language is fr, or pass --scorecard.',
      },
    ],
  },
  chineseChat('D-404', '坐席 08', '2025-11-18T17:20:00+08:00', false),
];
