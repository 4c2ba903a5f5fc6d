import type { ItemResult, Localised, SessionResult } from '../../session/index.ts';

type Catalogued = Pick<ItemResult, 'id' | 'section' | 'title' | 'weight' | 'critical' | 'autoFail'> & {
  channels: SessionResult['channel'][];
  coaching: Localised | null;
};

export const sections: { id: string; title: Localised; weight: number }[] = [
  { id: 'opening', title: { en: 'Opening', zh: '开场' }, weight: 20 },
  { id: 'timeliness', title: { en: 'Timeliness', zh: '时效' }, weight: 15 },
  { id: 'care', title: { en: 'Care', zh: '关怀' }, weight: 20 },
  { id: 'conduct', title: { en: 'Conduct', zh: '服务规范' }, weight: 15 },
  { id: 'accuracy', title: { en: 'Right answers', zh: '业务准确' }, weight: 20 },
  { id: 'closing', title: { en: 'Closing', zh: '结束' }, weight: 10 },
];

const all: SessionResult['channel'][] = ['call', 'chat', 'ticket'];

function item(
  section: string,
  id: string,
  en: string,
  zh: string,
  channels = all,
  more: Partial<Pick<Catalogued, 'weight' | 'critical' | 'autoFail' | 'coaching'>> = {},
): Catalogued {
  return {
    section,
    id,
    title: { en, zh },
    channels,
    weight: 1,
    critical: null,
    autoFail: 'none',
    coaching: null,
    ...more,
  };
}

/** The items of a service scorecard as the report sees them. */
export const catalogue: Catalogued[] = [
  item('opening', 'greeting', 'Greets the customer and gives a name', '规范问候并报姓名', ['call', 'chat']),
  item('opening', 'identity-within-10s', 'Confirms identity within 10 seconds', '10 秒内确认客户身份', ['call'], {
    weight: 2,
    critical: 'compliance',
    coaching: {
      en: 'Ask for the name and order number right after the greeting, before anything else is discussed.',
      zh: '问候后先核对姓名和订单号，再谈其他事项。',
    },
  }),
  item('opening', 'need-confirmed', 'Restates the request', '复述并确认客户诉求', ['call', 'chat']),
  item('opening', 'request-acknowledged', 'First reply confirms receipt', '首次回复告知已收到', ['ticket']),
  item('timeliness', 'first-reply-30s', 'First human reply within 30 s', '30 秒内首次响应', ['chat']),
  item('timeliness', 'first-reply-4h', 'First reply within 4 h', '4 小时内首次回复', ['ticket']),
  item('timeliness', 'no-dead-air', 'No silence of 10 s or more', '无 10 秒以上静音', ['call']),
  item('timeliness', 'hold-announced', 'Announces a hold', '等待前告知客户', ['call']),
  item('timeliness', 'ticket-fields-complete', 'Ticket fields complete', '工单字段完整', ['ticket'], {
    critical: 'business',
  }),
  item('care', 'empathy-after-complaint', 'Shows empathy after a complaint', '投诉后表达理解', all, {
    coaching: {
      en: 'Name what went wrong for the customer before offering a fix.',
      zh: '先说出客户遇到的困扰，再给方案。',
    },
  }),
  item('care', 'no-interruptions', 'Lets the customer finish', '不抢话', ['call']),
  item('care', 'plain-language', 'Explains jargon', '不用未解释的术语'),
  item('conduct', 'no-forbidden-words', 'No insults or threats', '无禁语', all, {
    critical: 'compliance',
    autoFail: 'form',
  }),
  item('conduct', 'no-blame-shifting', 'Does not shift blame', '不推诿'),
  item('conduct', 'no-impatience', 'Stays patient', '无不耐烦用语'),
  item('accuracy', 'no-wrong-answer', 'No wrong answer', '无错误答复', all, {
    weight: 2,
    critical: 'customer',
    autoFail: 'form',
    coaching: { en: 'Read the period from the knowledge base before naming it.', zh: '涉及时限先查知识库再答复。' },
  }),
  item('accuracy', 'no-hedged-answer', 'No hedged answer', '无含糊答复'),
  item('accuracy', 'next-steps-told', 'Tells the next steps', '告知后续步骤'),
  item('accuracy', 'callback-time-named', 'Names the time of a call-back', '承诺回电时说明时间'),
  item('closing', 'resolution-confirmed', 'Confirms the resolution', '确认问题已解决'),
  item('closing', 'closing-thanks', 'Closing thanks', '结束语致谢', ['call', 'chat']),
  item('closing', 'customer-leaves-calm', 'Customer leaves calm', '客户情绪平稳离开'),
];
