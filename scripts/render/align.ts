import type { Span } from '../../src/session/index.ts';

/** One phone as the synthesiser spoke it; `pau` is silence. */
export interface Phone extends Span {
  phone: string;
}

/** `th:0.242 ae:0.389 …` (name and end time in seconds) → phones with start and end in ms. */
export function parsePhones(printed: string): Phone[] {
  let startMs = 0;
  return printed
    .trim()
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => {
      const colon = part.lastIndexOf(':');
      const endMs = Math.round(Number(part.slice(colon + 1)) * 1000);
      if (colon < 0 || !Number.isFinite(endMs)) throw new Error(`no phone with an end time: "${part}"`);
      const phone = { phone: part.slice(0, colon), startMs, endMs };
      startMs = endMs;
      return phone;
    });
}

/**
 * Finds which of the spoken phones belong to which word, given how each word sounds alone. The two sequences differ
 * in a few reduced vowels only, so a minimal edit (substitution 1, insertion or deletion 1.1) puts every word
 * boundary on a phone boundary that the synthesiser itself stated. `pau` is left out.
 */
export function alignWords(sounds: readonly (readonly string[])[], spoken: readonly Phone[]): Span[] {
  const said = spoken.filter(({ phone }) => phone !== 'pau');
  const wanted = sounds.flatMap((phones, word) => phones.map((phone) => ({ phone, word })));
  const rows = wanted.length + 1;
  const columns = said.length + 1;
  const cost = new Float64Array(rows * columns);
  const at = (row: number, column: number) => cost[row * columns + column]!;
  const step = (row: number, column: number) => (wanted[row - 1]!.phone === said[column - 1]!.phone ? 0 : 1);
  const skip = 1.1;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (row === 0 || column === 0) cost[row * columns + column] = (row + column) * skip;
      else
        cost[row * columns + column] = Math.min(
          at(row - 1, column - 1) + step(row, column),
          at(row - 1, column) + skip,
          at(row, column - 1) + skip,
        );
    }
  const owners = new Array<number>(said.length);
  let row = rows - 1;
  let column = columns - 1;
  while (column > 0) {
    if (row > 0 && at(row, column) === at(row - 1, column - 1) + step(row, column))
      owners[--column] = wanted[--row]!.word;
    else if (row > 0 && at(row, column) === at(row - 1, column) + skip) row--;
    else owners[--column] = wanted[Math.max(0, row - 1)]!.word;
  }
  return sounds.map((_, word) => {
    const first = owners.indexOf(word);
    if (first < 0) throw new Error(`no phone was spoken for word ${word + 1} of ${sounds.length}`);
    return { startMs: said[first]!.startMs, endMs: said[owners.lastIndexOf(word)]!.endMs };
  });
}

/** The words of an English line, punctuation stripped, as a recogniser would write them. */
export function englishWords(text: string): string[] {
  return text
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter((word) => word !== '');
}
