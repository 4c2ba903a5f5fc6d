import {
  childOf,
  type Composition,
  elementsOf,
  entriesOf,
  groupOf,
  isGroup,
  listOf,
  type Written,
} from './compose/written.ts';
import type { Path, Report } from './problems.ts';
import type { RawScorecard } from './schema.ts';
import { didYouMean } from './suggest.ts';

const limits = { entries: 200_000, characters: 10_000 };
const whole = /^<([A-Za-z][A-Za-z0-9_-]*)>$/;
// Not in the name of a group of a pattern: (?P<name>…).
const within = /(?<!\?P?)<([A-Za-z][A-Za-z0-9_-]*)>/g;

/** Whether a text is nothing but a place left open for a parameter. */
export function isPlaceholder(text: string): boolean {
  return whole.test(text);
}

/** The parameters of a fragment by name; null where the fragment is written wrongly, which is told elsewhere. */
type ParameterSpec = ReadonlyMap<string, { required: boolean }> | null;

/** What the fragments of a scorecard take, `sound` being those whose shape is right. */
export function parameterSpecs(
  composition: Composition,
  sound: RawScorecard['fragments'],
): ReadonlyMap<string, ParameterSpec> {
  const read = (params: string[] | Record<string, unknown> | undefined): ParameterSpec =>
    new Map(
      Array.isArray(params)
        ? params.map((name) => [name, { required: true }])
        : Object.entries(params ?? {}).map(([name, value]) => [name, { required: value === null }]),
    );
  return new Map(
    entriesOf(composition.at(['fragments'])).map(([name]) => [
      name,
      sound && Object.hasOwn(sound, name) ? read(sound[name]!.params) : null,
    ]),
  );
}

/** Conditions with places left open, to be filled where they are used. */
export class Fragments {
  readonly #composition: Composition;
  readonly #specs: ReadonlyMap<string, ParameterSpec>;
  #entries = 0;

  constructor(composition: Composition, specs: ReadonlyMap<string, ParameterSpec>) {
    this.#composition = composition;
    this.#specs = specs;
  }

  /**
   * The condition that `{ fragment: name, with: { … } }` at `path` stands for, and a path under which its parts are
   * reported at the places where they were written. Null after a problem.
   */
  expand(path: Path, report: Report): { name: string; value: unknown; path: Path } | null {
    const use = this.#composition.at(path)!;
    const name = childOf(use, 'fragment')?.value;
    const spec = typeof name === 'string' ? this.#specs.get(name) : undefined;
    if (spec === null) return null;
    if (typeof name !== 'string' || !spec) {
      const hint = didYouMean(typeof name === 'string' ? name : '', this.#specs.keys());
      report(
        [...path, 'fragment'],
        'unknown-fragment',
        typeof name === 'string' ? `There is no fragment "${name}".` : '"fragment" takes the name of a fragment.',
        `${hint} Example: { fragment: said-early, with: { what: $identity, limit: 10s } }.`,
      );
      return null;
    }
    const given = this.#arguments(name, spec, use, path, report);
    if (!given) return null;
    try {
      const condition = this.#composition.at(['fragments', name, 'condition']);
      const filled = condition && this.#fill(condition, given);
      if (!filled) {
        report(['fragments', name], 'missing-key', `The fragment "${name}" has no condition.`, example);
        return null;
      }
      return { name, value: filled.value, path: this.#composition.mount(filled) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      report(path, 'yaml-unsafe', error.message, 'Use fewer fragments inside one another.');
      return null;
    }
  }

  #arguments(
    name: string,
    spec: NonNullable<ParameterSpec>,
    use: Written,
    path: Path,
    report: Report,
  ): ReadonlyMap<string, Written> | null {
    const list = childOf(use, 'with');
    if (list && !isGroup(list.value)) {
      report([...path, 'with'], 'wrong-type', '"with" takes parameters by name.', example);
      return null;
    }
    const given = new Map(entriesOf(list));
    let sound = true;
    for (const key of given.keys())
      if (!spec.has(key)) {
        const hint = didYouMean(key, spec.keys());
        report([...path, 'with', key], 'unknown-parameter', `The fragment "${name}" has no parameter "${key}".`, hint);
        sound = false;
      }
    const defaults = this.#composition.at(['fragments', name, 'params'])!;
    for (const [key, { required }] of spec) {
      if (given.has(key)) continue;
      if (!required) given.set(key, childOf(defaults, key)!);
      else {
        const message = `The fragment "${name}" needs the parameter "${key}".`;
        report(path, 'missing-key', message, `Example: { fragment: ${name}, with: { ${key}: … } }.`);
        sound = false;
      }
    }
    return sound ? given : null;
  }

  /** Puts arguments in their places. Parts without any are shared, not copied. */
  #fill(template: Written, given: ReadonlyMap<string, Written>): Written {
    if (++this.#entries > limits.entries)
      throw new RangeError(`Fragments expand to more than ${limits.entries} entries.`);
    const { value, origin } = template;
    if (typeof value === 'string') return fillText(value, template, given);
    if (Array.isArray(value)) {
      const filled = elementsOf(template).flatMap((element): Written[] => {
        const one = this.#fill(element, given);
        // A list in place of one element of a list stands for its elements: [<what>, hello].
        if (one.value === element.value || !Array.isArray(one.value) || typeof element.value !== 'string') return [one];
        this.#entries += one.value.length;
        return elementsOf(one);
      });
      return listOf(filled, origin);
    }
    if (!isGroup(value)) return template;
    return groupOf(
      entriesOf(template).map(([key, part]) => [key, this.#fill(part, given)] as const),
      origin,
    );
  }
}

function fillText(text: string, template: Written, given: ReadonlyMap<string, Written>): Written {
  const alone = whole.exec(text);
  if (alone && given.has(alone[1]!)) return given.get(alone[1]!)!;
  let origin = template.origin;
  const filled = text.replace(within, (written, name: string) => {
    const argument = given.get(name);
    if (!argument || (typeof argument.value !== 'string' && typeof argument.value !== 'number')) return written;
    // The text around is right wherever another argument works; what may be wrong is the argument.
    origin = argument.origin;
    return String(argument.value);
  });
  if (filled.length > limits.characters)
    throw new RangeError(`Fragments expand to a text of more than ${limits.characters} characters.`);
  return filled === text ? template : { value: filled, origin };
}

const example = 'Example: { fragment: said-early, with: { what: $identity, limit: 10s } }.';
