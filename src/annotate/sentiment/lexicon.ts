import type { ModelLanguage } from './features.ts';
import { english } from './lexicon.en.ts';
import { chinese } from './lexicon.zh.ts';

/**
 * What a phrase means for the mood of a service conversation.
 * - `affect`: feeling or judgement, whoever says it ("great", "disappointed").
 * - `trouble`: something went wrong for the customer. Counts only when the customer says it: an agent who repeats
 *   "so your machine is broken" restates, and does not complain.
 * - `tone`: impatience, blame, refusal. Counts only when the agent says it.
 * - `formula`: set phrases of politeness ("I am sorry to hear that", 请问, 满意度). No mood at all; films and
 *   forums use their words differently, so the linear model does not get to read them.
 */
export type EntryKind = 'affect' | 'trouble' | 'tone' | 'formula';

export interface LexiconEntry {
  phrase: string;
  kind: EntryKind;
  /** −1…1; 0 for a formula. */
  valence: number;
}

/** Source form: per kind, lists of phrases by valence. `|` separates the phrases of one list. */
export interface LexiconSource {
  affect: readonly (readonly [number, string])[];
  trouble: readonly (readonly [number, string])[];
  tone: readonly (readonly [number, string])[];
  formula: string;
  /** Turn the valence of what follows. */
  negators: string;
  /** Strengthen or weaken what follows: factor and words. */
  degrees: readonly (readonly [number, string])[];
}

export interface Lexicon {
  language: ModelLanguage;
  /** By first token (English) or first character (Chinese), longest phrase first. */
  entries: ReadonlyMap<string, readonly (LexiconEntry & { units: readonly string[] })[]>;
  negators: readonly (readonly string[])[];
  degrees: readonly { units: readonly string[]; factor: number }[];
}

const split = (list: string) => list.split('|').map((phrase) => phrase.trim());

/** Units that phrases are matched in: words in English, characters in Chinese. */
export function units(phrase: string, language: ModelLanguage): string[] {
  return language === 'en' ? phrase.split(' ') : [...phrase];
}

function build(language: ModelLanguage, source: LexiconSource): Lexicon {
  const all: LexiconEntry[] = [
    ...(['affect', 'trouble', 'tone'] as const).flatMap((kind) =>
      source[kind].flatMap(([valence, list]) => split(list).map((phrase) => ({ phrase, kind, valence }))),
    ),
    ...split(source.formula).map((phrase) => ({ phrase, kind: 'formula' as const, valence: 0 })),
  ];
  const entries = new Map<string, (LexiconEntry & { units: string[] })[]>();
  for (const entry of all) {
    const parts = units(entry.phrase, language);
    const list = entries.get(parts[0]!) ?? [];
    list.push({ ...entry, units: parts });
    entries.set(parts[0]!, list);
  }
  for (const list of entries.values()) list.sort((a, b) => b.units.length - a.units.length);
  return {
    language,
    entries,
    negators: split(source.negators).map((phrase) => units(phrase, language)),
    degrees: source.degrees
      .flatMap(([factor, list]) => split(list).map((phrase) => ({ units: units(phrase, language), factor })))
      .sort((a, b) => b.units.length - a.units.length),
  };
}

/** The two sources as written: what the model's hash is taken over. */
export const lexiconSources = { en: english, zh: chinese };

const built: Partial<Record<ModelLanguage, Lexicon>> = {};

/** The service lexicon of a language, built on first use. */
export function lexicon(language: ModelLanguage): Lexicon {
  return (built[language] ??= build(language, lexiconSources[language]));
}
