import { type Token, tokenise } from './tokens.ts';
import { cosine, type Vector } from './vectors.ts';

/** Words that say little about what a sentence means; they count a fifth. */
const common = new Set(
  (
    'a an the is are am was were be been to of in on at it its and or but for with you your i me my we our us he she they ' +
    'this that there so do does did have has had can will would could may please just very 的 了 是 我 你 您 们 吗 呢 吧 啊 在 ' +
    '有 就 都 也 这 那 个 和 与 及 一 很 请'
  ).split(' '),
);

function add(vector: Vector, feature: string, weight: number): void {
  vector.set(feature, (vector.get(feature) ?? 0) + weight);
}

/** How much a token says, 0…1. */
export function tokenWeight(token: Token): number {
  return common.has(token.key) ? 0.2 : 1;
}

/**
 * Features of a text: words, letter trigrams of words (inflection and misspelling), Chinese characters and pairs of
 * neighbouring ones (words without needing a dictionary), numbers by value.
 */
function vectorise(text: string): Vector {
  const vector: Vector = new Map();
  const tokens = tokenise(text);
  for (const [i, token] of tokens.entries()) {
    const weight = tokenWeight(token);
    if (token.kind === 'character') {
      add(vector, token.key, 0.5 * weight);
      const next = tokens[i + 1];
      if (next?.kind === 'character' && next.start === token.end)
        add(vector, token.key + next.key, (weight + tokenWeight(next)) / 2);
      continue;
    }
    add(vector, token.key, weight);
    if (token.kind !== 'word' || token.key.length < 4) continue;
    const padded = `^${token.key}$`;
    const grams = padded.length - 2;
    for (let at = 0; at < grams; at++) add(vector, `~${padded.slice(at, at + 3)}`, (0.7 * weight) / Math.sqrt(grams));
  }
  return vector;
}

/**
 * Lexical similarity of two texts, 0 (nothing in common) … 1 (the same words): cosine over words, letter trigrams
 * and Chinese character pairs after folding. Order of words does not count; a paraphrase in other words scores low.
 */
export function similarity(a: string, b: string): number {
  return cosine(vectorise(a), vectorise(b));
}
