import type { Annotator } from '../../annotate/index.ts';
import { type CompiledScorecard, type LoadOptions, ScorecardProblems, Variants } from '../../scorecard/index.ts';
import type { PreparedCase } from '../run/prepare.ts';
import { generateMutants, type GenerateOptions } from './generate.ts';
import type { Mutant } from './mutant.ts';
import { sample } from './seeded.ts';
import { type Sketch, Sketcher } from './sketch/sketch.ts';
import type { MutableSource } from './source.ts';
import { type Objection, Trial } from './trial.ts';

export interface MutationOptions extends GenerateOptions {
  /** At most so many mutants, drawn by the seed; null: all. */
  maxMutants: number | null;
  /** Fixtures are sketched for at most so many survivors. */
  sketches: number;
  annotator: Annotator;
  /** Called after each mutant. */
  onProgress?: (done: number, all: number) => void;
  /** Ends the run early; what was tried until then is reported. */
  signal?: AbortSignal;
}

/**
 * What came of one mutant. `invalid`: it is no scorecard, and does not count. `watched`: some case states something of the
 * items it touches. `looked`: a telling session was looked for.
 */
export type MutantOutcome =
  | { mutant: Mutant; status: 'killed'; by: Objection }
  | { mutant: Mutant; status: 'survived'; watched: boolean; looked: boolean; sketch: Sketch | null }
  | { mutant: Mutant; status: 'invalid'; problem: string };

export interface MutationResult {
  card: CompiledScorecard;
  outcomes: MutantOutcome[];
  /** How many mutants there were before `maxMutants` drew some. */
  generated: number;
  cases: number;
  /** Cases that fail on the scorecard as it stands, and so cannot notice anything. */
  failing: Objection[];
  /** ms for the mutants, and for the sketches. */
  mutantsMs: number;
  sketchesMs: number;
}

/**
 * Tries every mutant of a scorecard against the cases that state something of what it touches, until one objects.
 * @throws as `loadScorecard` where the scorecard itself is not sound
 */
export async function testMutants(
  path: string,
  prepared: readonly PreparedCase[],
  options: MutationOptions,
  load: LoadOptions = {},
): Promise<MutationResult> {
  const variants = await Variants.of(path, load);
  const { card } = variants;
  const trials: Trial[] = [];
  const failing: Objection[] = [];
  for (const trial of prepared.map((one) => new Trial(one))) {
    const objection = trial.against(card, null);
    if (objection) failing.push(objection);
    else trials.push(trial);
  }
  const started = performance.now();
  const { mutants, sources, dependencies } = generateMutants(card, options);
  const drawn = options.maxMutants === null ? mutants : sample(mutants, options.maxMutants, options.seed, 'mutants');
  const contents = new Map(sources.map((source) => [source.path, source]));
  const outcomes: MutantOutcome[] = [];
  for (const [index, mutant] of drawn.entries()) {
    if (options.signal?.aborted) break;
    outcomes.push(await tryMutant(mutant, variants, contents, trials));
    options.onProgress?.(index + 1, drawn.length);
    // A long run must not keep signals and the progress display waiting.
    if (index % 50 === 49) await new Promise((resume) => setImmediate(resume));
  }
  const mutantsMs = performance.now() - started;
  const sketcher = new Sketcher(card, trials, options.annotator, (phrase) => dependencies.phrasesOf(phrase));
  const sketchesMs = await sketchSurvivors(outcomes, variants, contents, sketcher, options);
  return { card, outcomes, generated: mutants.length, cases: prepared.length, failing, mutantsMs, sketchesMs };
}

async function tryMutant(
  mutant: Mutant,
  variants: Variants,
  sources: ReadonlyMap<string, MutableSource>,
  trials: readonly Trial[],
): Promise<MutantOutcome> {
  let mutated: CompiledScorecard;
  try {
    mutated = await mutatedCard(mutant, variants, sources);
  } catch (error) {
    if (!(error instanceof ScorecardProblems)) throw error;
    return { mutant, status: 'invalid', problem: error.problems[0]!.message };
  }
  const watching = trials.filter((trial) => trial.watches(mutant.items));
  // Cases that name the item are the likeliest to object.
  watching.sort((a, b) => Number(b.names(mutant.items)) - Number(a.names(mutant.items)));
  for (const trial of watching) {
    const by = trial.against(mutated, mutant.items);
    if (by) return { mutant, status: 'killed', by };
  }
  return { mutant, status: 'survived', watched: watching.length > 0, looked: false, sketch: null };
}

function mutatedCard(
  mutant: Mutant,
  variants: Variants,
  sources: ReadonlyMap<string, MutableSource>,
): Promise<CompiledScorecard> {
  const content = sources.get(mutant.file)!.mutated(mutant.edit);
  return variants.vary(new Map([[mutant.file, content]]), new Set(mutant.items));
}

async function sketchSurvivors(
  outcomes: readonly MutantOutcome[],
  variants: Variants,
  sources: ReadonlyMap<string, MutableSource>,
  sketcher: Sketcher,
  { sketches, signal }: MutationOptions,
): Promise<number> {
  const started = performance.now();
  let left = sketches;
  for (const outcome of outcomes) {
    if (outcome.status !== 'survived' || left === 0 || signal?.aborted) continue;
    left--;
    outcome.looked = true;
    const { mutant } = outcome;
    outcome.sketch = sketcher.sketch(mutant, await mutatedCard(mutant, variants, sources));
    await new Promise((resume) => setImmediate(resume));
  }
  return performance.now() - started;
}
