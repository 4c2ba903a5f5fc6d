/**
 * Sentences that only automatic replies contain, English and Chinese. They are looked for in whole messages of a
 * reasonable length: a person quoting one in a long letter stays a person.
 */
const patterns = [
  /\b(?:this is|this was) an auto(?:mated|matic|matically generated|-?generated)\b/i,
  /\bauto(?:mated|matic|matically generated|-generated) (?:reply|response|message|e-?mail|acknowledge?ment)\b/i,
  /\b(?:please )?do not (?:reply|respond) (?:directly )?to this (?:e-?mail|message)\b/i,
  /\b(?:i am|i'm) (?:currently )?out of (?:the )?office\b/i,
  /\bwe have received your (?:e-?mail|message|request|ticket)[^.]*\.\s*(?:a (?:ticket|case)|your (?:ticket|case|request)) (?:number|id|has been (?:created|opened|assigned))/i,
  /(?:此|本|这)(?:封)?(?:邮件|消息|信息|回复)(?:为|由|是)?(?:系统)?自动(?:回复|发送|生成|发出)/,
  /系统自动(?:回复|发送|应答|生成)/,
  /[【[（(]自动回复[】\]）)]/,
  /^自动回复[:：]/,
  /请勿(?:直接)?回复(?:此|本)(?:邮件|消息|信息)/,
  /此郵件(?:為|由)?系統自動|系統自動(?:回覆|發送)/,
];

const subjects =
  /^\s*(?:auto(?:matic|mated)?[- ]?(?:reply|response|acknowledge?ment)|out of (?:the )?office|自动(?:回复|答复)|自動(?:回覆|回復))/i;

/** True when the text reads as an automatic acknowledgement or absence note. */
export function readsAutomatic(text: string): boolean {
  return text.length <= 2000 && patterns.some((pattern) => pattern.test(text));
}

/** True when a subject line says that the message is an automatic reply. */
export function automaticSubject(subject: string): boolean {
  return subjects.test(subject);
}
