import { primaryLanguage } from '../session/index.ts';

const segmenters = new Map<string, Intl.Segmenter>();
const wordLike = /[\p{L}\p{N}]/u;
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Letters and digits of a text (no blanks, no marks). */
export function countCharacters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** Words of a text as the language's own word breaking finds them. */
export function countWords(text: string, language: string): number {
  const primary = primaryLanguage(language);
  const segmenter = segmenters.get(primary) ?? new Intl.Segmenter(primary, { granularity: 'word' });
  segmenters.set(primary, segmenter);
  let words = 0;
  for (const { segment } of segmenter.segment(text)) if (wordLike.test(segment)) words++;
  return words;
}

/** Whether a language's speed is told in characters: written without blanks between words. */
export function countedInCharacters(language: string): boolean {
  return ['zh', 'yue', 'ja'].includes(primaryLanguage(language));
}

/** Size of a text in the unit of its language: CJK characters (plus other words), or words. */
export function speechUnits(text: string, language: string): number {
  if (!countedInCharacters(language)) return countWords(text, language);
  return (text.match(cjk)?.length ?? 0) + countWords(text.replaceAll(cjk, ' '), 'en');
}
