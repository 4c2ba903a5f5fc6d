import { doubleMetaphone } from 'double-metaphone';
import { looseSyllable, withoutTone } from './pinyin.ts';
import type { SoundMode } from './types.ts';

/**
 * Edit distance (insert, delete, replace, and swap of neighbours) of two words, or `limit + 1` once it is larger.
 * Optimal string alignment; O(length × limit).
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/**
 * May a recogniser have written `heard` for `expected`? Words of at most three letters: never. From four letters: the
 * same Double Metaphone key and at most a third of the letters (rounded up) changed. From five: one edit; from
 * eight: two.
 */
export function soundsNear(heard: string, expected: string): boolean {
  if (heard === expected) return true;
  const shorter = Math.min(heard.length, expected.length);
  const longer = Math.max(heard.length, expected.length);
  if (shorter <= 3) return false;
  const byLetters = shorter >= 8 ? 2 : shorter >= 5 ? 1 : 0;
  const bySound = Math.ceil(longer / 3);
  const distance = editDistance(heard, expected, Math.max(byLetters, bySound));
  if (distance <= byLetters) return true;
  if (distance > bySound) return false;
  const keys = doubleMetaphone(heard);
  return doubleMetaphone(expected).some((key) => key !== '' && keys.includes(key));
}

/** The class within which two Chinese syllables count as one sound in this mode. */
export function syllableClass(syllable: string, mode: SoundMode, ignoreTones: boolean): string {
  if (mode === 'near') return looseSyllable(syllable);
  return ignoreTones ? withoutTone(syllable) : syllable;
}
