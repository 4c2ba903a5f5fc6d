/** Sentiment, measures and risk together on whole sessions: the two rooms may not import each other, so this sits here. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAnnotator } from '../src/annotate/index.ts';
import { assessRisk } from '../src/risk/index.ts';
import type { Risk, Session, Speaker } from '../src/session/index.ts';
import { readCrossWoz } from './sentiment/corpora.ts';

const annotator = createAnnotator();

function riskOf(language: 'en' | 'zh', channel: Session['channel'], lines: [Speaker, string][]): Risk {
  const session: Session = {
    id: 'test',
    channel,
    language,
    agentId: null,
    customerId: null,
    team: null,
    queue: null,
    startedAt: null,
    attributes: {},
    recording: null,
    transcript: { origin: 'given', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: lines.map(([speaker, text], i) => ({
      n: i + 1,
      speaker,
      startMs: i * 8000,
      endMs: i * 8000 + (channel === 'call' ? 7500 : 0),
      text,
      visibility: 'public',
    })),
  };
  return assessRisk({ session, annotations: annotator.annotate(session, null), scorecard: null, notices: [] });
}

describe('sessions without a fault are low', () => {
  it.each<['en' | 'zh', Session['channel'], [Speaker, string][]]>([
    [
      'en',
      'call',
      [
        ['agent', 'Thank you for calling Acme, my name is Anna, how can I help?'],
        ['customer', 'Hello, my kettle stopped working yesterday, can I send it back?'],
        ['agent', 'I am sorry to hear that. May I have your full name and date of birth please?'],
        ['customer', 'Paula Berg, the fourth of May 1980.'],
        ['agent', 'Thank you. You can return it within thirty days of delivery, and shipping is free.'],
        ['customer', 'Great. And when do I get my money?'],
        ['agent', 'The refund is paid out within five to seven business days. Is there anything else?'],
        ['customer', 'No, that is all, thank you very much.'],
        ['agent', 'Thank you for calling, have a nice day.'],
      ],
    ],
    [
      'zh',
      'chat',
      [
        ['customer', '你好，我上周买的电饭煲不加热了，可以换吗？'],
        ['agent', '您好，非常抱歉给您带来不便，麻烦提供一下订单号。'],
        ['customer', '5521'],
        ['agent', '谢谢，您签收后 15 天内可以换货，运费由我们承担。'],
        ['customer', '好的，多久能收到新的？'],
        ['agent', '一般 3 到 5 个工作日送达。请问还有其他可以帮您的吗？'],
        ['customer', '没有了，谢谢'],
        ['agent', '不客气，祝您生活愉快。'],
      ],
    ],
    [
      'en',
      'ticket',
      [
        ['customer', 'Hello, could you tell me how long the warranty on the dishwasher is? Kind regards, Tom'],
        ['agent', 'Dear Tom, thank you for your message. The warranty is two years. Kind regards, Anna'],
        ['customer', 'Thanks!'],
      ],
    ],
  ])('%s %s', (language, channel, lines) => {
    expect(riskOf(language, channel, lines)).toMatchObject({ band: 'low' });
  });
});

describe('sessions that went wrong are flagged from their words alone', () => {
  it.each<['en' | 'zh', string, [Speaker, string][]]>([
    [
      'en',
      'customer-threat',
      [
        ['agent', 'Acme, my name is Ben, how can I help?'],
        ['customer', 'This is the third time I am calling. I am still waiting for my refund.'],
        ['agent', 'You have fourteen days to return it, so that is too late.'],
        ['customer', 'That is not what your colleague told me. This is completely unacceptable.'],
        ['agent', 'You should have read the terms.'],
        ['customer', 'I am fed up with your excuses. You will hear from my lawyer.'],
      ],
    ],
    [
      'zh',
      'customer-threat',
      [
        ['agent', '您好，请问有什么可以帮您？'],
        ['customer', '我的退款到现在都没到账，都第三次打电话了！'],
        ['agent', '退货期是十四天，您已经超过了。'],
        ['customer', '上次的客服不是这么说的，你们就是在推卸责任，太差了。'],
        ['agent', '我都跟你说过了，不归我管。'],
        ['customer', '那我就打 12315 投诉你们。'],
      ],
    ],
  ])('%s', (language, code, lines) => {
    const risk = riskOf(language, 'chat', lines);
    expect(['high', 'critical']).toContain(risk.band);
    expect(risk.reasons.map((reason) => reason.code)).toEqual(
      expect.arrayContaining([code, 'agent-tone', 'sentiment-end', 'unanswered-end']),
    );
  });
});

describe.skipIf(!existsSync('../shared/data'))('a polite batch', () => {
  it('is not flagged: 500 CrossWOZ dialogues', async () => {
    const dialogues = new Map<string, [Speaker, string][]>();
    for (const { group, role, text } of await readCrossWoz('../shared/data'))
      dialogues.set(group, [...(dialogues.get(group) ?? []), [role === 'usr' ? 'customer' : 'agent', text]]);
    const counts = { critical: 0, high: 0, medium: 0, low: 0 };
    for (const lines of dialogues.values()) counts[riskOf('zh', 'chat', lines).band]++;
    expect(counts).toEqual({ critical: 0, high: 0, medium: 0, low: 500 });
  });
});
