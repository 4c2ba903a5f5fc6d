import type { Anchor, Condition, Evaluator } from '../evaluate/condition.ts';
import type { SoundMode } from '../../text/index.ts';
import { patternFinder, type Finder, type PhraseIndex } from '../matching.ts';
import type { OperatorContext, OperatorDefinition } from '../operators/operator.ts';
import { operators } from '../operators/registry.ts';
import type { ScopeSpec } from '../scope/types.ts';
import type { Calendars } from './calendars.ts';
import { readAnchorKeys } from './anchorKeys.ts';
import type { Fragments } from './fragments.ts';
import type { KnowledgeBases } from './knowledge.ts';
import type { Lexicons } from './lexicons/lexicons.ts';
import { lexiconLimits } from './lexicons/limits.ts';
import type { Path, Report } from './problems.ts';
import { scopeKeys, windowKeys } from './schema.ts';
import { readOperatorKeys } from './operatorKeys.ts';
import { readScopeKeys, type ScopeKeyName } from './scopeKeys.ts';
import type { CompileTrace } from './trace.ts';
import { parseShorthand, type Expression } from './shorthand.ts';
import { didYouMean } from './suggest.ts';

const logicKeys = ['all', 'any', 'not', 'atLeast', 'fragment'] as const;
/** Named conditions may multiply as they refer to one another; a form of this size is an attack or a mistake. */
const maxConditions = 40_000;
const ownKeys = new Set<string>([...logicKeys, 'of', 'with', ...scopeKeys, ...windowKeys]);
/** Lists up to this length are told apart by their words, longer ones by where they come from. */
const comparedWhole = 50;
const example = 'Example: { phrase: [thank you for calling], by: agent, turns: first 2 }.';

/** What conditions are compiled against. */
export interface CompileWorld {
  report: Report;
  lexicons: Lexicons;
  knowledge: KnowledgeBases;
  fragments: Fragments;
  calendars: Calendars;
  index: PhraseIndex;
  /** Patterns that are compiled already. */
  patterns: Map<string, Finder>;
  /** Conditions by name, as written. */
  named: Readonly<Record<string, unknown>>;
  /** Models that the scorecard's operators judge by, with their versions; filled while compiling. */
  pins: Map<string, string>;
  /** Notes how things are written, for those who ask. */
  trace: CompileTrace | null;
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
  readonly #phraseFinders = new Map<string | readonly string[], Map<string, Finder>>();
  /** Conditions that ask the same of the same scope, wherever they stand, are one: a session is asked once. */
  readonly #shared = new Map<string, Evaluator>();
  #told = 0;
  #compiled = 0;
  #phrasesUsed = 0;

  constructor(world: CompileWorld) {
    this.#world = {
      ...world,
      report: (...told) => {
        this.#told++;
        world.report(...told);
      },
    };
  }

  compile(given: unknown, path: Path, place: Place): Condition | null {
    const compiled = this.#compile(given, path, place);
    if (compiled) this.#world.trace?.paths.set(compiled, path);
    return compiled;
  }

  #compile(given: unknown, path: Path, place: Place): Condition | null {
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
    const beside: Record<string, string[]> = { atLeast: ['of'], fragment: ['with'] };
    this.#strangers(raw, path, [kind, ...(beside[kind] ?? []), ...scopeKeys, ...windowKeys]);
    if (kind === 'fragment') return this.#fragment(path, place, anchor);
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

  /** What a fragment stands for, compiled as if it were written here; its problems are told where they were written. */
  #fragment(path: Path, place: Place, anchor: Anchor | null): Condition | null {
    const { fragments, report } = this.#world;
    const expanded = fragments.expand(path, report);
    if (!expanded) return null;
    const step = `fragment ${expanded.name}`;
    if (place.trail.includes(step)) {
      const circle = [...place.trail, step].join(' → ');
      report(path, 'circular-reference', `The fragments refer to one another in a circle: ${circle}.`);
      return null;
    }
    this.#world.trace?.usedFragments.add(expanded.name);
    const child = this.compile(expanded.value, expanded.path, { ...place, trail: [...place.trail, step] });
    return child && anchor ? { kind: 'all', children: [child], hits: child.hits, anchor } : child;
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
    // Whoever wants to know how things are written is shown every place, shared or not.
    const { trace } = this.#world;
    const key = trace ? null : sharedKey(operator.name, read.value, read.options, scope);
    const shared = key === null ? undefined : this.#shared.get(key);
    const before = this.#told;
    const evaluate = shared ?? operator.compile(read.value, read.options, this.#context(place, path));
    if (key !== null && this.#told === before) this.#shared.set(key, evaluate);
    const { name, hits } = operator;
    const { value, options } = read;
    const condition = { kind: 'operator' as const, operator: name, value, options, scope, evaluate, hits, anchor };
    trace?.leaves.push({ path, operator: name, value: read.value, options: read.options, condition });
    return condition;
  }

  #context(place: Place, path: Path): OperatorContext {
    const { report, lexicons, knowledge, calendars, pins, trace } = this.#world;
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
        trace?.phrases.push({ path: [...path, ...at], leaf: path, given: list, phrases });
        return this.#phraseFinder(phrases, options.maxGap ?? 0, options.sound ?? 'exact', [...path, ...at]);
      },
      pin: (name, version) => pins.set(name, version),
      pattern: (given, at) => {
        trace?.patterns.push({ path: [...path, ...at], pattern: String(given) });
        return this.#pattern(String(given), [...path, ...at]);
      },
      knowledge: (file, at) => knowledge.get(file, [...path, ...at], report),
      calendar: (given) => calendars.get(given),
      condition: (given, at) => this.compile(given, [...path, ...at], place),
    };
  }

  /** Rules that ask for the same lexicon in the same way share one finder: its words are compared once. */
  #phraseFinder(phrases: readonly string[], maxGap: number, sound: SoundMode, path: Path): Finder {
    const { index, report } = this.#world;
    const key = `${maxGap} ${sound}`;
    const words = phrases.length <= comparedWhole ? JSON.stringify(phrases) : phrases;
    let known = this.#phraseFinders.get(words);
    if (!known) this.#phraseFinders.set(words, (known = new Map<string, Finder>()));
    const shared = known.get(key);
    if (shared) return shared;
    const before = this.#phrasesUsed;
    this.#phrasesUsed += phrases.length;
    const tooMany = this.#phrasesUsed > lexiconLimits.used;
    if (tooMany && before <= lexiconLimits.used)
      report(
        path,
        'lexicon-too-large',
        `The rules look for more than ${lexiconLimits.used} phrases in all.`,
        'Name large lexicons alone, as phrase: $name, so that rules share them.',
      );
    const finder = index.finder(tooMany ? [] : phrases, { maxGap, sound });
    known.set(key, finder);
    return finder;
  }

  #pattern(pattern: string, path: Path): Finder {
    const known = this.#world.patterns.get(pattern);
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
      return { wanted: [pattern], find: () => [], found: () => [], findIn: () => [], closest: () => null };
    }
    this.#world.patterns.set(pattern, finder);
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
          `The conditions ${[...place.trail, name].slice(-20).join(' → ')} refer to one another in a circle.`,
        );
        return null;
      }
      this.#world.trace?.usedConditions.add(name);
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

/**
 * The same for conditions that ask the same; null for those that hold conditions of their own, or name files, whose
 * meaning depends on where they stand.
 */
function sharedKey(operator: string, value: unknown, options: unknown, scope: ScopeSpec): string | null {
  if (operator === 'sequence' || operator === 'answer') return null;
  const key = JSON.stringify([operator, value, options, scope]);
  return key.includes('"file":') || key.length > 10_000 ? null : key;
}
