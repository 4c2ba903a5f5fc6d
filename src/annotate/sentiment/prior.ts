import type { Speaker } from '../../session/index.ts';
import type { ModelLanguage } from './features.ts';
import { lexicon, type Lexicon } from './lexicon.ts';
import type { LexiconEntry } from './lexicon-types.ts';

/** What the service lexicon says about one turn. */
export interface Prior {
  /** Sums of the positive and of the negative valences, each capped. */
  positive: number;
  negative: number;
  hits: { phrase: string; valence: number }[];
  /** The normalised text without what the lexicon matched: what is left to the linear model, so that no word counts twice. */
  remaining: string;
}

/** A turn that says "terrible" six times is not six times as bad. */
const cap = 1.4;
/** How far before a phrase a negator or a degree word still belongs to it: words, or Han characters. */
const reach = { en: 3, zh: 3 };
const clause = /[^.,;:!?。，；：、…\n]+[.,;:!?。，；：、…\n]*/gu;
const unitPattern = { en: /[\p{L}\p{N}]+(?:'\p{L}+)*/gu, zh: /\p{Script=Han}|[a-z0-9]+/gu };
const conditional = {
  en: /^\s*(?:and |but |or )?(?:if|in case|should it|what happens if|what if)\b/u,
  zh: /^\s*(?:如果|要是|万一|假如|假设|若)/u,
};
const question = { en: /\?/u, zh: /\?|吗\s*[。！!]?$/u };

interface Match {
  entry: LexiconEntry;
  start: number;
  end: number;
}

/**
 * Finds the lexicon's phrases in a normalised text, leftmost longest, clause by clause.
 * - A negator within three units before turns a positive phrase to −0.75 of its valence and a negative one to +0.25;
 *   a negator that belongs to another phrase ("no problem") or degree ("never been so") does not count.
 * - Degree words within three units before multiply the valence (result stays within ±1).
 * - Praise inside a question and trouble inside a condition ("if it is broken, can I …") count 0.4.
 */
export function prior(text: string, language: ModelLanguage, speaker: Speaker): Prior {
  const words = lexicon(language);
  const result: Prior = { positive: 0, negative: 0, hits: [], remaining: '' };
  for (const [part] of text.matchAll(clause)) {
    const found = [...part.matchAll(unitPattern[language])];
    const units = found.map(([unit]) => unit);
    const matches = findMatches(units, words, speaker);
    const taken = new Set(matches.flatMap(({ start, end }) => range(start, end)));
    for (const match of matches) {
      if (match.entry.kind === 'formula') continue;
      const valence = inContext(match, units, taken, words, part);
      result.hits.push({ phrase: match.entry.phrase, valence });
      if (valence > 0) result.positive += valence;
      else result.negative -= valence;
    }
    result.remaining += withoutMatches(part, found, matches);
  }
  result.positive = Math.min(cap, result.positive);
  result.negative = Math.min(cap, result.negative);
  return result;
}

const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

function findMatches(units: readonly string[], words: Lexicon, speaker: Speaker): Match[] {
  const matches: Match[] = [];
  for (let at = 0; at < units.length;) {
    const entry = words.entries
      .get(units[at]!)
      ?.find((candidate) => counts(candidate, speaker) && startsWith(units, at, candidate.units));
    if (entry) matches.push({ entry, start: at, end: at + entry.units.length });
    at += entry ? entry.units.length : 1;
  }
  return matches;
}

function counts(entry: LexiconEntry, speaker: Speaker): boolean {
  if (entry.kind === 'trouble') return speaker !== 'agent';
  return entry.kind !== 'tone' || speaker === 'agent';
}

function startsWith(units: readonly string[], at: number, phrase: readonly string[]): boolean {
  return phrase.every((unit, i) => units[at + i] === unit);
}

function inContext(
  { entry, start }: Match,
  units: readonly string[],
  taken: ReadonlySet<number>,
  words: Lexicon,
  part: string,
): number {
  const from = Math.max(0, start - reach[words.language]);
  const used = new Set<number>(taken);
  let factor = 1;
  const degreesFrom = Math.max(0, from - 2);
  for (const degree of words.degrees) {
    for (let at = degreesFrom; at + degree.units.length <= start; at++) {
      const positions = range(at, at + degree.units.length);
      if (!startsWith(units, at, degree.units) || positions.some((position) => used.has(position))) continue;
      factor *= degree.factor;
      for (const position of positions) used.add(position);
    }
  }
  const negated = words.negators.some((negator) =>
    range(from, start).some(
      (at) =>
        at + negator.length <= start &&
        startsWith(units, at, negator) &&
        !range(at, at + negator.length).some((position) => used.has(position)),
    ),
  );
  let valence = entry.valence * Math.min(1.6, factor);
  if (negated) valence *= valence > 0 ? -0.75 : -0.25;
  if (valence > 0 && question[words.language].test(part)) valence *= 0.4;
  if (entry.kind === 'trouble' && valence < 0 && conditional[words.language].test(part)) valence *= 0.4;
  return Math.max(-1, Math.min(1, valence));
}

/** The clause with the characters of the matches replaced by blanks. */
function withoutMatches(part: string, found: readonly RegExpExecArray[], matches: readonly Match[]): string {
  let out = '';
  let at = 0;
  for (const { start, end } of matches) {
    out += `${part.slice(at, found[start]!.index)} `;
    const last = found[end - 1]!;
    at = last.index + last[0].length;
  }
  return out + part.slice(at);
}
