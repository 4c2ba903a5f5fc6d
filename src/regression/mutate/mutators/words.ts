import type { Node, YAMLSeq } from 'yaml';
import type { Path } from '../edit.ts';
import { noClue } from '../figures.ts';
import { isScalar, isSeq } from '../source.ts';
import type { Walk } from '../site.ts';

/** Words that are dropped from a list, and words of phrases that are cut. */
export function mutateWords(walk: Walk, node: Node, path: Path): void {
  if (!isSeq(node)) return;
  const texts = node.items.map((item) => (isScalar(item) && typeof item.value === 'string' ? item.value : null));
  if (texts.some((text) => text === null)) return;
  const phrases = texts as string[];
  const indexes = [...phrases.keys()].filter((index) => !isRedundant(phrases, index));
  for (const index of walk.draw(indexes, path)) drop(walk, node, phrases[index]!, index, path);
  const long = indexes.filter((index) => shortened(phrases[index]!) !== null);
  for (const index of walk.draw(long, [...path, 'cut']).slice(0, 1)) {
    const short = shortened(phrases[index]!)!;
    if (phrases.some((other) => contains(short, other))) continue;
    const clue = { ...noClue, phrases: [short, phrases[index]!] };
    const edit = walk.source.set(node.items[index] as Node, [...path, index], short);
    walk.propose('words', edit, `"${phrases[index]!}" → "${short}"`, clue);
  }
}

function drop(walk: Walk, list: YAMLSeq, phrase: string, index: number, path: Path): void {
  walk.propose('words', walk.source.drop(list, index, [...path, index]), `drop "${phrase}"`, {
    ...noClue,
    phrases: [phrase],
  });
}

/** Nothing is lost with a phrase that holds another one of its list, or that stands there twice. */
function isRedundant(phrases: readonly string[], index: number): boolean {
  const own = phrases[index]!;
  return (
    !own.startsWith('$') && phrases.some((other, i) => i !== index && !other.startsWith('$') && contains(own, other))
  );
}

/** Whether words stand in others, whole words only where they are written with spaces. */
function contains(text: string, words: string): boolean {
  const plain = (given: string) =>
    ` ${given
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}*]+/gu, ' ')
      .trim()} `;
  if (/\p{Script=Han}/u.test(words)) return plain(text).replaceAll(' ', '').includes(plain(words).replaceAll(' ', ''));
  return plain(text).includes(plain(words));
}

/** The phrase without its last word (Chinese: last two characters); null where too little would be left to mean it. */
function shortened(phrase: string): string | null {
  if (phrase.startsWith('$') || phrase.includes('*')) return null;
  if (/^\p{Script=Han}+$/u.test(phrase)) return phrase.length >= 6 ? phrase.slice(0, -2) : null;
  const words = phrase.split(' ');
  return words.length >= 4 ? words.slice(0, -1).join(' ') : null;
}
