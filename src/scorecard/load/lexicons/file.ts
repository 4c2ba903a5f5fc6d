import { dirname, resolve } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { partOf, readNamed, type ScorecardPart } from '../compose/compose.ts';
import { elementsOf, childOf, isGroup, tellAt, writtenIn, type Written } from '../compose/written.ts';
import { isWordList, type SourceFiles, UnusableFile } from '../files.ts';
import type { Path, ScorecardProblem } from '../problems.ts';
import type { Source } from '../source.ts';
import { didYouMean } from '../suggest.ts';
import { lexiconLimits } from './limits.ts';
import { placesIn, readPhrases, type PhraseList } from './phraseList.ts';

/** A lexicon file with everything that it includes. */
export interface LexiconFile {
  lists: readonly PhraseList[];
  /** The file and those it includes, with their content for the hash. */
  read: readonly { part: ScorecardPart; content: unknown }[];
  version: string | number | null;
}

const fileKeys = ['$schema', 'id', 'version', 'include', 'phrases'];

/** Reads lexicon files; each is read once for a scorecard, however many lexicons name or include it. */
export class LexiconFiles {
  readonly #files: SourceFiles;
  readonly #problems: ScorecardProblem[];
  readonly #known = new Map<string, LexiconFile | null>();

  constructor(files: SourceFiles, problems: ScorecardProblem[]) {
    this.#files = files;
    this.#problems = problems;
  }

  /** The file that is named at a place; null after a problem. */
  async open(named: Written, trail: readonly string[] = []): Promise<LexiconFile | null> {
    const asWritten = String(named.value);
    const path = resolve(dirname(named.origin.source.file), asWritten);
    if (trail.includes(path)) {
      const circle = [...trail.slice(trail.indexOf(path)), path].map((one) => one.split(/[\\/]/).at(-1));
      tellAt(
        named,
        [],
        'circular-reference',
        `The lexicon files ${circle.join(' → ')} include one another in a circle.`,
      );
      return null;
    }
    if (trail.length >= lexiconLimits.depth) {
      tellAt(named, [], 'yaml-unsafe', `More than ${lexiconLimits.depth} lexicon files inside one another.`, null);
      return null;
    }
    if (this.#known.has(path)) return this.#known.get(path)!;
    const file = isWordList(path)
      ? await this.#wordList(path, asWritten, named)
      : await this.#yaml(path, asWritten, named, [...trail, path]);
    this.#known.set(path, file);
    return file;
  }

  async #yaml(path: string, asWritten: string, named: Written, trail: readonly string[]): Promise<LexiconFile | null> {
    const source = await readNamed(path, asWritten, named, this.#files, this.#problems);
    if (!source) return null;
    const own = writtenIn(source);
    const grouped = isGroup(source.value);
    for (const key of grouped ? Object.keys(source.value as object) : [])
      if (!fileKeys.includes(key))
        tellAt(own, [key], 'unknown-key', `Unknown key "${key}".`, didYouMean(key, fileKeys));
    const included: LexiconFile[] = [];
    for (const one of elementsOf(childOf(own, 'include'))) {
      if (typeof one.value === 'string') {
        const file = await this.open(one, trail);
        if (file) included.push(file);
      } else
        tellAt(one, [], 'wrong-type', 'The path of a lexicon file is expected here.', 'Example: include: [a.yaml].');
    }
    const list = grouped
      ? readPhrases((source.value as Record<string, unknown>).phrases, placesIn(source, ['phrases']), true)
      : readPhrases(source.value, placesIn(source, []), true);
    this.#checkShape(source, own, list);
    return {
      lists: [...included.flatMap((one) => one.lists), ...(list ? [list] : [])],
      read: [
        { part: partOf('lexicon', source, this.#files), content: source.value },
        ...included.flatMap((one) => one.read),
      ],
      version: partOf('lexicon', source, this.#files).version,
    };
  }

  #checkShape(source: Source, own: Written, list: PhraseList | null): void {
    const include = childOf(own, 'include');
    if (include && !Array.isArray(include.value))
      tellAt(include, [], 'wrong-type', '"include" is a list of files.', 'Example: include: [common.en.yaml].');
    if (list && (list.phrases.length > 0 || include)) return;
    const phrases = childOf(own, 'phrases');
    if (phrases && !list)
      tellAt(phrases, [], 'wrong-type', '"phrases" is a list of texts.', 'Write one phrase per line, each after "- ".');
    else if (include) return;
    else if (list || source.value === null || isGroup(source.value))
      source.report(
        [],
        'empty-lexicon',
        'The lexicon file holds no phrase.',
        'Write one phrase per line, each after "- ".',
      );
    else
      source.report(
        [],
        'wrong-type',
        'A lexicon file is a list of phrases, or phrases with an id and a version.',
        'Write one phrase per line, each after "- ".',
      );
  }

  async #wordList(path: string, asWritten: string, named: Written): Promise<LexiconFile | null> {
    let text: string;
    try {
      text = await this.#files.text(path);
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      tellAt(named, [], error.code, `"${asWritten}" cannot be used: ${error.message}`, error.hint);
      return null;
    }
    const words = path.toLowerCase().endsWith('.csv') ? csvWords(text) : plainWords(text);
    if (words.length > lexiconLimits.phrases) {
      tellAt(named, [], 'lexicon-too-large', tooLarge(words.length), tooLargeHint);
      return null;
    }
    const lineOf = (at: Path) => words[Number(at[0] ?? 0)]?.line ?? 1;
    const source: Source = {
      file: path,
      value: words.map((word) => word.text),
      placeOf: (at) => ({ line: lineOf(at), column: 1 }),
      report: (at, code, message, hint = null) =>
        this.#problems.push({ file: path, line: lineOf(at), column: 1, code, message, hint }),
    };
    if (words.length === 0) source.report([], 'empty-lexicon', 'The word list is empty.', 'Write one phrase per line.');
    const list = readPhrases(source.value, placesIn(source, []), false)!;
    const part = partOf('lexicon', source, this.#files);
    return { lists: [list], read: [{ part, content: source.value }], version: null };
  }
}

export const tooLarge = (count: number) =>
  `The lexicon is too large: ${count} phrases, and at most ${lexiconLimits.phrases} are allowed.`;
export const tooLargeHint = 'Leave out what nobody says, or find whole families of words by a regex.';

interface Word {
  text: string;
  line: number;
}

/** One phrase a line; empty lines and lines that start with # are passed over. */
function plainWords(text: string): Word[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ text: line.trim(), line: index + 1 }))
    .filter((word) => word.text !== '' && !word.text.startsWith('#'));
}

/** The first column of a table; a first row that says “phrase” (or 短语, 词语, 话术) is its heading. */
function csvWords(text: string): Word[] {
  const rows = parseCsv(text, { relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true });
  const words = (rows as unknown as { record: string[]; info: { lines: number } }[])
    .map(({ record, info }) => ({ text: record[0]?.trim() ?? '', line: info.lines }))
    .filter((word) => word.text !== '' && !word.text.startsWith('#'));
  return /^(phrases?|words?|短语|词语|话术)$/i.test(words[0]?.text ?? '') ? words.slice(1) : words;
}
