import { foldKey } from './fields.ts';
import type { Speaker } from '../session/index.ts';

const labels: [Exclude<Speaker, 'unknown'>, string][] = [
  [
    'customer',
    'customer,user,visitor,client,caller,consumer,buyer,guest,enduser,requester,contact,inbound,incoming,in,客户,顾客,用户,访客,买家,来电人,主叫,咨询人,客人,客戶,顧客,訪客,c',
  ],
  [
    'agent',
    'agent,operator,staff,support,representative,rep,csr,employee,admin,advisor,adviser,assignee,seller,outbound,outgoing,out,human,坐席,座席,客服,人工客服,人工,接线员,专员,员工,商家,卖家,坐席員,客服人員,a',
  ],
  ['bot', 'bot,robot,chatbot,virtualassistant,assistant,ai,ivr,机器人,智能客服,智能助手,小助手,机器人客服,機器人'],
  ['system', 'system,event,notification,platform,系统,系统消息,系统通知,系統,平台'],
];

const exact = new Map<string, Speaker>(
  labels.flatMap(([speaker, names]) => names.split(',').map((name) => [name, speaker] as const)),
);

/** Words that also count at the beginning of a label: `Agent 17`, `客服小王`, `机器人-01`. Longest first. */
const prefixes = [...exact]
  .filter(([name]) => name.length > 2 || /\p{Script=Han}/u.test(name))
  .sort(([a], [b]) => b.length - a.length);

/**
 * Who a label stands for; null when it names nobody known. A bare `unknown` is an answer, not a label.
 * `names`: ids and names that the session states for its two sides.
 */
export function speakerOf(
  label: string,
  names: { agent: string | null; customer: string | null },
  own: Readonly<Record<string, Speaker>> = {},
): Speaker | null {
  const trimmed = label.trim();
  const mapped = Object.hasOwn(own, trimmed) ? own[trimmed] : undefined;
  if (mapped) return mapped;
  if (names.agent !== null && trimmed === names.agent) return 'agent';
  if (names.customer !== null && trimmed === names.customer) return 'customer';
  const folded = foldKey(trimmed);
  const known = exact.get(folded);
  if (known) return known;
  for (const [name, speaker] of prefixes) {
    if (!folded.startsWith(name)) continue;
    // `agent17` and `客服小王` belong to the word; `agency` and `useful` do not.
    if (
      /\p{Script=Han}/u.test(name) ||
      !/^[a-z]/.test(folded.slice(name.length)) ||
      /^[\s_\-:.(]/.test(trimmed.slice(name.length))
    )
      return speaker;
  }
  return null;
}

/** A label that only says the role (`agent`, `客服`), and so is no name of a writer. */
export function isRoleWord(label: string): boolean {
  const folded = foldKey(label);
  return folded === 'unknown' || exact.has(folded);
}
