import { beforeAll, describe, expect, it } from 'vitest';
import { createAnnotator } from '../src/annotate/index.ts';
import { inspectSession, type Judges } from '../src/pipeline/index.ts';
import { loadScorecard } from '../src/scorecard/index.ts';
import type { Channel, Session, Speaker } from '../src/session/index.ts';

/** What people say in real life beside the words of any fixture: the shipped scorecards have to know it, and its false friends. */
let judges: Judges;
beforeAll(async () => {
  const files = ['rules/service.en.yaml', 'rules/service.zh.yaml'];
  judges = { scorecards: await Promise.all(files.map((file) => loadScorecard(file))), annotator: createAnnotator() };
});

type Line = readonly [speaker: Speaker, text: string];
function verdict(item: string, lines: readonly Line[], channel: Channel = 'chat'): string {
  const text = lines.map((line) => line[1]).join('');
  const session: Session = {
    id: 's',
    channel,
    language: /\p{Script=Han}/u.test(text) ? 'zh' : 'en',
    agentId: null,
    customerId: null,
    team: null,
    queue: null,
    startedAt: '2026-03-02T09:00:00Z',
    attributes: {},
    recording: null,
    transcript: { origin: 'written', recogniser: null, confidence: null, wordTimes: false, caveats: [] },
    turns: lines.map(([speaker, said], index) => ({
      n: index + 1,
      speaker,
      startMs: index * 5000,
      endMs: index * 5000,
      text: said,
      visibility: 'public' as const,
    })),
  };
  const result = inspectSession({ session, audio: null, source: { path: 'x', entry: null }, notices: [] }, judges);
  return result.items.find((one) => one.id === item)!.verdict;
}

const agentSays = (item: string, said: string) =>
  verdict(item, [
    ['customer', /\p{Script=Han}/u.test(said) ? '你好' : 'Hi'],
    ['agent', said],
  ]);

describe('a sentence of the agent', () => {
  it.each([
    ['need-confirmed', 'pass', 'So you’d like your money back for the fan, is that right?'],
    ['need-confirmed', 'pass', 'Right, you want to cancel the second order.'],
    ['need-confirmed', 'pass', 'You were billed for the visit although it was under warranty, correct?'],
    ['need-confirmed', 'pass', '您是要取消第二笔订单，对吧？'],
    ['need-confirmed', 'pass', '您想把送货时间改到周末，是吗？'],
    ['need-confirmed', 'fail', 'If you want to return it, print the label.'],
    ['need-confirmed', 'fail', 'We have whatever you need to fix it.'],
    ['need-confirmed', 'fail', '跟您确认一下身份，请问您的手机尾号？'],
    ['next-steps-told', 'pass', 'We ship the part today.'],
    ['next-steps-told', 'pass', 'I’ve put you down for Monday morning.'],
    ['next-steps-told', 'pass', '工程师会提前跟您电话联系。'],
    ['next-steps-told', 'pass', '请您在小程序里提交退货申请。'],
    ['next-steps-told', 'pass', 'The courier picks the box up on Friday.'],
    ['next-steps-told', 'pass', '退款会在三天内原路退回。'],
    ['next-steps-told', 'fail', '不知道什么时候会发货。'],
    ['next-steps-told', 'fail', 'It is what it is.'],
    ['next-steps-told', 'fail', '您再等等吧。'],
    ['resolution-confirmed', 'pass', 'Is everything sorted now?'],
    ['resolution-confirmed', 'pass', 'Is there something else on your mind?'],
    ['resolution-confirmed', 'pass', '现在能正常用了吗？恢复正常了吗？'],
    ['resolution-confirmed', 'pass', '请问还有其他能帮您的吗？'],
    ['resolution-confirmed', 'fail', 'Do you have the order number?'],
    ['closing-thanks', 'pass', 'Thanks for your message, enjoy your weekend!'],
    ['closing-thanks', 'pass', '祝您周末愉快'],
    ['survey-invitation', 'pass', 'Please rate us when the window closes.'],
    ['survey-invitation', 'pass', '麻烦您给我的服务打个分'],
    ['no-blame-shifting', 'fail', 'The visit failed because you were not at home.'],
    ['no-blame-shifting', 'fail', 'You have to take that up with the carrier.'],
    ['no-blame-shifting', 'fail', '发货不归我们部门管。'],
    ['no-blame-shifting', 'fail', '这是物流造成的，与我们无关。'],
    ['no-blame-shifting', 'pass', 'I will ask the courier and call you back.'],
    ['no-blame-shifting', 'pass', '我去问一下快递，再给您回电。'],
    ['no-blame-shifting', 'pass', 'You should have received an e-mail by now.'],
    ['no-blame-shifting', 'pass', 'Because you did not receive the parcel, we send another.'],
    ['no-blame-shifting', 'pass', '这是我们的问题，我来处理。'],
    ['no-impatience', 'fail', 'Do you want the refund or not?'],
    ['no-impatience', 'fail', '这个我都跟您说过好几遍了。'],
    ['no-impatience', 'fail', '别再问了。'],
    ['no-impatience', 'pass', 'You can top it up as many times as you like. How many times a month do you clean it?'],
    ['no-impatience', 'pass', 'What part of the machine is leaking?'],
    ['no-impatience', 'pass', '您可以随便看看，有需要再找我。'],
    ['no-forbidden-words', 'fail', 'Don’t be a fool.'],
    ['no-forbidden-words', 'fail', '你有病吧'],
    ['no-forbidden-words', 'pass', 'We register it so that it does not get lost.'],
    ['no-forbidden-words', 'pass', 'There are no stupid questions. That was stupid of us.'],
    ['no-forbidden-words', 'pass', '滚筒洗衣机请勿加滚开的水，可以用毛刷去死角。'],
    ['no-forbidden-words', 'pass', '如果机器有毛病，我们免费修。'],
    ['plain-language', 'pass', '请把门对齐后再关上。'],
    ['plain-language', 'fail', 'I will open an RMA.'],
    ['calm-tone', 'pass', 'I am so sorry, that must have been terribly annoying.'],
    ['calm-tone', 'fail', 'That is ridiculous nonsense, you are useless.'],
  ])('%s: %s for “%s”', (item, expected, said) => expect(agentSays(item, said)).toBe(expected));
});

describe('empathy', () => {
  const after = (complaint: string, reply: string) =>
    verdict('empathy-after-complaint', [
      ['customer', complaint],
      ['agent', reply],
    ]);
  it.each([
    ['You sent me the wrong size.', 'One moment.', 'fail'],
    ['I was charged twice!', 'I’m sorry about that, I’ll fix it.', 'pass'],
    ['My fridge is leaking.', 'A technician will come tomorrow.', 'na'],
    ['My fridge is leaking.', 'Sorry to hear that. A technician will come tomorrow.', 'pass'],
    ['How long is the warranty?', 'Sorry to keep you waiting. Two years.', 'na'],
    ['等了一个星期还没送到，太不像话了', '请提供订单号。', 'fail'],
    ['洗衣机漏水', '师傅明天上门。', 'na'],
    ['洗衣机漏水', '给您添麻烦了，师傅明天上门。', 'pass'],
  ])('“%s” – “%s”: %s', (complaint, reply, expected) => expect(after(complaint, reply)).toBe(expected));
});

describe('a promise and a transfer', () => {
  it.each([
    ['callback-time-named', 'Someone will ring you.', 'fail'],
    ['callback-time-named', 'Kate will give you a call at 10 am.', 'pass'],
    ['callback-time-named', '稍后会有同事联系您的，再联系您。', 'fail'],
    ['callback-time-named', '我下班前给您回电。', 'pass'],
    ['handover-explained', 'I am putting you through.', 'fail'],
    ['handover-explained', 'I’ll transfer you to our billing team, because they can correct invoices.', 'pass'],
    ['handover-explained', 'Let me put you through to Maria in repairs, she has the plans.', 'pass'],
    ['handover-explained', '我帮您转接。', 'fail'],
    ['handover-explained', '我帮您转接到售后部，由专人为您处理。', 'pass'],
  ])('%s: “%s” %s', (item, said, expected) => expect(agentSays(item, said)).toBe(expected));
});

describe('how the customer leaves', () => {
  const leaves = (...texts: string[]) =>
    verdict(
      'customer-leaves-calm',
      texts.flatMap((text): Line[] => [
        ['customer', text],
        ['agent', 'I will look into it.'],
      ]),
    );
  it('is judged by the last words once there is more than the first message', () => {
    expect(leaves('This is ridiculous, I am furious.')).toBe('pass');
    expect(leaves('This is ridiculous, I am furious.', 'Great, thank you so much!')).toBe('pass');
    expect(leaves('Where is my order?', 'This is ridiculous, worst service ever.')).toBe('fail');
  });
});
