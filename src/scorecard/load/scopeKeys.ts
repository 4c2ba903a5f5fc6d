import type { Speaker } from '../../session/index.ts';
import { timeZeros, visibilities, type ScopeSpec } from '../scope/types.ts';
import type { Path, Report } from './problems.ts';
import type { scopeKeys } from './schema.ts';
import { didYouMean } from './suggest.ts';
import { readQuantifier, readTime, readTurns, type Read } from './units.ts';

export type ScopeKeyName = (typeof scopeKeys)[number];

const speakers: readonly Speaker[] = ['agent', 'customer', 'bot', 'system'];

const readers: Record<ScopeKeyName, (given: unknown) => Read<unknown>> = {
  by: readSpeakers,
  turns: readTurns,
  time: readTime,
  zero: (given) => oneOf(given, timeZeros, 'a time zero', 'zero: first-agent-word'),
  quantifier: readQuantifier,
  unit: (given) => oneOf(given, ['turn', 'joined'], 'a unit', 'unit: joined'),
  visibility: (given) => oneOf(given, visibilities, 'a visibility', 'visibility: internal'),
};

/** The scope of a condition: what it inherits, replaced key by key by what it says itself. */
export function readScopeKeys(
  raw: Record<string, unknown>,
  path: Path,
  inherited: ScopeSpec,
  report: Report,
): ScopeSpec {
  const scope: Record<string, unknown> = { ...inherited };
  for (const [key, read] of Object.entries(readers)) {
    if (raw[key] === undefined) continue;
    const value = read(raw[key]);
    if (value.ok) scope[key] = value.value;
    else report([...path, key], 'bad-value', value.message, value.hint);
  }
  return scope as unknown as ScopeSpec;
}

function readSpeakers(given: unknown): Read<readonly Speaker[]> {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > 0 && list.every((one) => speakers.includes(one as Speaker)))
    return { ok: true, value: list as Speaker[] };
  const strange = list.find((one) => !speakers.includes(one as Speaker));
  const shown = typeof strange === 'string' ? strange : 'this';
  return {
    ok: false,
    message: `"${shown}" is not a speaker.`,
    hint: `${didYouMean(shown, speakers)} Example: by: agent.`,
  };
}

function oneOf<T extends string>(given: unknown, known: readonly T[], what: string, example: string): Read<T> {
  if (known.includes(given as T)) return { ok: true, value: given as T };
  return {
    ok: false,
    message: `"${String(given)}" is not ${what}.`,
    hint: `${didYouMean(String(given), known)} Example: ${example}.`,
  };
}
