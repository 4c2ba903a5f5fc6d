import { createRequire } from 'node:module';
import type * as PinyinPro from 'pinyin-pro';
import { isHan } from './scripts.ts';

let library: typeof PinyinPro | undefined;

/** pinyin-pro takes some 50 ms to load and is needed by few rules: loaded at its first use. */
function load(): typeof PinyinPro {
  library ??= createRequire(import.meta.url)('pinyin-pro') as typeof PinyinPro;
  return library;
}

/**
 * The syllable of every code point of a text, in context (重新 → chong2 xin1); null for anything but a Chinese
 * character. Tone is a digit 1…4, 0 for the neutral tone; ü is written v.
 */
export function syllables(text: string): (string | null)[] {
  const result: (string | null)[] = [];
  let run = '';
  const flush = () => {
    if (run === '') return;
    const read = load().pinyin(run, { type: 'array', toneType: 'num', v: true });
    const characters = [...run];
    for (let i = 0; i < characters.length; i++) {
      const syllable = read.length === characters.length ? read[i] : undefined;
      result.push(syllable && /^[a-zü]+\d?$/.test(syllable) ? syllable : null);
    }
    run = '';
  };
  for (const character of text) {
    if (isHan(character.codePointAt(0)!)) run += character;
    else {
      flush();
      result.push(null);
    }
  }
  flush();
  return result;
}

/** A syllable without its tone: gong1 → gong. */
export function withoutTone(syllable: string): string {
  return syllable.replace(/\d$/, '');
}

/** A syllable's class under the confusions usual in recognised and accented Mandarin: zhang1, zang4, zan1 → zan. */
export function looseSyllable(syllable: string): string {
  return withoutTone(syllable)
    .replace(/^([zcs])h/, '$1')
    .replace(/^n(?=[aeiouv])/, 'l')
    .replace(/(?<=[ie])ng$/, 'n');
}

const readingsOf = new Map<string, readonly string[]>();

/** Every syllable, without tone, that a character can have in any context; none for anything but a Chinese character. */
export function readings(character: string): readonly string[] {
  let known = readingsOf.get(character);
  if (!known) {
    const own = syllables(character).filter((syllable) => syllable !== null);
    const all = isHan(character.codePointAt(0)!)
      ? load().pinyin(character, { type: 'array', toneType: 'num', v: true, multiple: true })
      : [];
    known = [...new Set([...own, ...all].map(withoutTone))];
    readingsOf.set(character, known);
  }
  return known;
}
