import type { Finder } from '../matching.ts';

/** Messages that end a conversation and need no reply. */
export const courtesy = [
  'thanks',
  'thank you',
  'thank you very much',
  'many thanks',
  'ok',
  'okay',
  'great',
  'perfect',
  'bye',
  'goodbye',
  'no thanks',
  '谢谢',
  '谢谢你',
  '谢谢您',
  '多谢',
  '感谢',
  '好的',
  '好',
  '行',
  '可以',
  '没有了',
  '没事了',
  '知道了',
  '明白了',
  '再见',
  '拜拜',
];
/** A courtesy closer is short: beyond this, the message says something else as well. */
const closerLength = 40;

/** Whether a message says nothing but thanks, yes or goodbye. */
export function isCloser(closers: Finder, text: string): boolean {
  if (text.length > closerLength || /[?？]/.test(text)) return false;
  let rest = text;
  for (const match of [...closers.findIn(text)].sort((a, b) => b.end - b.start - (a.end - a.start)))
    rest = rest.slice(0, match.start) + ' '.repeat(match.end - match.start) + rest.slice(match.end);
  return rest !== text && !/[\p{L}\p{N}]{4,}/u.test(rest);
}
