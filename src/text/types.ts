/** A half-open span `[start, end)` in UTF-16 code units of the ORIGINAL text. */
export interface TextSpan {
  start: number;
  end: number;
}

/**
 * How far recognised speech may stray from the written phrase.
 * `exact`: same words after folding. `homophone`: Chinese characters of the same syllable and tone (公号 = 工号), or any
 * tone with `ignoreTones`. `near`: English words one or two letters off or of the same sound; Chinese syllables with
 * tones ignored and the usual confusions (z/zh, c/ch, s/sh, n/l, in/ing, en/eng) treated as equal.
 */
export type SoundMode = 'exact' | 'near' | 'homophone';

export interface PhraseSpec {
  /** The words; `*` stands for one word or for one to four Chinese characters. */
  text: string;
  /** Other words (Chinese: characters) tolerated between two words of the phrase. Default 0. */
  maxGap?: number;
  /** Default `exact`. */
  sound?: SoundMode;
  /** With `homophone`: compare syllables without their tones. Default false. */
  ignoreTones?: boolean;
}

/** A word that was accepted in place of the phrase's own. */
export interface Substitution extends TextSpan {
  /** As it stands in the text. */
  heard: string;
  /** As it stands in the phrase. */
  expected: string;
}

export interface PhraseHit extends TextSpan {
  /** Index into the phrases given to `compilePhrases`. */
  phrase: number;
  /** Exactly `text.slice(start, end)`. */
  quote: string;
  substitutions: Substitution[];
}

export interface PhraseMatcher {
  /** All hits of all phrases, ordered by start, end, phrase. Hits of one phrase never overlap one another. */
  find(text: string): PhraseHit[];
}
