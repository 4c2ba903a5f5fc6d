import { primaryLanguage } from '../session/index.ts';

/**
 * The language that a text is written in, by script: Han characters against words of Latin letters (a Chinese character
 * weighs about as much as an English word), kana and Hangul apart. Simplified and traditional both are `zh`.
 * Latin script says only that it is not Chinese: it is the fallback's language if that is written so, else English.
 * Without a letter, the fallback.
 */
export function detectLanguage(text: string, fallback: string): string {
  const han = count(text, /\p{Script=Han}/gu);
  const kana = count(text, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  const hangul = count(text, /\p{Script=Hangul}/gu);
  const words = count(text, /\p{Script=Latin}{2,}/gu);
  const asian = han + kana + hangul;
  if (asian === 0 && words === 0) return fallback;
  if (asian <= words * 0.5) return ['zh', 'ja', 'ko', 'yue'].includes(primaryLanguage(fallback)) ? 'en' : fallback;
  if (hangul > asian * 0.3) return 'ko';
  if (kana > asian * 0.15) return 'ja';
  return ['zh', 'yue'].includes(primaryLanguage(fallback)) ? fallback : 'zh';
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
