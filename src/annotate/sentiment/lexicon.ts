import type { ModelLanguage } from './features.ts';
import { english } from './lexicon.en.ts';
import { chinese } from './lexicon.zh.ts';
import type { LexiconEntry, LexiconSource } from './lexicon-types.ts';

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
