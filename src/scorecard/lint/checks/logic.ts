import type { Condition } from '../../evaluate/condition.ts';
import { hasLimit, limitKeys } from '../../operators/comparison.ts';
import type { TracedLeaf } from '../../load/trace.ts';
import { readDuration } from '../../load/units.ts';
import type { LintedCard } from '../card.ts';

/** Conditions that exclude one another, as a pair of keys: the one is the other's negation. */
export function opposites(card: LintedCard, children: readonly Condition[]): Condition | null {
  const keys = new Set(children.map((child) => card.keyOf(child)));
  return children.find((child) => child.kind === 'not' && !child.anchor && keys.has(card.keyOf(child.child))) ?? null;
}

/** What is certain of a leaf whatever is said: its limits leave no value, or every value. Null: it depends. */
export function certainty(leaf: TracedLeaf): 'always' | 'never' | null {
  const value = (leaf.value ?? {}) as Record<string, unknown>;
  if (typeof value !== 'object') return null;
  if (leaf.operator === 'entity') {
    const [min, max] = [value.min ?? 1, value.max ?? Infinity] as number[];
    if (min! > max!) return 'never';
    return min === 0 && max === Infinity ? 'always' : null;
  }
  if (!hasLimit(value)) return null;
  const [least, most] = ranges[leaf.operator] ?? [-Infinity, Infinity];
  const [above, below, atLeast, atMost] = limitKeys.map((key) => figure(value[key]));
  const low = Math.max(above ?? -Infinity, atLeast ?? -Infinity);
  const high = Math.min(below ?? Infinity, atMost ?? Infinity);
  const open = (above !== undefined && above >= low) || (below !== undefined && below <= high);
  if (low > high || (low === high && open)) return 'never';
  if (low > most || (low === most && above === most) || high < least || (high === least && below === least))
    return 'never';
  const lowFree = low < least || (low === least && above !== low);
  const highFree = high > most || (high === most && below !== high);
  return lowFree && highFree ? 'always' : null;
}

/** What a quantity can be at all. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  turnCount: [0, Infinity],
  duration: [0, Infinity],
  elapsed: [0, Infinity],
  updateGap: [0, Infinity],
  reopenCount: [0, Infinity],
  silenceShare: [0, 1],
  talkShare: [0, 1],
  speechRate: [0, Infinity],
};

function figure(given: unknown): number | undefined {
  if (typeof given === 'number') return given;
  const read = typeof given === 'string' ? readDuration(given) : null;
  return read?.ok ? read.value : undefined;
}

/** The conditions of items and of names, each once. */
export function* allConditions(card: LintedCard): Generator<Condition> {
  yield* card.insides.trace.paths.keys();
}
