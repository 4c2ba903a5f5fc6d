import { resolve, dirname } from 'node:path';
import { isSearchable } from '../../text/index.ts';
import type { Path, Report, ScorecardProblem } from './problems.ts';
import { lexiconFileSchema, type RawScorecard } from './schema.ts';
import { readSource } from './source.ts';
import { didYouMean } from './suggest.ts';
import { reportIssues } from './zodProblems.ts';

type RawLexicon = NonNullable<RawScorecard['lexicons']>[string];
interface Entry {
  phrases: readonly string[];
  report: Report;
  at: (index: number) => Path;
}

/** The lexicons of a scorecard, read from their files, with `$name` references still to be followed. */
export class Lexicons {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #resolved = new Map<string, readonly string[]>();

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.#entries = entries;
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Literals and `$name` references → phrases, each once, in order. Everything wrong is reported at `at`. */
  phrases(
    given: readonly string[],
    at: (index: number) => Path,
    report: Report,
    trail: readonly string[] = [],
  ): string[] {
    const found = new Set<string>();
    for (const [index, entry] of given.entries()) {
      if (!entry.startsWith('$')) {
        if (isSearchable(entry)) found.add(entry);
        else
          report(
            at(index),
            'bad-value',
            `"${entry.slice(0, 40)}" holds no letter or digit to search for.`,
            'Example: thank you for calling.',
          );
        continue;
      }
      const name = entry.slice(1);
      for (const phrase of this.#resolve(name, at(index), report, trail)) found.add(phrase);
    }
    return [...found];
  }

  #resolve(name: string, at: Path, report: Report, trail: readonly string[]): readonly string[] {
    const known = this.#resolved.get(name);
    if (known) return known;
    const entry = this.#entries.get(name);
    if (!entry) {
      report(
        at,
        'unknown-lexicon',
        `There is no lexicon "${name}".`,
        didYouMean(name, this.names).replace(/"(.+)"\?/, '"$$$1"?'),
      );
      return [];
    }
    if (trail.includes(name)) {
      report(
        at,
        'circular-reference',
        `The lexicons ${[...trail, name].map((one) => `$${one}`).join(' → ')} refer to one another in a circle.`,
      );
      return [];
    }
    const phrases = this.phrases(entry.phrases, entry.at, entry.report, [...trail, name]);
    // Kept only where it is complete: inside a circle the answer depends on where one came in.
    if (trail.length === 0) this.#resolved.set(name, phrases);
    return phrases;
  }
}

/** Reads every lexicon of a scorecard. `files` collects what was read, for the content hash. */
export async function readLexicons(
  raw: RawScorecard['lexicons'],
  file: string,
  report: Report,
  problems: ScorecardProblem[],
  files: Map<string, unknown>,
): Promise<Lexicons> {
  const entries = new Map<string, Entry>();
  for (const [name, given] of Object.entries(raw ?? {})) {
    const entry = await readOne(name, given, file, report, problems, files);
    entries.set(name, entry);
    if (entry.phrases.length === 0 && !('file' in given))
      report(
        ['lexicons', name],
        'empty-lexicon',
        `The lexicon "${name}" holds no phrase.`,
        `Example: ${name}: [thank you for calling].`,
      );
  }
  return new Lexicons(entries);
}

async function readOne(
  name: string,
  given: RawLexicon,
  file: string,
  report: Report,
  problems: ScorecardProblem[],
  files: Map<string, unknown>,
): Promise<Entry> {
  if (Array.isArray(given)) return { phrases: given, report, at: (index) => ['lexicons', name, index] };
  if ('phrases' in given)
    return { phrases: given.phrases, report, at: (index) => ['lexicons', name, 'phrases', index] };
  const path = resolve(dirname(file), given.file);
  const none: Entry = { phrases: [], report, at: () => ['lexicons', name, 'file'] };
  const source = await readSource(path, problems);
  // A file that cannot be read is a mistake of the line that names it.
  const last = problems.at(-1);
  if (!source && last?.file === path && last.code === 'file-unreadable') {
    problems.pop();
    report(
      ['lexicons', name, 'file'],
      'file-unreadable',
      `The lexicon file "${given.file}" cannot be read: ${last.message}`,
      last.hint,
    );
  }
  if (!source) return none;
  files.set(given.file, source.value);
  const parsed = lexiconFileSchema.safeParse(source.value, { reportInput: true });
  if (!parsed.success) {
    if (source.value === null)
      source.report(
        [],
        'empty-lexicon',
        'The lexicon file holds no phrase.',
        'Write one phrase per line, each after "- ".',
      );
    else reportIssues(parsed.error.issues, [], source.report, () => ['id', 'version', 'phrases']);
    return none;
  }
  const phrases = Array.isArray(parsed.data) ? parsed.data : parsed.data.phrases;
  if (phrases.length === 0)
    source.report(
      [],
      'empty-lexicon',
      'The lexicon file holds no phrase.',
      'Write one phrase per line, each after "- ".',
    );
  return {
    phrases,
    report: source.report,
    at: Array.isArray(parsed.data) ? (index) => [index] : (index) => ['phrases', index],
  };
}
