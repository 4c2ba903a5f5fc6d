import { dirname, relative, resolve } from 'node:path';
import type { SourceFiles } from '../files.ts';
import type { ScorecardProblem } from '../problems.ts';
import { libraryFileSchema, shapeOfLibrary } from '../schema.ts';
import { readSource, type Source } from '../source.ts';
import { reportIssues } from '../zodProblems.ts';
import { layerKeys, overlayNames } from './layers.ts';
import { overlaySections } from './sections.ts';
import {
  childOf,
  Composition,
  elementsOf,
  entriesOf,
  groupOf,
  isGroup,
  tellAt,
  writtenIn,
  type Written,
} from './written.ts';

/** The one version of the language that there is. */
const languageVersion = 1;
const limits = { chain: 10, libraries: 50 };

/** Another file that a scorecard rests on. */
export interface ScorecardPart {
  kind: 'extends' | 'use' | 'lexicon' | 'knowledge';
  /** Absolute path. */
  file: string;
  /** As the file states them; null where it does not. */
  id: string | null;
  version: string | number | null;
  /** SHA-256 of the file's text. */
  sha256: string;
}

/** A scorecard put together from the files that it names, with what its content hash and its pins are made of. */
export interface Composed {
  composition: Composition;
  parts: ScorecardPart[];
  /** Content of the other files, by their path relative to the scorecard. */
  contents: Map<string, unknown>;
}

/**
 * Puts a scorecard together: its own keys over those of what it `extends`, and its own names over those of the files
 * that it `use`s. Null after a problem that leaves nothing to go on with.
 */
export async function compose(
  source: Source,
  files: SourceFiles,
  problems: ScorecardProblem[],
): Promise<Composed | null> {
  const composer = new Composer(source, files, problems);
  const root = await composer.scorecard(writtenIn(source), [source.file]);
  return root && { composition: new Composition(root), parts: composer.parts, contents: composer.contents };
}

/** The path under which a file's content enters the hash: the same wherever the scorecard and its files lie. */
export function hashKey(scorecard: string, file: string): string {
  return relative(dirname(resolve(scorecard)), resolve(file)).replaceAll('\\', '/');
}

class Composer {
  readonly parts: ScorecardPart[] = [];
  readonly contents = new Map<string, unknown>();
  readonly #own: Source;
  readonly #files: SourceFiles;
  readonly #problems: ScorecardProblem[];
  #libraries = 0;

  constructor(own: Source, files: SourceFiles, problems: ScorecardProblem[]) {
    this.#own = own;
    this.#files = files;
    this.#problems = problems;
  }

  /** A scorecard with what it extends and uses beneath it. `trail`: the files that led here. */
  async scorecard(own: Written, trail: readonly string[]): Promise<Written | null> {
    if (!this.#isKnownVersion(own)) return null;
    if (!isGroup(own.value)) return own;
    const parent = await this.#parent(own, trail);
    if (parent === null) return null;
    const names = await this.#libraryNames(own, trail);
    const parts = new Map([...(parent ? inherited(parent) : []), ...entriesOf(own)]);
    for (const key of layerKeys) {
      const below = overlayNames(key, parent && childOf(parent, key), names.get(key));
      const all = overlayNames(key, below, childOf(own, key));
      if (all) parts.set(key, all);
    }
    const [lower, upper] = [parent && childOf(parent, 'sections'), childOf(own, 'sections')];
    if (lower && upper && Array.isArray(lower.value) && Array.isArray(upper.value))
      parts.set('sections', overlaySections(lower, upper));
    return groupOf(parts, own.origin);
  }

  #isKnownVersion(own: Written): boolean {
    const version = childOf(own, 'earwitness');
    if (version === undefined || version.value === languageVersion) return true;
    tellAt(
      own,
      ['earwitness'],
      'unknown-version',
      `This file is written in version ${show(version.value)} of the language; this program knows version ${languageVersion}.`,
      `Write earwitness: ${languageVersion}, or update the program.`,
    );
    return false;
  }

  /** The scorecard that is extended, undefined where none is named, null after a problem. */
  async #parent(own: Written, trail: readonly string[]): Promise<Written | null | undefined> {
    const named = childOf(own, 'extends');
    const given = readReference(named);
    if (!named || !given) return undefined;
    const source = await this.#open(given.file, named, trail, 'extends');
    if (!source) return null;
    const parent = await this.scorecard(writtenIn(source), [...trail, source.file]);
    if (!parent) return null;
    const { id, version } = isGroup(source.value) ? source.value : {};
    if (typeof id !== 'string' || typeof version !== 'number') {
      source.report(
        [typeof id === 'string' ? 'version' : 'id'],
        'missing-key',
        'A scorecard that is extended needs an id and a version of its own.',
        'Example: id: base-en, version: 1.',
      );
      return null;
    }
    if (given.version !== undefined && given.version !== version)
      tellAt(
        named,
        ['version'],
        'version-mismatch',
        `"${id}" is at version ${version}, and version ${show(given.version)} is asked for.`,
        'Look at what has changed, then raise the version here and your own.',
      );
    this.#pin('extends', source);
    return parent;
  }

  /** The names of all files under `use`, each read once; two files may not give the same name. */
  async #libraryNames(own: Written, trail: readonly string[]): Promise<Map<string, Written>> {
    const names = new Map<string, Written>();
    const owners = new Map<string, string>();
    const seen = new Set<string>();
    const add = async (from: Written, path: readonly string[]): Promise<void> => {
      for (const named of elementsOf(childOf(from, 'use'))) {
        if (typeof named.value !== 'string') continue;
        const source = await this.#open(named.value, named, path, 'use');
        if (!source || seen.has(source.file)) continue;
        seen.add(source.file);
        if (++this.#libraries > limits.libraries) {
          if (this.#libraries === limits.libraries + 1)
            tellAt(named, [], 'file-too-large', `More than ${limits.libraries} files are used.`, 'Join some of them.');
          return;
        }
        this.#pin('use', source);
        const library = writtenIn(source);
        if (!this.#isKnownVersion(library)) continue;
        const shape = libraryFileSchema.safeParse(source.value, { reportInput: true });
        if (!shape.success) reportIssues(shape.error.issues, [], source.report, shapeOfLibrary);
        await add(library, [...path, source.file]);
        for (const kind of layerKeys) {
          for (const [name] of entriesOf(childOf(library, kind))) {
            const owner = owners.get(`${kind} ${name}`);
            if (owner !== undefined && owner !== source.file)
              tellAt(
                childOf(library, kind)!,
                [name],
                'duplicate-id',
                `"${name}" is among the ${kind} of ${owner} too, and both files are used.`,
                'Rename one of the two.',
              );
            owners.set(`${kind} ${name}`, source.file);
          }
          const all = overlayNames(kind, names.get(kind), childOf(library, kind));
          if (all) names.set(kind, all);
        }
      }
    };
    await add(own, trail);
    return names;
  }

  /** Opens a file that another one names; what is wrong with the file itself is told where it is named. */
  async #open(file: string, named: Written, trail: readonly string[], how: 'extends' | 'use'): Promise<Source | null> {
    const path = resolve(dirname(named.origin.source.file), file);
    if (trail.some((one) => resolve(one) === path)) {
      const circle = [...trail.slice(trail.findIndex((one) => resolve(one) === path)), path];
      tellAt(
        named,
        [],
        'circular-reference',
        `The files ${circle.map((one) => hashKey(this.#own.file, one)).join(' → ')} ${how === 'use' ? 'use' : 'extend'} one another in a circle.`,
      );
      return null;
    }
    if (trail.length > limits.chain) {
      tellAt(
        named,
        [],
        'yaml-unsafe',
        `More than ${limits.chain} files stand on one another here.`,
        'Put some of them together.',
      );
      return null;
    }
    return readNamed(path, file, named, this.#files, this.#problems);
  }

  #pin(kind: 'extends' | 'use', source: Source): void {
    const key = hashKey(this.#own.file, source.file);
    if (this.contents.has(key)) return;
    this.contents.set(key, source.value);
    this.parts.push(partOf(kind, source, this.#files));
  }
}

/** A part's pin from what its file states about itself. */
export function partOf(kind: ScorecardPart['kind'], source: Source, files: SourceFiles): ScorecardPart {
  const { id, version } = isGroup(source.value) ? source.value : {};
  return {
    kind,
    file: source.file,
    id: typeof id === 'string' ? id : null,
    version: typeof version === 'string' || typeof version === 'number' ? version : null,
    sha256: files.sha256(resolve(source.file)) ?? '',
  };
}

/** Reads a file that is named at a place. That it cannot be read at all is a mistake of that place. */
export async function readNamed(
  path: string,
  asWritten: string,
  named: Written,
  files: SourceFiles,
  problems: ScorecardProblem[],
): Promise<Source | null> {
  const before = problems.length;
  const source = await readSource(path, files, problems);
  if (source) return source;
  const last = problems.at(-1);
  if (problems.length === before + 1 && last && unreadable.includes(last.code)) {
    problems.pop();
    tellAt(named, [], last.code, `"${asWritten}" cannot be used: ${last.message}`, last.hint);
  }
  return null;
}

const unreadable: readonly string[] = ['file-unreadable', 'file-too-large', 'file-encoding'];

/** `./base.yaml` or `{ file: ./base.yaml, version: 3 }`; null for what is neither. */
function readReference(named: Written | undefined): { file: string; version?: unknown } | null {
  if (!named) return null;
  if (typeof named.value === 'string') return { file: named.value };
  if (!isGroup(named.value) || typeof named.value.file !== 'string') return null;
  const { file, version } = named.value;
  return version === undefined ? { file } : { file, version };
}

const notInherited = ['id', 'version', '$schema', 'earwitness', 'extends', 'use'];

function inherited(parent: Written): [string, Written][] {
  return entriesOf(parent).filter(([key]) => !notInherited.includes(key));
}

function show(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'unknown';
}
