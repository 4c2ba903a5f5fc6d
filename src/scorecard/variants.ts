import { load, type LoadOptions, newWorkshop, type Workshop } from './load/load.ts';
import { SourceFiles } from './load/files.ts';
import { PhraseIndex } from './matching.ts';
import type { CompiledScorecard } from './scorecard.ts';

/**
 * A scorecard that is taken apart for variants of it: thousands that differ in one place each, as mutation testing
 * asks for. A variant costs what it changes: files are parsed, phrases and patterns compiled, once for all.
 */
export class Variants {
  readonly card: CompiledScorecard;
  readonly #workshop: Workshop;

  private constructor(card: CompiledScorecard, workshop: Workshop) {
    this.card = card;
    this.#workshop = workshop;
  }

  /** @throws as `loadScorecard` */
  static async of(path: string, options: LoadOptions = {}): Promise<Variants> {
    const workshop = newWorkshop(options);
    return new Variants(await load(path, workshop, null), workshop);
  }

  /**
   * The scorecard with another content in some of its files (parsed, by absolute path). Only the items named are
   * compiled anew; all others are the very items of `card`. Its hash is that of `card`.
   * @throws ScorecardProblems where that is no valid scorecard
   */
  async vary(contents: ReadonlyMap<string, unknown>, items: ReadonlySet<string>): Promise<CompiledScorecard> {
    const { files, index, patterns } = this.#workshop;
    const parsed = new Map([...files.parsed, ...contents]);
    const own: Workshop = {
      files: new SourceFiles((path) => files.text(path), parsed),
      index: new PhraseIndex(index),
      patterns: new Map(patterns),
    };
    return load(this.card.path, own, { of: this.card, items });
  }
}
