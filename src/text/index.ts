export { fold, foldText, Folded, type FoldOptions } from './fold.ts';
export { compilePhrases, isSearchable } from './phrases.ts';
export { tokenise, type Token } from './tokens.ts';
export { isCjk, isHan } from './scripts.ts';
export { syllables, withoutTone } from './pinyin.ts';
export type { PhraseHit, PhraseMatcher, PhraseSpec, SoundMode, Substitution, TextSpan } from './types.ts';
