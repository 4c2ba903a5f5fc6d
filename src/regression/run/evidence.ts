import type { Evidence, Localised } from '../../session/index.ts';
import type { EvidenceInput } from '../fixtures/schema.ts';
import { readFixtureTime, writeFixtureTime } from '../fixtures/times.ts';
import type { Edit } from './result.ts';
import { both } from './wording.ts';

/** Times are shown in tenths of a second; what reads the same is the same. */
export const toleranceMs = 50;

/** Whether every key that a fixture gives fits this piece of evidence. */
export function matches(pattern: EvidenceInput, evidence: Evidence): boolean {
  return (Object.keys(pattern) as (keyof EvidenceInput)[]).every((key) => keyMatches(pattern, key, evidence));
}

/** How many of the given keys fit: the piece with the most is the one that was meant. */
export function fit(pattern: EvidenceInput, evidence: Evidence): number {
  return (Object.keys(pattern) as (keyof EvidenceInput)[]).filter((key) => keyMatches(pattern, key, evidence)).length;
}

function keyMatches(pattern: EvidenceInput, key: keyof EvidenceInput, evidence: Evidence): boolean {
  const wanted = pattern[key];
  if (wanted === undefined) return true;
  switch (key) {
    case 'turn':
    case 'operator':
    case 'kind':
      return evidence[key] === wanted;
    case 'quote':
      return plain(evidence.quote).includes(plain(String(wanted)));
    case 'at':
      return close(evidence.startMs, readFixtureTime(wanted), toleranceMs);
    case 'measured':
      return figureMatches(wanted, evidence.measured, evidence.unit);
    case 'limit':
      return figureMatches(wanted, evidence.threshold, evidence.unit);
  }
}

/** A figure of time is compared in ms (a bare number: seconds), any other as it stands. */
function figureMatches(wanted: unknown, found: number | null, unit: string | null): boolean {
  if (unit === 'ms') return close(found, readFixtureTime(wanted), toleranceMs);
  return close(found, typeof wanted === 'number' ? wanted : Number(wanted), 0.005);
}

const close = (found: number | null, wanted: number | null, tolerance: number) =>
  found !== null && wanted !== null && Math.abs(found - wanted) <= tolerance;

const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** A pattern as a sentence: `turn 4, at 12.4s, limit 10s`. */
export function patternWords(pattern: EvidenceInput): Localised {
  const { turn, at, quote, operator, kind, measured, limit } = pattern;
  const time = (value: number | string | undefined) => String(value);
  const parts: [boolean, string, string][] = [
    [turn !== undefined, `turn ${turn}`, `第 ${turn} 轮`],
    [at !== undefined, `at ${time(at)}`, `时间 ${time(at)}`],
    [quote !== undefined, `“${quote}”`, `“${quote}”`],
    [operator !== undefined, `by ${operator}`, `来自 ${operator}`],
    [kind !== undefined, `of kind ${kind}`, `类型 ${kind}`],
    [measured !== undefined, `measured ${time(measured)}`, `测得 ${time(measured)}`],
    [limit !== undefined, `limit ${time(limit)}`, `限值 ${time(limit)}`],
  ];
  const given = parts.filter(([there]) => there);
  return both(given.map((one) => one[1]).join(', '), given.map((one) => one[2]).join('，'));
}

/** The changes that make a pattern fit a piece of evidence; keys that it has nothing for go. */
export function patternEdits(pattern: EvidenceInput, path: Edit['path'], evidence: Evidence): Edit[] {
  const figure = (value: number | null) =>
    value === null ? null : evidence.unit === 'ms' ? writeFixtureTime(value) : Number(value.toFixed(2));
  const found: Required<{ [key in keyof EvidenceInput]: string | number | null }> = {
    turn: evidence.turn,
    at: evidence.startMs === null ? null : writeFixtureTime(evidence.startMs),
    quote: evidence.quote === '' ? null : evidence.quote,
    operator: evidence.operator,
    kind: evidence.kind,
    measured: figure(evidence.measured),
    limit: figure(evidence.threshold),
  };
  return (Object.keys(pattern) as (keyof EvidenceInput)[])
    .filter((key) => !keyMatches(pattern, key, evidence))
    .map((key): Edit => {
      const value = found[key];
      const at = [...path, key];
      return value === null && key !== 'turn' ? { path: at, action: 'remove' } : { path: at, action: 'set', value };
    });
}
