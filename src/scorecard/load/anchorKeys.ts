import { anchorPlaces, type AnchorPlace, type AnchorSpec } from '../scope/types.ts';
import type { Path, Report } from './problems.ts';
import { readHit, readWithin } from './units.ts';

/** The window keys of a condition; null where it has no anchor. What it is anchored at is read by the compiler. */
export function readAnchorKeys(raw: Record<string, unknown>, path: Path, report: Report): AnchorSpec | null {
  const given = anchorPlaces.filter((key) => raw[key] !== undefined);
  if (given.length === 0) {
    for (const key of ['within', 'hit'])
      if (raw[key] !== undefined)
        report(
          [...path, key],
          'misplaced-key',
          `"${key}" needs an anchor beside it.`,
          'Example: { phrase: $empathy, after: when, within: 2 turns }.',
        );
    return null;
  }
  const key: AnchorPlace = given[0]!;
  if (given.length > 1)
    report(
      [...path, given[1]!],
      'two-operators',
      `A condition has one anchor; this one has ${given.join(' and ')}.`,
      'Use around, or join two conditions with all.',
    );
  const within = raw.within === undefined ? null : readWithin(raw.within);
  if (within && !within.ok) report([...path, 'within'], 'bad-value', within.message, within.hint);
  const hit = raw.hit === undefined ? { ok: true as const, value: 'any' as const } : readHit(raw.hit);
  if (!hit.ok) report([...path, 'hit'], 'bad-value', hit.message, hit.hint);
  return { place: key, within: within?.ok ? within.value : null, hit: hit.ok ? hit.value : 'any' };
}
