import { isSearchable } from '../../../text/index.ts';
import type { Path, Report } from '../problems.ts';
import { didYouMean } from '../suggest.ts';
import { tooLarge, tooLargeHint } from './file.ts';
import { lexiconLimits } from './limits.ts';
import { type PhraseList, type TellPhrase, tellPhrases } from './phraseList.ts';

/** A lexicon as written: its phrases with references, and those that are taken out again. */
export interface LexiconEntry {
  lists: readonly PhraseList[];
  /** Phrases to leave out, as written. */
  removed: PhraseList | null;
  /** Tells what is wrong with the lexicon as a whole. */
  tell: (code: 'lexicon-too-large', message: string, hint: string) => void;
}

/** The lexicons of a scorecard, read from their files, with `$name` references still to be followed. */
export class Lexicons {
  readonly #entries: ReadonlyMap<string, LexiconEntry>;
  readonly #resolved = new Map<string, readonly string[]>();
  #circles = 0;

  constructor(entries: ReadonlyMap<string, LexiconEntry>) {
    this.#entries = entries;
  }

  /** Every lexicon as written, by name. */
  get entries(): ReadonlyMap<string, LexiconEntry> {
    return this.#entries;
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Literals and `$name` references of a rule → phrases, each once, in order. Everything wrong is reported at `at`. */
  phrases(given: readonly string[], at: (index: number) => Path, report: Report): readonly string[] {
    const tell: TellPhrase = (index, ...rest) => report(at(index), ...rest);
    return this.#follow({ phrases: given, references: true, tell }, new Set(), []);
  }

  /** Adds a list's phrases to `found`, following its references. */
  #follow(list: Omit<PhraseList, 'originOf'>, found: Set<string>, trail: readonly string[]): readonly string[] {
    const mute: number[] = [];
    for (const [index, entry] of list.phrases.entries()) {
      if (entry === '') continue;
      if (list.references && entry.startsWith('$')) {
        const phrases = this.#resolve(entry.slice(1), list.tell, index, trail);
        // One lexicon alone is handed on as it is: rules that share it share one search.
        if (list.phrases.length === 1) return phrases;
        for (const phrase of phrases) found.add(phrase);
      } else if (plainlySearchable.test(entry) || isSearchable(entry)) found.add(entry);
      else mute.push(index);
    }
    tellPhrases(
      list.tell,
      mute,
      'bad-value',
      (index) => `"${list.phrases[index]!.slice(0, 40)}" holds no letter or digit to search for.`,
      'hold no letter or digit to search for',
      'Example: thank you for calling.',
    );
    return [...found];
  }

  #resolve(name: string, tell: TellPhrase, index: number, trail: readonly string[]): readonly string[] {
    const known = this.#resolved.get(name);
    if (known) return known;
    const entry = this.#entries.get(name);
    if (!entry) {
      const hint = didYouMean(name, this.names).replace(/"(.+)"\?/, '"$$$1"?');
      tell(index, 'unknown-lexicon', `There is no lexicon "${name}".`, hint);
      return [];
    }
    if (trail.includes(name)) {
      const circle = [...trail, name].map((one) => `$${one}`).join(' → ');
      // One is enough: a knot of many is not worth the time to walk.
      if (++this.#circles <= maxCircles)
        tell(index, 'circular-reference', `The lexicons ${circle} refer to one another in a circle.`, null);
      return [];
    }
    if (this.#circles > maxCircles) return [];
    const circles = this.#circles;
    const found = new Set<string>();
    for (const list of entry.lists)
      for (const phrase of this.#follow(list, new Set(), [...trail, name])) found.add(phrase);
    takeOut(entry.removed, found);
    if (found.size > lexiconLimits.phrases) {
      entry.tell('lexicon-too-large', tooLarge(found.size), tooLargeHint);
      found.clear();
    }
    const phrases = [...found];
    // Kept only where it is complete: inside a circle the answer depends on where one came in.
    if (trail.length === 0 || circles === this.#circles) this.#resolved.set(name, phrases);
    return phrases;
  }
}

const maxCircles = 50;
const plainlySearchable = /[A-Za-z0-9\p{Script=Han}]/u;

function takeOut(removed: PhraseList | null, found: Set<string>): void {
  if (!removed) return;
  const strange = removed.phrases.flatMap((phrase, index) => (phrase === '' || found.delete(phrase) ? [] : [index]));
  const some = [...found].slice(0, 2000);
  tellPhrases(
    removed.tell,
    strange,
    'bad-value',
    (index) => `"${removed.phrases[index]!.slice(0, 40)}" is not in this lexicon, so it cannot be taken out.`,
    'are not in this lexicon, so they cannot be taken out',
    strange.length > 0 ? didYouMean(removed.phrases[strange[0]!]!, some) : null,
  );
}
