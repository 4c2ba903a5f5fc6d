import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type CompiledScorecard, didYouMean, loadScorecard } from '../../scorecard/index.ts';
import { EarwitnessError, type Problem, toProblem } from '../../session/index.ts';

export interface ScorecardSearch {
  /** Scorecards given by the caller; they stand in for whatever fixtures name by the same id. */
  given: readonly string[];
  /** Folder of the scorecards that ship with the program; null: none. */
  shipped: string | null;
}

/** A scorecard, or why there is none. */
export type Found = { card: CompiledScorecard } | { problem: Problem };

/** How far up from a fixture a scorecard is looked for, where no repository ends the way. */
const maxLevels = 8;
const maxBytes = 2_000_000;

/** Finds and compiles the scorecards that fixtures name. Each file is compiled once, each folder is listed once, each fixture file searches once. */
export class ScorecardFinder {
  readonly #search: ScorecardSearch;
  readonly #compiled = new Map<string, Promise<Found>>();
  readonly #found = new Map<string, Promise<Found>>();
  readonly #listed = new Map<string, Promise<Map<string, string>>>();

  constructor(search: ScorecardSearch) {
    this.#search = search;
  }

  /** Problems of scorecards that the caller gave; they concern the whole run. */
  async givenProblems(): Promise<Problem[]> {
    const found = await Promise.all(this.#search.given.map((path) => this.#compile(resolve(path))));
    return found.flatMap((one) => {
      if (!('problem' in one)) return [];
      const missing = one.problem.code === 'path-not-found';
      return [missing ? { ...one.problem, hint: 'Check the path after --scorecard.' } : one.problem];
    });
  }

  /** The scorecard that a fixture file names by id or by path. */
  find(reference: string, fixture: string): Promise<Found> {
    const key = `${fixture}\u0000${reference}`;
    const known = this.#found.get(key);
    if (known) return known;
    const found = this.#find(reference, fixture);
    this.#found.set(key, found);
    return found;
  }

  async #find(reference: string, fixture: string): Promise<Found> {
    if (isPath(reference)) {
      const path = isAbsolute(reference) ? reference : resolve(dirname(fixture), reference);
      const found = await this.#compile(path);
      if ('problem' in found) return found;
      return (await this.#given(found.card.ref.id)) ?? found;
    }
    const given = await this.#given(reference);
    if (given) return given;
    const seen = new Set<string>();
    for await (const folder of this.#folders(fixture)) {
      const ids = await this.#list(folder);
      const path = ids.get(reference);
      if (path !== undefined) return this.#compile(path);
      for (const id of ids.keys()) seen.add(id);
    }
    for (const card of await this.#givenCards()) seen.add(card.ref.id);
    return {
      problem: {
        path: fixture,
        code: 'path-not-found',
        message: `There is no scorecard "${reference}".`,
        hint: `${didYouMean(reference, seen)} Give its file with --scorecard, or its path in the fixture.`,
      },
    };
  }

  async #given(id: string): Promise<Found | null> {
    const card = (await this.#givenCards()).find(({ ref }) => ref.id === id);
    return card ? { card } : null;
  }

  async #givenCards(): Promise<CompiledScorecard[]> {
    const found = await Promise.all(this.#search.given.map((path) => this.#compile(resolve(path))));
    return found.flatMap((one) => ('card' in one ? [one.card] : []));
  }

  #compile(path: string): Promise<Found> {
    const known = this.#compiled.get(path);
    if (known) return known;
    const found = loadScorecard(path).then(
      (card): Found => ({ card }),
      (error: unknown): Found => {
        if (!(error instanceof EarwitnessError)) throw error;
        const problem = toProblem(error, path);
        if (error.code !== 'path-not-found') return { problem };
        return {
          problem: {
            ...problem,
            message: `There is no scorecard ${path}.`,
            hint: 'Check the path: it is relative to the fixture that names it.',
          },
        };
      },
    );
    this.#compiled.set(path, found);
    return found;
  }

  /** The fixture's folder and those above it up to the repository's root, their rules folders, the shipped rules. */
  async *#folders(fixture: string): AsyncGenerator<string> {
    let folder = dirname(resolve(fixture));
    for (let level = 0; level < maxLevels; level++) {
      yield folder;
      yield join(folder, 'rules');
      yield join(folder, 'scorecards');
      const above = dirname(folder);
      if (above === folder || (await exists(join(folder, '.git')))) break;
      folder = above;
    }
    if (this.#search.shipped !== null) yield this.#search.shipped;
  }

  #list(folder: string): Promise<Map<string, string>> {
    const known = this.#listed.get(folder);
    if (known) return known;
    const listed = listScorecards(folder);
    this.#listed.set(folder, listed);
    return listed;
  }
}

const isPath = (reference: string) => /[/\\]|\.ya?ml$/.test(reference);

/** Id → file of the scorecards that lie in a folder; the first by name where two have one id. */
async function listScorecards(folder: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.sort()) {
    if (!/\.ya?ml$/.test(name) || /\.fixture\.ya?ml$/.test(name)) continue;
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (!info?.isFile() || info.size > maxBytes) continue;
    const text = await readFile(path, 'utf8').catch(() => '');
    const id = /^id:[ \t]*["']?([\w-]+)["']?[ \t]*(?:#.*)?\r?$/m.exec(text)?.[1];
    // A lexicon has an id too; what makes a scorecard is that it has sections, or extends one that has.
    if (id !== undefined && /^(sections|extends):/m.test(text) && !ids.has(id)) ids.set(id, path);
  }
  return ids;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
