import type { Anchor, Condition } from '../evaluate/condition.ts';
import { patternFinder, type Finder, type PhraseIndex } from '../matching.ts';
import type { OperatorContext, OperatorDefinition } from '../operators/operator.ts';
import { operators } from '../operators/registry.ts';
import type { ScopeSpec } from '../scope/types.ts';
import { readAnchorKeys } from './anchorKeys.ts';
import type { KnowledgeBases } from './knowledge.ts';
import type { Lexicons } from './lexicons.ts';
import type { Path, Report } from './problems.ts';
import { scopeKeys, windowKeys } from './schema.ts';
import { readOperatorKeys } from './operatorKeys.ts';
import { readScopeKeys, type ScopeKeyName } from './scopeKeys.ts';
import { parseShorthand, type Expression } from './shorthand.ts';
import { didYouMean } from './suggest.ts';

const logicKeys = ['all', 'any', 'not', 'atLeast'] as const;
/** Named conditions may multiply as they refer to one another; a form of this size is an attack or a mistake. */
const maxConditions = 20_000;
const ownKeys = new Set<string>([...logicKeys, 'of', ...scopeKeys, ...windowKeys]);
const example = 'Example: { phrase: [thank you for calling], by: agent, turns: first 2 }.';

/** What conditions are compiled against. */
export interface CompileWorld {
  report: Report;
  lexicons: Lexicons;
  knowledge: KnowledgeBases;
  index: PhraseIndex;
  /** Conditions by name, as written. */
  named: Readonly<Record<string, unknown>>;
}

/** Where a condition stands: what it inherits, and whether it may be anchored at the item's `when`. */
interface Place {
  scope: ScopeSpec;
  /** Null: the item has no `when`. `hits`: whether its hits are places in the conversation. */
  when: { hits: boolean } | null;
  trail: readonly string[];
}

/** Compiles conditions as written into conditions that can be asked. Everything wrong is reported at its place. */
export class ConditionCompiler {
  readonly #world: CompileWorld;
  readonly #finders = new Map<string, Finder>();
  #compiled = 0;

  constructor(world: CompileWorld) {
    this.#world = world;
  }

  compile(given: unknown, path: Path, place: Place): Condition | null {
    const { report } = this.#world;
    if (++this.#compiled > maxConditions) {
      if (this.#compiled === maxConditions + 1)
        report(
          path,
          'yaml-unsafe',
          `More than ${maxConditions} conditions, counted where they are used.`,
          'Use fewer named conditions inside one another.',
        );
      return null;
    }
    if (typeof given === 'string') return this.#shorthand(given, path, place);
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      report(path, 'wrong-type', 'A condition is expected here.', example);
      return null;
    }
    const raw = given as Record<string, unknown>;
    const scope = readScopeKeys(raw, path, place.scope, report);
    const anchor = this.#anchor(raw, path, place);
    const inner: Place = { ...place, scope };
    const names = Object.keys(raw);
    const found = names.filter((name) => operators.has(name) || (logicKeys as readonly string[]).includes(name));
    if (found.length === 0) {
      this.#noOperator(names, path);
      return null;
    }
    if (found.length > 1) {
      report(
        [...path, found[1]!],
        'two-operators',
        `A condition has one operator; this one has ${found.join(' and ')}.`,
        `Join them: { all: [{ ${found[0]}: … }, { ${found[1]}: … }] }.`,
      );
      return null;
    }
    const operator = operators.get(found[0]!);
    if (operator) return this.#leaf(operator, raw, path, inner, anchor, place.scope);
    return this.#logic(found[0]!, raw, path, inner, anchor);
  }

  #noOperator(names: readonly string[], path: Path): void {
    const { report } = this.#world;
    const all = [...operators.keys(), ...logicKeys];
    const strange = names.filter((name) => !ownKeys.has(name));
    if (strange.length === 0) {
      report(path, 'no-operator', 'This condition has no operator.', example);
      return;
    }
    for (const name of strange)
      report(
        [...path, name],
        'unknown-operator',
        `There is no operator "${name}".`,
        `${didYouMean(name, all)} ${example}`,
      );
  }

  #logic(
    kind: string,
    raw: Record<string, unknown>,
    path: Path,
    place: Place,
    anchor: Anchor | null,
  ): Condition | null {
    const { report } = this.#world;
    const allowed = kind === 'atLeast' ? [kind, 'of'] : [kind];
    this.#strangers(raw, path, [...allowed, ...scopeKeys, ...windowKeys]);
    if (kind === 'not') {
      const child = this.compile(raw.not, [...path, 'not'], place);
      return child && { kind: 'not', child, hits: false, anchor };
    }
    const key = kind === 'atLeast' ? 'of' : kind;
    const list = raw[key];
    if (!Array.isArray(list) || list.length === 0) {
      report(
        [...path, key],
        'wrong-type',
        `"${key}" takes a list of conditions.`,
        kind === 'atLeast'
          ? 'Example: { atLeast: 2, of: [{ phrase: $a }, { phrase: $b }, { phrase: $c }] }.'
          : `Example: { ${kind}: [{ phrase: $a }, { phrase: $b }] }.`,
      );
      return null;
    }
    const children = list.map((child, index) => this.compile(child, [...path, key, index], place));
    if (children.some((child) => child === null)) return null;
    const compiled = children.filter((child) => child !== null);
    const hits = kind === 'all' ? compiled.some((child) => child.hits) : compiled.every((child) => child.hits);
    if (kind !== 'atLeast') return { kind: kind as 'all' | 'any', children: compiled, hits, anchor };
    const n = raw.atLeast;
    if (typeof n !== 'number' || !Number.isInteger(n) || n < 1 || n > compiled.length) {
      report(
        [...path, 'atLeast'],
        'bad-value',
        `"atLeast" takes a whole number from 1 to ${compiled.length}, the length of its list.`,
        'Example: { atLeast: 2, of: [{ phrase: $a }, { phrase: $b }, { phrase: $c }] }.',
      );
      return null;
    }
    return { kind: 'atLeast', n, children: compiled, hits, anchor };
  }

  #leaf(
    operator: OperatorDefinition,
    raw: Record<string, unknown>,
    path: Path,
    place: Place,
    anchor: Anchor | null,
    inherited: ScopeSpec,
  ): Condition | null {
    const { report } = this.#world;
    const optionKeys = Object.keys(operator.options.shape);
    this.#strangers(raw, path, [operator.name, ...optionKeys, ...scopeKeys, ...windowKeys]);
    if (anchor && !operator.scope.includes('anchor'))
      report(
        [...path, anchor.place],
        'misplaced-key',
        `"${operator.name}" speaks about the whole session and cannot be anchored.`,
        `Example: ${operator.example}.`,
      );
    const read = readOperatorKeys(operator, raw, path, report);
    if (!read) return null;
    const scope = { ...place.scope };
    // Keys that an outer group hands down and that this operator does not know are none of its business.
    for (const key of scopeKeys)
      if (!operator.scope.includes(key)) Object.assign(scope, { [key]: defaults(inherited)[key] });
    const evaluate = operator.compile(read.value, read.options, this.#context(place, path));
    return { kind: 'operator', operator: operator.name, scope, evaluate, hits: operator.hits, anchor };
  }

  #context(place: Place, path: Path): OperatorContext {
    const { report, lexicons, knowledge, index } = this.#world;
    return {
      scope: place.scope,
      problem: (at, code, message, hint = null) => report([...path, ...at], code, message, hint),
      phrases: (given, at, options = {}) => {
        const list = typeof given === 'string' ? [given] : (given as string[]);
        const phrases = lexicons.phrases(
          list,
          (i) => [...path, ...at, ...(typeof given === 'string' ? [] : [i])],
          report,
        );
        return index.finder(phrases, { maxGap: options.maxGap ?? 0, sound: options.sound ?? 'exact' });
      },
      pattern: (given, at) => this.#pattern(String(given), [...path, ...at]),
      knowledge: (file, at) => knowledge.get(file, [...path, ...at], report),
      condition: (given, at) => this.compile(given, [...path, ...at], place),
    };
  }

  #pattern(pattern: string, path: Path): Finder {
    const known = this.#finders.get(pattern);
    if (known) return known;
    let finder: Finder;
    try {
      finder = patternFinder(pattern);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#world.report(
        path,
        'bad-pattern',
        why,
        "RE2 syntax: no look-around, no back references. Example: { regex: '\\bmy name is \\w+' }.",
      );
      return { wanted: [pattern], find: () => [], findIn: () => [], closest: () => null };
    }
    this.#finders.set(pattern, finder);
    return finder;
  }

  #strangers(raw: Record<string, unknown>, path: Path, allowed: readonly string[]): void {
    for (const name of Object.keys(raw))
      if (!allowed.includes(name))
        this.#world.report([...path, name], 'unknown-key', `Unknown key "${name}".`, didYouMean(name, allowed));
  }

  #anchor(raw: Record<string, unknown>, path: Path, place: Place): Anchor | null {
    const spec = readAnchorKeys(raw, path, this.#world.report);
    const target = spec && this.#target(raw[spec.place], [...path, spec.place], place);
    return spec && target && { ...spec, target };
  }

  #target(given: unknown, path: Path, place: Place): 'when' | Condition | null {
    const { report } = this.#world;
    if (given === 'when') {
      if (place.when?.hits) return 'when';
      report(
        path,
        'no-anchor',
        place.when
          ? 'The item’s `when` is not found at a place in the conversation, so nothing can be anchored at it.'
          : 'There is no `when` here to be anchored at.',
        'Example: when: { phrase: $complaint, by: customer } and expect: { phrase: $empathy, by: agent, after: when }.',
      );
      return null;
    }
    const target = this.compile(given, path, {
      ...place,
      scope: { ...place.scope, by: null, turns: null, time: null, quantifier: { kind: 'any' }, unit: 'turn' },
    });
    if (target && !target.hits) {
      report(
        path,
        'no-anchor',
        'This is not found at a place in the conversation, so nothing can be anchored at it.',
        'Anchor at words: after: { phrase: $complaint, by: customer }.',
      );
      return null;
    }
    return target;
  }

  #shorthand(text: string, path: Path, place: Place): Condition | null {
    const { report, named } = this.#world;
    let expression: Expression;
    try {
      expression = parseShorthand(text);
    } catch (error) {
      report(
        path,
        'bad-value',
        `"${text.slice(0, 60)}" cannot be read: ${(error as Error).message}.`,
        'Example: greeted && (named || !late), over names under `conditions`.',
      );
      return null;
    }
    const build = (node: Expression): Condition | null => {
      if (node.kind === 'not') {
        const child = build(node.of);
        return child && { kind: 'not', child, hits: false, anchor: null };
      }
      if (node.kind !== 'name') {
        const children = node.of.map(build);
        if (children.some((child) => child === null)) return null;
        const compiled = children.filter((child) => child !== null);
        return {
          kind: node.kind,
          children: compiled,
          anchor: null,
          hits: node.kind === 'all' ? compiled.some((one) => one.hits) : compiled.every((one) => one.hits),
        };
      }
      const { name } = node;
      if (!Object.hasOwn(named, name)) {
        report(path, 'unknown-condition', `There is no condition "${name}".`, didYouMean(name, Object.keys(named)));
        return null;
      }
      if (place.trail.includes(name)) {
        report(
          path,
          'circular-reference',
          `The conditions ${[...place.trail, name].join(' → ')} refer to one another in a circle.`,
        );
        return null;
      }
      return this.compile(named[name], ['conditions', name], { ...place, trail: [...place.trail, name] });
    };
    return build(expression);
  }
}

function defaults(scope: ScopeSpec): Pick<ScopeSpec, ScopeKeyName> {
  return {
    ...scope,
    by: null,
    turns: null,
    time: null,
    quantifier: { kind: 'any' },
    unit: 'turn',
    visibility: 'public',
  };
}
