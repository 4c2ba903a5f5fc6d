import { describe, expect, it } from 'vitest';
import type { Session, Turn } from '../session/index.ts';
import { checkAnswers } from './check.ts';
import type { KnowledgeBase } from './compile.ts';
import { loadKnowledge, parseKnowledge } from './load.ts';

const en = await loadKnowledge('rules/knowledge/shop.en.yaml');
const zh = await loadKnowledge('rules/knowledge/shop.zh.yaml');

type Line = [Turn['speaker'], string] | [Turn['speaker'], string, Partial<Turn>];

function session(lines: Line[], extra: Partial<Session> = {}): Session {
  return {
    id: 's',
    channel: 'chat',
    language: 'en',
    agentId: null,
    customerId: null,
    team: null,
    queue: null,
    startedAt: '2026-11-02T09:00:00Z',
    attributes: {},
    recording: null,
    transcript: { origin: 'written', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: lines.map(([speaker, text, more], i) => ({
      n: i + 1,
      speaker,
      startMs: null,
      endMs: null,
      text,
      visibility: 'public' as const,
      ...more,
    })),
    ...extra,
  };
}

const judge = (kb: KnowledgeBase, lines: Line[], extra: Partial<Session> = {}) =>
  checkAnswers(kb, session(lines, extra)).map((finding) => `${finding.kind} ${finding.entry} “${finding.quote}”`);
const reply = (kb: KnowledgeBase, question: string, answer: string) =>
  judge(kb, [
    ['customer', question],
    ['agent', answer],
  ]);

const back = 'How long do I have to return it?';
const postage = 'Do I pay for return shipping?';
const money = 'When will I get my refund?';

describe('wrong answers', () => {
  it.each([
    [back, 'You have 14 days.', ['wrong return-period “14 days”']],
    [back, 'That would be fourteen days', ['wrong return-period “fourteen days”']],
    [back, 'If you want to return it, you have 14 days.', ['wrong return-period “14 days”']],
    [back, 'You can return it within two weeks, okay?', ['wrong return-period “within two weeks”']],
    [
      back,
      'You can return it within 30 days. Actually our return window is 60 days.',
      ['correct return-period “within 30 days”', 'wrong return-period “60 days”'],
    ],
    ['Hi', 'Our return policy is simple. You have 14 days.', ['wrong return-period “14 days”']],
    [postage, "It isn't free.", ['wrong return-shipping “free”']],
    [postage, 'No, return shipping is not free.', ['wrong return-shipping “free”']],
    [postage, 'Return shipping costs 12 dollars.', ['wrong return-shipping “12 dollars”']],
    [postage, 'You will have to pay for it.', ['wrong return-shipping “You will have to pay”']],
    [money, 'Your refund takes 10 business days.', ['wrong refund-time “10 business days”']],
    [money, 'In 2 business days.', ['wrong refund-time “2 business days”']],
    ['Hi', 'Express delivery costs 20 dollars.', ['wrong express-fee “20 dollars”']],
    ['Hi', 'Express delivery is free.', ['wrong express-fee “Express delivery is free”']],
    [
      'Hi',
      'The warranty is one year and a technician visits within 72 hours.',
      ['wrong warranty “one year”', 'wrong repair-visit “within 72 hours”'],
    ],
    ['When are you open?', 'From 9 am to 6 pm.', ['wrong support-hours “9 am to 6 pm”']],
    ['Some parts are missing.', 'You have to buy them.', ['wrong missing-parts “You have to buy”']],
  ])('%s — %s', (question, answer, expected) => expect(reply(en, question, answer)).toEqual(expected));

  it.each([
    ['多久可以退货？', '14天内可以退。', ['wrong return-period “14天内”']],
    ['多久可以退货？', '自签收起十五天，好吗？', ['wrong return-period “十五天”']],
    ['退貨運費誰出？', '不是免費的。', ['wrong return-shipping “免費”']],
    ['退货运费谁出？', '这个不免费哦', ['wrong return-shipping “免费”']],
    ['退货运费谁出？', '需要您自己承担', ['wrong return-shipping “您自己承担”']],
    ['退货运费谁出？', '运费10元。', ['wrong return-shipping “10元”']],
    ['退款多久到账？', '退款3到5个工作日到账。', ['wrong refund-time “3到5个工作日”']],
    ['保修多久？', '保修一年。', ['wrong warranty “一年”']],
    ['您好', '我们所有产品终身保修', ['wrong warranty “终身保修”']],
    ['加急多少钱', '加急配送费20元', ['wrong express-fee “20元”']],
    ['师傅什么时候来', '72小时内上门', ['wrong repair-visit “72小时内”']],
    ['几点上班', '早上9点到晚上6点', ['wrong support-hours “早上9点到晚上6点”']],
    ['能换货吗', '7天内可以换货', ['wrong exchange-period “7天内”']],
    ['缺少配件怎么办', '补寄要收费20元', ['wrong missing-parts “要收费”']],
  ])('%s — %s', (question, answer, expected) => expect(reply(zh, question, answer)).toEqual(expected));
});

describe('right answers', () => {
  it.each([
    [back, 'You have thirty days.', ['correct return-period “thirty days”']],
    [back, 'You have a full 30 days from delivery.', ['correct return-period “30 days”']],
    [back, 'It is not 14 days, it is 30 days.', ['correct return-period “30 days”']],
    [back, 'It is 30 days, not 14 days.', ['correct return-period “30 days”']],
    [postage, "No, it's free.", ['correct return-shipping “free”']],
    [postage, 'no it is free', ['correct return-shipping “free”']],
    [postage, 'You do not have to pay, we cover it.', ['correct return-shipping “we cover”']],
    [money, 'The refund arrives within 7 business days.', ['correct refund-time “within 7 business days”']],
    [money, 'Within a week.', ['correct refund-time “Within a week”']],
    ['Hi', 'The warranty is 24 months.', ['correct warranty “24 months”']],
    ['Hi', 'A technician visits within two days.', ['correct repair-visit “within two days”']],
    [
      'Hi',
      'Standard delivery takes 3 to 5 business days, express delivery costs $15.',
      ['correct standard-delivery “3 to 5 business days”', 'correct express-fee “$15”'],
    ],
    [
      'What is the warranty and the return period?',
      'Two years and 30 days.',
      ['correct warranty “Two years”', 'correct return-period “30 days”'],
    ],
    ['Hi', 'Missing parts are sent free of charge.', ['correct missing-parts “free”']],
  ])('%s — %s', (question, answer, expected) => expect(reply(en, question, answer)).toEqual(expected));

  it.each([
    ['多久可以退货？', '三十天内都可以退货。', ['correct return-period “三十天内”']],
    ['多久可以退货？', '不是14天，是30天。', ['correct return-period “30天”']],
    ['多久可以退货？', '您应该在30天内申请退货。', ['correct return-period “30天内”']],
    ['多久可以退货？', '30天内可以申请退款', ['correct return-period “30天内”']],
    ['退货运费谁出？', '免费的。', ['correct return-shipping “免费”']],
    ['退货运费谁出？', '不用担心免费', ['correct return-shipping “免费”']],
    ['退货运费谁出？', '并不是不免费', ['correct return-shipping “免费”']],
    ['退款多久到账？', '五至七个工作日', ['correct refund-time “五至七个工作日”']],
    ['退款多久到账？', '一周左右到账', ['correct refund-time “一周左右”']],
    ['保修多久？', '保修两年，换货15天。', ['correct warranty “两年”', 'correct exchange-period “15天”']],
    ['师傅什么时候来', '两天内上门', ['correct repair-visit “两天内”']],
    ['几点上班', '８点到20点', ['correct support-hours “８点到20点”']],
  ])('%s — %s', (question, answer, expected) => expect(reply(zh, question, answer)).toEqual(expected));
});

describe('what is no answer, or none about this', () => {
  it.each([
    [back, 'Let me check, please hold for 2 minutes.'],
    [back, 'I will call you back in 2 days.'],
    [back, 'Did you say 14 days?'],
    [back, 'You said 14 days, is that right?'],
    [back, 'Is it more than 14 days since it was delivered?'],
    [back, 'You ordered it 14 days ago.'],
    [back, 'You still have 3 days left.'],
    [back, 'To return it, print the label. The label arrives within 2 days.'],
    [back, 'My shift ends at 6 pm.'],
    [back, 'That machine weighs 14 kilos and costs 300 dollars.'],
    ['Hi', 'Your 14 day old washing machine can be repaired.'],
    ['Hi', 'I see that you waited 10 days for your refund.'],
    ['Hi', 'Your refund request is reviewed within 24 hours.'],
    ['Hi', 'Your refund of 40 dollars is on its way.'],
    ['Is express free?', 'Express orders over 100 dollars are shipped first.'],
    ['Hi', 'The recipe needs 15 dollars worth of sugar for 2 years.'],
    [postage, 'Feel welcome to call us any time.'],
    [postage, 'Is it free? Let me check.'],
    ['Hi', 'Not only is it free, it is quick.'],
    ['How much is the blender?', 'It is 59 dollars.'],
  ])('%s — %s', (question, answer) => expect(reply(en, question, answer)).toEqual([]));

  it.each([
    ['多久可以退货？', '请稍等两分钟，我帮您查一下。'],
    ['多久可以退货？', '您说的是14天吗？'],
    ['多久可以退货？', '您是14天前下的单'],
    ['多久可以退货？', '您还剩3天'],
    ['多久可以退货？', '我两天内给您回电'],
    ['多久可以退货？', '这台洗衣机2999元'],
    ['退货运费谁出？', '快递会在3天内上门取件'],
    ['退款多久到账？', '退款申请24小时内审核'],
    ['能换货吗', '您买了14天了'],
    ['您好', '您等了10天退款，非常抱歉'],
    ['请推荐评分4分以上门票便宜的景点', '游玩时间是12小时'],
    ['您好', '请问是2026年5月30日下单的吗'],
    ['加急多少钱', '订单满100元可以加急'],
  ])('%s — %s', (question, answer) => expect(reply(zh, question, answer)).toEqual([]));

  it('judges neither customers, bots, internal notes nor automatic replies', () => {
    const words = 'Our return window is 14 days.';
    expect(
      judge(en, [
        ['customer', words],
        ['bot', words],
        ['agent', words, { visibility: 'internal' }],
        ['agent', words, { auto: true }],
      ]),
    ).toEqual([]);
  });

  it('lets a question lapse after some turns, and a later question replace it', () => {
    const filler: Line[] = Array.from({ length: 5 }, () => ['agent', 'One moment.']);
    expect(judge(en, [['customer', back], ...filler, ['agent', 'It is 14 days.']])).toEqual([]);
    expect(
      judge(en, [
        ['customer', back],
        ['customer', 'And how long is the warranty?'],
        ['agent', 'It is two years.'],
      ]),
    ).toEqual(['correct warranty “two years”']);
  });
});

describe('hedged answers', () => {
  it.each([
    ['en', back, 'I think it is 30 days.', ['hedged return-period “30 days”']],
    ['en', back, "I think it's 14 days.", ['hedged return-period “14 days”', 'wrong return-period “14 days”']],
    ['en', back, "I'm not sure, maybe 30 days.", ['hedged return-period “30 days”']],
    ['en', money, 'A few days.', ['hedged refund-time “A few days”']],
    ['en', postage, 'It is probably free.', ['hedged return-shipping “free”']],
    ['en', 'Hi', 'I am not sure how long the warranty is.', ['hedged warranty “I am not sure”']],
    ['en', 'Hi', 'I am not sure about the warranty, let me check that for you.', []],
    ['en', back, 'If you are not sure, you have 30 days.', ['correct return-period “30 days”']],
    ['zh', '多久可以退货？', '应该是30天吧。', ['hedged return-period “30天”']],
    ['zh', '多久可以退货？', '好像，嗯，30天', ['hedged return-period “30天”']],
    ['zh', '退款多久到账？', '可能要几天', ['hedged refund-time “几天”']],
    ['zh', '退货运费谁出？', '应该免费', ['hedged return-shipping “免费”']],
    ['zh', '保修多久？', '这个我不太清楚', ['hedged warranty “不太清楚”']],
    ['zh', '保修多久？', '这个我不太清楚，我帮您查一下', []],
  ])('%s: %s — %s', (language, question, answer, expected) =>
    expect(reply(language === 'en' ? en : zh, question, answer).sort()).toEqual(expected),
  );
});

describe('left to a person', () => {
  it.each([
    ['en', back, 'If you are a gold member, you have 60 days.', ['unknown return-period “60 days”']],
    ['en', 'Hi', 'For opened software the return period is 14 days.', ['unknown return-period “14 days”']],
    ['en', 'Hi', 'The extended warranty is five years.', ['unknown warranty “five years”']],
    ['zh', '多久可以退货？', '特价商品是7天。', ['unknown return-period “7天”']],
    ['zh', '您好', '电池保修一年', ['unknown warranty “一年”']],
  ])('a special case, %s: %s — %s', (language, question, answer, expected) =>
    expect(reply(language === 'en' ? en : zh, question, answer)).toEqual(expected),
  );

  it('a slip taken back in the same turn', () => {
    expect(reply(en, back, 'It is 14 days, sorry, I mean 30 days.')).toEqual([
      'unknown return-period “14 days”',
      'correct return-period “30 days”',
    ]);
    expect(reply(zh, '多久可以退货？', '14天，抱歉说错了，是30天')).toEqual([
      'unknown return-period “14天”',
      'correct return-period “30天”',
    ]);
  });

  it('words recognised with low confidence', () => {
    const word = (text: string, confidence: number) => ({ text, startMs: 0, endMs: 1, confidence });
    const lines = (confidence: number): Line[] => [
      ['customer', back],
      [
        'agent',
        'you have fourteen days',
        { words: [word('you', 0.2), word('have', 0.9), word('fourteen', confidence), word('days', 0.9)] },
      ],
    ];
    expect(judge(en, lines(0.9))).toEqual(['wrong return-period “fourteen days”']);
    expect(judge(en, lines(0.3))).toEqual(['unknown return-period “fourteen days”']);
  });

  it('a speaker nobody knows', () => {
    expect(judge(en, [['unknown', 'The warranty is one year.']])).toEqual(['unknown warranty “one year”']);
    expect(judge(en, [['unknown', 'The warranty is two years.']])).toEqual([]);
  });
});

describe('what a finding says', () => {
  it('carries place, expectation and reason', () => {
    const found = checkAnswers(
      en,
      session([
        ['customer', back],
        ['agent', 'Sure! You have 14 days.'],
      ]),
    );
    expect(found).toEqual([
      {
        entry: 'return-period',
        title: { en: 'Return period', zh: '退货期限' },
        kind: 'wrong',
        turn: 2,
        charStart: 15,
        charEnd: 22,
        quote: '14 days',
        expected: {
          en: 'An item can be returned for a refund within 30 days of delivery.',
          zh: '商品自送达之日起30天内可以退货退款。',
        },
        found: '14 days',
        confidence: 0.8,
        reason: { en: '“14 days” contradicts the knowledge base.', zh: '“14 days”与知识库不符。' },
      },
    ]);
  });
});

describe('validity', () => {
  const kb = parseKnowledge(
    `
id: k
version: 1
language: en
title: { en: k, zh: k }
entries:
  - id: old
    title: { en: Warranty, zh: 保修 }
    asks: [warranty]
    statement: { en: One year., zh: 一年。 }
    facts: [{ subject: [warranty], quantity: { value: 1, unit: year } }]
    validTo: 2026-06-30
  - id: fee
    title: { en: Fee, zh: 费用 }
    asks: [setup]
    statement: { en: There is no amount., zh: 没有金额。 }
    right: [included]
`,
    'k.yaml',
  );
  const said: Line[] = [['agent', 'The warranty is two years.']];

  it('counts the days inclusively and leaves undated sessions to a person', () => {
    const on = (startedAt: string | null) => judge(kb, said, { startedAt });
    expect(on('2026-06-30T23:00:00Z')).toEqual(['wrong old “two years”']);
    expect(on('2026-07-01T00:00:00Z')).toEqual([]);
    expect(on(null)).toEqual(['unknown old “two years”']);
  });

  it('calls an amount without any basis unsupported', () => {
    expect(reply(kb, 'What about setup?', 'It costs 20 dollars.')).toEqual(['unsupported fee “20 dollars”']);
  });
});
