import type { Localised, Session } from '../session/index.ts';

export type ThreatKind = 'authority' | 'public' | 'leave' | 'complaint';

export interface ThreatHit {
  kind: ThreatKind;
  turn: number;
  charStart: number;
  charEnd: number;
}

/** What a customer says who is about to go elsewhere with it. Bounded phrases; English ones between word limits. */
const english: Record<ThreatKind, string> = {
  authority:
    'my lawyers?|a lawyer|lawyers|my solicitor|a solicitor|my attorney|an attorney|legal action|legal steps|legal advice|sue you|suing you|sue your company|take you to court|see you in court|small claims|consumer protection|trading standards|ombudsman|better business bureau|attorney general|the regulator|consumer rights office|report you to|report this to the|press charges|go(?:ing)? to the police|call the police',
  public:
    'go(?:ing)? to the press|call the press|the newspapers?|tell the media|the media|on social media|all over the internet|post this online|(?:one|1|zero)[- ]star review|bad review|negative review|review on google|trustpilot|everyone will know|tell everyone|name and shame',
  leave:
    'cancel my (?:account|contract|subscription|membership|plan)|close my account|cancel everything|(?:take|taking) my business elsewhere|(?:go|going|switch|switching|change|changing) to (?:a competitor|another (?:company|provider|shop|store|brand)|someone else)|never (?:buy|order|shop|come back)[a-z ]{0,20} again|lost (?:me as )?a customer|losing a customer|chargeback|charge back|dispute the (?:charge|payment)',
  complaint:
    "(?:formal |official |written )?complaint|complain about|i(?:'m| am)? complain(?:ing)?|going to complain|speak (?:to|with) (?:a|your|the) (?:manager|supervisor)|talk to (?:a|your|the) (?:manager|supervisor)|get me (?:a|your|the) (?:manager|supervisor)|escalate this",
};

const chinese: Record<ThreatKind, string> = {
  authority:
    '找律师|请律师|我的律师|我律师|律师函|咨询律师|联系律师|起诉|打官司|法院见|上法院|去法院|法院起诉|法律途径|法律手段|走法律|追究法律责任|(?<!\\d)(?:12315|12345|12300)(?!\\d)|消协|消费者协会|消费者权益|工商局|工商所|市场监管|监管部门|监管局|银保监|工信部|信访|报警|举报',
  public:
    '曝光|找媒体|媒体曝光|告诉媒体|联系媒体|找记者|叫记者|上电视|发微博|发抖音|发朋友圈|发到网上|发网上|挂网上|挂到网上|发小红书|给差评|打差评|写差评|一星差评|让大家都知道|让大家看看',
  leave:
    '注销账户|注销账号|注销会员|注销我的|销户|解约|解除合同|退会|退订|换别家|去别家|换其他家|不用你们|再也不买|再也不会买|不会再买|再也不来|再也不用|拉黑',
  complaint:
    '投诉|找你们经理|找你们领导|叫你们经理|叫你们领导|让你们领导|让你们经理|你们负责人|找你领导|要个说法|给个说法|讨个说法',
};

/** A phrase that follows one of these is not meant: "I don't want to make a complaint", 不是要投诉. */
const denied =
  /(?:\b(?:not|no|never|don['’]t|didn['’]t|won['’]t|without|isn['’]t|wouldn['’]t)(?:\s+[\p{L}'’]+){0,4}\s*|(?:不是要?|不想|不要|没有?|不用|不会|不打算|别|并非|无意|不)[^，。！？,.!?]{0,2})$/iu;
/** …but these only look like a denial. */
const meant = /(?:不得不|不能不|要不|再不|不然就?|if (?:you|i|this|it)[^.!?]{0,60})[^。！？.!?]{0,12}$/iu;

/** Traditional forms of the characters in the Chinese phrases, so that offsets stay those of the text as written. */
const traditional: Record<string, string> = {
  师: '師', 请: '請', 询: '詢', 联: '聯', 诉: '訴', 见: '見', 径: '徑', 协: '協', 费: '費', 权: '權', 监: '監', 管: '管',
  门: '門', 报: '報', 举: '舉', 体: '體', 记: '記', 电: '電', 视: '視', 发: '發', 网: '網', 红: '紅', 书: '書', 给: '給',
  评: '評', 让: '讓', 注: '註', 销: '銷', 账: '帳', 户: '戶', 号: '號', 员: '員', 会: '會', 约: '約', 订: '訂', 换: '換',
  别: '別', 们: '們', 买: '買', 来: '來', 经: '經', 领: '領', 导: '導', 负: '負', 责: '責', 个: '個', 说: '說', 讨: '討',
  银: '銀', 级: '級', 层: '層', 务: '務', 单: '單', 张: '張', 进: '進', 这: '這', 么: '麼', 对: '對', 时: '時',
}; // prettier-ignore

const bothScripts = (phrases: string) =>
  [...phrases]
    .map((character) => (traditional[character] ? `[${character}${traditional[character]}]` : character))
    .join('');

const kinds: readonly ThreatKind[] = ['authority', 'public', 'leave', 'complaint'];
const patterns = kinds.map((kind) => ({
  kind,
  pattern: new RegExp(
    `(?<![\\p{Script=Latin}\\p{N}])(?:${english[kind].replaceAll("'", "['’]")})(?![\\p{Script=Latin}\\p{N}])|(?:${bothScripts(chinese[kind])})`,
    'giu',
  ),
}));

/** Long pasted texts are looked at up to here. */
const maxCharacters = 20_000;

/** What the customer threatens or complains of, in the order of the transcript; offsets are those of the turn's text. */
export function findThreats(session: Session): ThreatHit[] {
  const hits: ThreatHit[] = [];
  for (const { n, speaker, visibility, text } of session.turns) {
    if (visibility !== 'public' || (speaker !== 'customer' && speaker !== 'unknown')) continue;
    const start = hits.length;
    for (const { kind, pattern } of patterns) {
      for (const match of text.slice(0, maxCharacters).matchAll(pattern)) {
        const before = text.slice(Math.max(0, match.index - 80), match.index);
        if (denied.test(before) && !meant.test(before)) continue;
        hits.push({ kind, turn: n, charStart: match.index, charEnd: match.index + match[0].length });
      }
    }
    const sorted = hits.splice(start).sort((a, b) => a.charStart - b.charStart);
    hits.push(...sorted);
  }
  return hits;
}

/** How strongly each kind speaks, and what it is called. */
export const threatKinds: Record<Exclude<ThreatKind, 'complaint'>, { strength: number; title: Localised }> = {
  authority: {
    strength: 1,
    title: { en: 'The customer speaks of lawyers, courts or an authority', zh: '客户提到律师、起诉或监管部门' },
  },
  public: {
    strength: 0.9,
    title: { en: 'The customer threatens to make it public', zh: '客户表示要曝光或给差评' },
  },
  leave: { strength: 0.65, title: { en: 'The customer threatens to leave', zh: '客户表示要解约或不再购买' } },
};
