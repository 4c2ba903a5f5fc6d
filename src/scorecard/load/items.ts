import type { Localised } from '../../session/index.ts';
import type { Condition } from '../evaluate/condition.ts';
import type { Band, CompiledItem, Deduction, Method, Rule } from '../scorecard.ts';
import type { ScopeSpec, TimeZero } from '../scope/types.ts';
import type { ConditionCompiler } from './conditions.ts';
import type { Path, Report } from './problems.ts';
import type { RawItem } from './schema.ts';
import { readDuration } from './units.ts';

/** What a rule's scope is where it says nothing. */
export function defaultScope(zero: TimeZero): ScopeSpec {
  return { by: null, turns: null, time: null, zero, quantifier: { kind: 'any' }, unit: 'turn', visibility: 'public' };
}

interface Surroundings {
  compiler: ConditionCompiler;
  report: Report;
  method: Method;
  zero: TimeZero;
}

const ruleKeys = ['expect', 'forbid', 'levels', 'measure'] as const;
const ruleExample = 'Example: expect: { phrase: $greeting, by: agent, turns: first 2 }.';

/** Compiles one item; null after a problem (which is then reported). */
export function compileItem(raw: RawItem, path: Path, world: Surroundings): CompiledItem | null {
  const scope = defaultScope(raw.zero ?? world.zero);
  const compile = (key: 'when' | 'naWhen') =>
    raw[key] === undefined ? null : world.compiler.compile(raw[key], [...path, key], { scope, when: null, trail: [] });
  const when = compile('when');
  const naWhen = compile('naWhen');
  // Where `when` itself is broken the item's rule is still read, as if it were sound, so that all problems show.
  const anchored = raw.when === undefined ? null : { hits: when?.hits ?? true };
  const rule = compileRule(raw, path, world, (given, at) =>
    world.compiler.compile(given, at, { scope, when: anchored, trail: [] }),
  );
  checkKeys(raw, path, world.report);
  if (!rule) return null;
  const deduction = readDeduction(raw);
  return {
    id: raw.id,
    title: localise(raw.title),
    why: raw.why === undefined ? null : localise(raw.why),
    coaching: raw.coaching === undefined ? null : localise(raw.coaching),
    type: raw.type ?? 'yesno',
    weight: raw.weight ?? 1,
    possible: possiblePoints(raw, rule, deduction, world.method),
    deduction,
    channels: raw.channels ?? null,
    severity: raw.severity ?? (raw.critical ? 'high' : 'medium'),
    critical: raw.critical ?? null,
    autoFail: raw.autoFail ?? 'none',
    manualOnly: raw.manualOnly ?? false,
    when,
    naWhen,
    rule,
  };
}

function compileRule(
  raw: RawItem,
  path: Path,
  { report }: Surroundings,
  compile: (given: unknown, at: Path) => Condition | null,
): Rule | null {
  const given = ruleKeys.filter((key) => raw[key] !== undefined);
  const [key, second] = given;
  if (second !== undefined)
    report(
      [...path, second],
      'two-operators',
      `An item has one rule; this one has ${given.join(' and ')}.`,
      'Join them: expect: { all: [{ … }, { not: { … } }] }.',
    );
  if (key === undefined) {
    if (raw.manualOnly) return { kind: 'manual' };
    report(
      path,
      'no-rule',
      `The item "${raw.id}" has neither expect nor forbid.`,
      `${ruleExample} Or manualOnly: true where a person judges it.`,
    );
    return null;
  }
  switch (key) {
    case 'expect':
    case 'forbid': {
      const condition = compile(raw[key], [...path, key]);
      return condition && { kind: key, condition };
    }
    case 'levels': {
      const levels = raw.levels!.map((level, index) => ({
        points: level.points,
        condition: compile(level.expect, [...path, 'levels', index, 'expect']),
      }));
      if (levels.some((level) => level.condition === null)) return null;
      return {
        kind: 'levels',
        levels: levels
          .map(({ points, condition }) => ({ points, condition: condition! }))
          .sort((a, b) => b.points - a.points),
      };
    }
    case 'measure': {
      const condition = compile(raw.measure, [...path, 'measure']);
      const bands = readBands(raw, path, report);
      return condition && bands && { kind: 'measure', condition, bands };
    }
  }
}

function checkKeys(raw: RawItem, path: Path, report: Report): void {
  const type = raw.type ?? 'yesno';
  const only = (key: keyof RawItem, types: readonly string[]) => {
    if (raw[key] !== undefined && !types.includes(type))
      report(
        [...path, key],
        'misplaced-key',
        `"${key}" belongs to items of type ${types.join(' or ')}; this one is of type ${type}.`,
        `Add type: ${types[0]}, or leave ${key} out.`,
      );
  };
  only('levels', ['scale']);
  only('measure', ['number']);
  only('bands', ['number']);
  for (const key of ['once', 'perHit', 'max'] as const) only(key, ['deduction']);
  if (type === 'number' && raw.measure === undefined && !raw.manualOnly)
    report(
      path,
      'missing-key',
      'An item of type number needs measure and bands.',
      'Example: measure: { response: { which: average, within: 30s } }, bands: [{ to: 30s, points: 2 }, { from: 30s, to: 60s, points: 1 }].',
    );
  if (raw.once !== undefined && raw.perHit !== undefined)
    report(
      [...path, 'perHit'],
      'two-operators',
      'A deduction is taken once or per hit, not both.',
      'Example: perHit: 2, max: 10.',
    );
  if (raw.max !== undefined && raw.perHit === undefined)
    report([...path, 'max'], 'misplaced-key', '"max" limits perHit.', 'Example: perHit: 2, max: 10.');
  if (raw.perHit !== undefined && raw.max === undefined && raw.points === undefined)
    report(
      [...path, 'perHit'],
      'missing-key',
      '"perHit" needs "max", the most that it may cost.',
      'Example: perHit: 2, max: 10.',
    );
  for (const key of ['points', 'max', 'once', 'perHit'] as const)
    if (raw[key] === 0) report([...path, key], 'bad-value', `"${key}" is more than 0.`, `Example: ${key}: 5.`);
}

function readDeduction(raw: RawItem): Deduction {
  if (raw.perHit !== undefined) return { kind: 'perHit', points: raw.perHit, max: raw.max ?? raw.points ?? null };
  return { kind: 'once', points: raw.once ?? raw.points ?? 1 };
}

function possiblePoints(raw: RawItem, rule: Rule, deduction: Deduction, method: Method): number {
  if (rule.kind === 'levels') return Math.max(...rule.levels.map((level) => level.points));
  if (rule.kind === 'measure') return Math.max(...rule.bands.map((band) => band.points));
  if (raw.type !== 'deduction') return raw.points ?? 1;
  const most = deduction.kind === 'once' ? deduction.points : (deduction.max ?? 100);
  return method === 'deductFrom100' ? most : Math.max(raw.points ?? most, most);
}

function readBands(raw: RawItem, path: Path, report: Report): Band[] | null {
  if (!raw.bands) {
    report(
      path,
      'missing-key',
      '"measure" needs "bands", the points for each range.',
      'Example: bands: [{ to: 30s, points: 2 }, { from: 30s, to: 60s, points: 1 }].',
    );
    return null;
  }
  const bands: Band[] = [];
  for (const [index, band] of raw.bands.entries()) {
    const edge = (key: 'from' | 'to', open: number): number | null => {
      const given = band[key];
      if (given === undefined) return open;
      if (typeof given === 'number') return given;
      const read = readDuration(given);
      if (read.ok) return read.value;
      report([...path, 'bands', index, key], 'bad-value', read.message, read.hint);
      return null;
    };
    const from = edge('from', -Infinity);
    const to = edge('to', Infinity);
    if (from === null || to === null) continue;
    if (from >= to)
      report(
        [...path, 'bands', index],
        'bad-value',
        'This range ends before it starts.',
        'Example: { from: 30s, to: 60s, points: 1 }.',
      );
    bands.push({ from, to, points: band.points });
  }
  return bands.length === raw.bands.length ? bands : null;
}

/** A title in one language stands for both. */
export function localise(given: string | { en?: string | undefined; zh?: string | undefined }): Localised {
  if (typeof given === 'string') return { en: given, zh: given };
  return { en: given.en ?? given.zh ?? '', zh: given.zh ?? given.en ?? '' };
}
