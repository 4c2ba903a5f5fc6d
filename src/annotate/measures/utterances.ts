import { primaryLanguage, type Session, type Span, type Speaker, type Turn } from '../../session/index.ts';

/** A stretch of speech of one turn without a pause of a second or more. */
export interface Utterance extends Span {
  turn: number;
  speaker: Speaker;
}

/** Shorter gaps are breath, not silence: the least length of a reported silence, and what splits a turn in two. */
export const leastSilenceMs = 1000;

/** Turns that the other side heard or read: internal notes are no part of the conversation. */
export function publicTurns(session: Session): Turn[] {
  return session.turns.filter(({ visibility }) => visibility === 'public');
}

/** Utterances of turns with times, ordered by start. Word times, where there are any, show the pauses inside a turn. */
export function utterances(turns: readonly Turn[]): Utterance[] {
  const found: Utterance[] = [];
  for (const { n, speaker, startMs, endMs, words } of turns) {
    if (startMs === null || endMs === null || endMs <= startMs) continue;
    let current: Utterance | undefined;
    for (const word of [...(words ?? [])].sort((a, b) => a.startMs - b.startMs)) {
      if (word.endMs < word.startMs) continue;
      if (current && word.startMs - current.endMs < leastSilenceMs) {
        current.endMs = Math.max(current.endMs, word.endMs);
        continue;
      }
      if (current) found.push(current);
      current = { turn: n, speaker, startMs: word.startMs, endMs: word.endMs };
    }
    found.push(current ?? { turn: n, speaker, startMs, endMs });
  }
  return found.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.turn - b.turn);
}

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
