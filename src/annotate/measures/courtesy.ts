/** Thanks, farewell, “that is all”: ends a matter. */
const closers = {
  en: /\b(?:thanks|thank you|thx|cheers|bye|goodbye|good bye|that'?s all|that is all|that'?s it|nothing else|have a (?:nice|good|great|lovely) (?:day|evening|night|weekend|one)|take care|you too|same to you)\b/gu,
  zh: /谢谢(?:您|你|啦|了)?|谢了|多谢(?:了)?|感谢(?:您|你)?|非常感谢|辛苦(?:了|您了|你了)|再见|拜拜|拜|没有了|没了|没别的(?:了)?|没事了|没有其他(?:问题|的)?了?|不用了|就这样吧?|先这样吧?|祝(?:您|你)?(?:工作|生活)(?:愉快|顺利)/gu,
};
/** Says only that something was heard. */
const acknowledgements = {
  en: /\b(?:ok|okay|okey|k|alright|all right|right|great|perfect|cool|fine|good|got it|i see|understood|yes|yeah|yep|no|nope|sure|will do|very much|so much|a lot|very kind|of you|wonderful|lovely|excellent|awesome|super|then|and|for|your|the|help|now|again|i will|i'll|wait|for it|very|much|really|all|that|was|is|it|everything)\b/gu,
  zh: /好的|好嘞|好滴|好吧|好|行|可以|嗯+|哦+|噢|知道了|明白了?|了解了?|清楚了?|收到|没问题|没有|不客气|太好了|那|就|了|的|吧|啊|呀|哈|啦|麻烦(?:您|你)了|您|你|非常|十分|ok/gu,
};
const plainAcknowledgement =
  /^(?:ok|okay|k|alright|all right|right|great|perfect|cool|fine|good|got it|i see|understood|yes|yeah|yep|sure|will do|好的?|好嘞|好滴|好吧|行|可以|嗯+|哦+|噢|知道了|明白了?|了解了?|清楚了?|收到|没问题|太好了|[\s,.!。，！~]+)+$/u;

export type Courtesy = 'closer' | 'acknowledgement';

/**
 * Whether a customer's message needs no answer: `closer` (thanks, farewell, perhaps with an "ok"), `acknowledgement`
 * (a bare "ok", which may also be the go-ahead that an agent asked for), or null: it asks for something.
 */
export function courtesy(text: string): Courtesy | null {
  const plain = text.slice(0, 200).normalize('NFKC').toLowerCase().replaceAll(/[‘’]/gu, "'").trim();
  if (text.length > 200 || plain.includes('?')) return null;
  if (!/[\p{L}\p{N}]/u.test(plain)) return plain === '' ? null : 'acknowledgement';
  if (plainAcknowledgement.test(plain)) return 'acknowledgement';
  let rest = plain;
  for (const pattern of [closers.en, closers.zh]) rest = rest.replaceAll(pattern, ' ');
  if (rest === plain) return null;
  for (const pattern of [acknowledgements.en, acknowledgements.zh]) rest = rest.replaceAll(pattern, ' ');
  return /[\p{L}\p{N}]/u.test(rest) ? null : 'closer';
}
