import type { Edit } from './edit.ts';

/** What a mutant changes. `boundary` and `scoring` are made only when asked for. */
export const mutantKinds = [
  'threshold',
  'comparison',
  'words',
  'scope',
  'logic',
  'option',
  'channel',
  'boundary',
  'scoring',
] as const;
export type MutantKind = (typeof mutantKinds)[number];
export const defaultKinds: readonly MutantKind[] = mutantKinds.filter(
  (kind) => kind !== 'boundary' && kind !== 'scoring',
);

/** What a search for a telling session may try: figures between the original and the mutant, and the words at stake. */
export interface Clue {
  /** Lengths of time, ms. */
  times: readonly number[];
  /** Counts, turns. */
  counts: readonly number[];
  phrases: readonly string[];
}

/** A scorecard that differs from the original by one edit. */
export interface Mutant {
  /** Eight hex digits over file, place (by ids, not by line) and change: the same mutant keeps its id as the file grows. */
  id: string;
  kind: MutantKind;
  file: string;
  line: number;
  column: number;
  /** What is done, in a few words: `10s → 12s`, `drop "full name"`. */
  change: string;
  /** The lines of the file that differ, before and after. */
  before: string;
  after: string;
  /** The items whose verdict it may change. */
  items: readonly string[];
  edit: Edit;
  clue: Clue;
}
