import { relative, sep } from 'node:path';
import { z } from 'zod';
import { verdictSchema } from '../../../session/index.ts';
import { mutantKinds } from '../mutant.ts';
import type { MutantOutcome, MutationResult } from '../run.ts';

const count = z.number().int().min(0);
const tallySchema = z.object({
  killed: count,
  survived: count,
  invalid: count,
  /** 0…100: killed ÷ (killed + survived); null where there is no mutant that counts. */
  killRate: z.number().nullable(),
});
export type Tally = z.infer<typeof tallySchema>;

const placeShape = { file: z.string(), line: count, column: count };
const mutantShape = {
  /** The same mutant keeps its id from run to run. */
  id: z.string(),
  kind: z.enum(mutantKinds),
  ...placeShape,
  /** What is done: `time: first 10s → first 12s`. */
  change: z.string(),
  items: z.array(z.string()),
};

const sketchSchema = z.object({
  item: z.string(),
  /** The verdict of the scorecard as it stands, and of the mutant; both were run. */
  original: verdictSchema,
  mutant: verdictSchema,
  /** A fixture that passes on the original and fails on the mutant. */
  yaml: z.string(),
  /** The case whose session tells the two apart already; only the expectation is missing. */
  existing: z.object({ file: z.string(), line: count, name: z.string() }).nullable(),
});

const survivorSchema = z.object({
  ...mutantShape,
  /** The lines that differ. */
  before: z.string(),
  after: z.string(),
  /** False where no case states anything of the items it touches. */
  watched: z.boolean(),
  /** Whether a session was looked for that tells it from the original. */
  looked: z.boolean(),
  /** Null where none was found. */
  sketch: sketchSchema.nullable(),
});
export type Survivor = z.infer<typeof survivorSchema>;

const cardSchema = tallySchema.extend({
  id: z.string(),
  version: count,
  path: z.string(),
  cases: count,
  /** Cases that fail on the scorecard as it stands; they can notice nothing. */
  failing: z.array(z.object({ name: z.string(), ...placeShape, what: z.string() })),
  /** Mutants there are; more than were tried where --max-mutants drew some. */
  generated: count,
  kinds: z.array(tallySchema.extend({ kind: z.enum(mutantKinds) })),
  /** A mutant of a list that several items use counts with each of them. */
  items: z.array(tallySchema.extend({ id: z.string() })),
  survivors: z.array(survivorSchema),
  invalid: count,
  refused: z.array(z.object({ ...mutantShape, problem: z.string() })),
  mutantsMs: z.number(),
  sketchesMs: z.number(),
});
export type CardReport = z.infer<typeof cardSchema>;

export const mutationReportSchema = tallySchema.extend({
  tool: z.literal('earwitness test --mutate'),
  seed: z.number().int(),
  kinds: z.array(z.enum(mutantKinds)),
  scorecards: z.array(cardSchema),
});
export type MutationReport = z.infer<typeof mutationReportSchema>;

/** JSON Schema (draft 2020-12) of the report. */
export function mutationJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(mutationReportSchema);
}

/** What came of mutation testing, as it is printed and written. Paths are relative to `cwd`, with forward slashes. */
export function mutationReport(
  results: readonly MutationResult[],
  { seed, kinds, cwd }: { seed: number; kinds: MutationReport['kinds']; cwd: string },
): MutationReport {
  const at = (path: string) => relative(cwd, path).split(sep).join('/');
  const scorecards = results.map((result) => cardReport(result, at));
  const all = results.flatMap(({ outcomes }) => outcomes);
  return { tool: 'earwitness test --mutate', seed, kinds: [...kinds], ...tally(all), scorecards };
}

function cardReport(result: MutationResult, at: (path: string) => string): CardReport {
  const { card, outcomes, failing, generated, cases, mutantsMs, sketchesMs } = result;
  const seen = mutantKinds.filter((kind) => outcomes.some(({ mutant }) => mutant.kind === kind));
  const items = card.sections.flatMap((section) => section.items.map(({ id }) => id));
  return {
    id: card.ref.id,
    version: card.ref.version,
    path: at(card.path),
    cases,
    failing: failing.map(({ case: one, assertion }) => ({
      name: one.name,
      ...assertion.place,
      file: at(assertion.place.file),
      what: `${assertion.what.en}: expected ${assertion.expected.en}, got ${assertion.actual.en}`,
    })),
    generated,
    ...tally(outcomes),
    kinds: seen.map((kind) => ({ kind, ...tally(outcomes.filter(({ mutant }) => mutant.kind === kind)) })),
    items: items
      .map((id) => ({ id, ...tally(outcomes.filter(({ mutant }) => mutant.items.includes(id))) }))
      .filter((one) => one.killed + one.survived + one.invalid > 0),
    survivors: outcomes.flatMap((one) => (one.status === 'survived' ? [survivor(one, at)] : [])),
    refused: outcomes.flatMap((one) =>
      one.status === 'invalid' ? [{ ...shown(one.mutant, at), problem: one.problem }] : [],
    ),
    mutantsMs: Math.round(mutantsMs),
    sketchesMs: Math.round(sketchesMs),
  };
}

function survivor(
  { mutant, watched, looked, sketch }: Extract<MutantOutcome, { status: 'survived' }>,
  at: (path: string) => string,
): Survivor {
  const existing = sketch?.existing ? { ...sketch.existing, file: at(sketch.existing.file) } : null;
  const { before, after } = mutant;
  return { ...shown(mutant, at), before, after, watched, looked, sketch: sketch && { ...sketch, existing } };
}

function shown({ id, kind, file, line, column, change, items }: MutantOutcome['mutant'], at: (path: string) => string) {
  return { id, kind, file: at(file), line, column, change, items: [...items] };
}

function tally(outcomes: readonly MutantOutcome[]): Tally {
  const of = (status: MutantOutcome['status']) => outcomes.filter((one) => one.status === status).length;
  const [killed, survived] = [of('killed'), of('survived')];
  const counted = killed + survived;
  return { killed, survived, invalid: of('invalid'), killRate: counted === 0 ? null : (100 * killed) / counted };
}
