import type { Origin } from '../compose/written.ts';
import type { Path, ScorecardProblemCode } from '../problems.ts';
import type { Source } from '../source.ts';
import { lexiconLimits } from './limits.ts';

/** Tells a problem at one phrase of a list. */
export type TellPhrase = (index: number, ...rest: TellRest) => void;
export type TellRest = [code: ScorecardProblemCode, message: string, hint: string | null];

/** Where the phrases of a list stand. */
export interface PhrasePlaces {
  tell: TellPhrase;
  originOf: (index: number) => Origin;
}

/** Phrases from one place. A phrase that cannot be used is empty, so that positions stay. */
export interface PhraseList {
  phrases: readonly string[];
  /** `$name` takes in another lexicon; in a plain word list it is a phrase like any other. */
  references: boolean;
  tell: TellPhrase;
  originOf: (index: number) => Origin;
}

const shownOneByOne = 3;

/**
 * Tells the same fault of many phrases: a few one by one, more of them once, with their number, at the first. `many`
 * says what is wrong with all of them, as in “hold no letter”.
 */
export function tellPhrases(
  tell: TellPhrase,
  at: readonly number[],
  code: ScorecardProblemCode,
  one: (index: number) => string,
  many: string,
  hint: string | null,
): void {
  if (at.length <= shownOneByOne) for (const index of at) tell(index, code, one(index), hint);
  else tell(at[0]!, code, `${at.length} phrases ${many}; this is the first of them.`, hint);
}

/** Reads a list of phrases; null for what is no list. */
export function readPhrases(given: unknown, places: PhrasePlaces, references: boolean): PhraseList | null {
  const { tell } = places;
  if (!Array.isArray(given)) return null;
  const list: unknown[] = given;
  const wrong: number[] = [];
  const long: number[] = [];
  const phrases = list.map((one, index) => {
    if (typeof one === 'string' && one !== '' && one.length <= lexiconLimits.characters) return one;
    (typeof one === 'string' && one !== '' ? long : wrong).push(index);
    return '';
  });
  tellPhrases(
    tell,
    wrong,
    'wrong-type',
    (index) => `A phrase is a text, and this is ${kindOf(list[index])}.`,
    'are no texts',
    'Put numbers, true, false, yes and no in quotes. Example: ["400", thank you for calling].',
  );
  tellPhrases(
    tell,
    long,
    'bad-value',
    (index) =>
      `The phrase has ${String(list[index]).length} characters; at most ${lexiconLimits.characters} are allowed.`,
    `have more than ${lexiconLimits.characters} characters`,
    'A phrase is what somebody says in one breath; use a regex for more.',
  );
  return { phrases, references, ...places };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of keys';
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** The places of phrases in a list under `base` of a file. */
export function placesIn(source: Source, base: Path): PhrasePlaces {
  return {
    tell: (index, ...rest) => source.report([...base, index], ...rest),
    originOf: (index) => ({ source, path: [...base, index] }),
  };
}
