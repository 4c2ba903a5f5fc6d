import { foldText } from '../../text/index.ts';

/**
 * Text → hashed n-gram features, the same for training and for use. Nothing here depends on the ICU data of the
 * Node at hand (no Intl.Segmenter), so that a score is the same on every machine. `featureVersion` is pinned in the
 * model: a change below asks for a new training run.
 */
export const featureVersion = 1;

export type ModelLanguage = 'en' | 'zh';

/** Longest turn that is looked at, in UTF-16 units: a pasted log says nothing more about the mood, and costs time. */
const maxCharacters = 4_000;

const han = /\p{Script=Han}/u;
const english = /[\p{L}\p{N}]+(?:'\p{L}+)*|[!?]/gu;
const chinese = /\p{Script=Han}+|[a-z0-9]+|[!?]/gu;
const negators = new Set(['not', 'no', 'never', 'without', 'hardly', 'cannot', 'nothing', 'nobody', 'neither', 'nor']);

/** The language whose model can read this text, or null: a session in French is not guessed at. */
export function modelLanguage(text: string, sessionLanguage: string): ModelLanguage | null {
  if (!['en', 'zh', 'yue'].includes(sessionLanguage)) return null;
  return han.test(text) ? 'zh' : 'en';
}

/**
 * Folded text (NFKC, lower case, simplified characters, one apostrophe, nothing invisible) without web addresses and
 * [PLACEHOLDERS], digits as 0, letters repeated for stress cut to two.
 */
export function normalise(text: string): string {
  return foldText(text.slice(0, maxCharacters))
    .replaceAll(/https?:\/\/[^\s]+/gu, ' ')
    .replaceAll(/\[[a-z]+\]/gu, ' ')
    .replaceAll(/\p{Nd}+/gu, '0')
    .replaceAll(/(\p{L})\1{2,}/gu, '$1$1')
    .replaceAll(/[!！]+/gu, '!')
    .replaceAll(/[?？]+/gu, '?')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** Tokens of a normalised text: words, runs of Han characters, and the marks ! and ?. */
export function tokens(text: string, language: ModelLanguage): string[] {
  return text.match(language === 'en' ? english : chinese) ?? [];
}

/** FNV-1a over UTF-16 units, folded to `bits` bits. */
function bucket(feature: string, bits: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < feature.length; i++) {
    hash ^= feature.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return (hash >>> 0) & ((1 << bits) - 1);
}

function englishFeatures(words: readonly string[]): string[] {
  const out: string[] = [];
  let negated = 0;
  for (const [i, word] of words.entries()) {
    out.push(`w ${word}`);
    if (negated > 0) out.push(`n ${word}`);
    negated = negators.has(word) || word.endsWith("n't") ? 3 : Math.max(0, negated - 1);
    const next = words[i + 1];
    if (next !== undefined) out.push(`b ${word} ${next}`);
    const padded = `<${word}>`;
    for (let size = 3; size <= 5; size++)
      for (let at = 0; at + size <= padded.length; at++) out.push(`c ${padded.slice(at, at + size)}`);
  }
  return out;
}

function chineseFeatures(runs: readonly string[]): string[] {
  const out: string[] = [];
  for (const run of runs) {
    const characters = [...run];
    if (!han.test(run)) {
      out.push(`w ${run}`);
      continue;
    }
    for (let size = 1; size <= 4; size++)
      for (let at = 0; at + size <= characters.length; at++) out.push(`g ${characters.slice(at, at + size).join('')}`);
  }
  return out;
}

/** Distinct bucket numbers of a normalised text, each below 2^bits. */
export function features(text: string, language: ModelLanguage, bits: number): Uint32Array {
  const units = tokens(text, language);
  const named = language === 'en' ? englishFeatures(units) : chineseFeatures(units);
  return Uint32Array.from(new Set(named.map((feature) => bucket(feature, bits))));
}

/** How much there is to read: words in English, characters in Chinese (two of them weigh like one word). */
export function length(text: string, language: ModelLanguage): number {
  const units = tokens(text, language).filter((unit) => unit !== '!' && unit !== '?');
  if (language === 'en') return units.length;
  return units.reduce((sum, unit) => sum + (han.test(unit) ? [...unit].length / 2 : 1), 0);
}
