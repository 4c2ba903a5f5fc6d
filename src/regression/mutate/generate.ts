import { basename } from 'node:path';
import type { Edit, Path } from './edit.ts';
import type { Node, YAMLMap } from 'yaml';
import type { CompiledScorecard } from '../../scorecard/index.ts';
import { Dependencies } from './dependencies.ts';
import { noClue, otherNumbers } from './figures.ts';
import type { Clue, Mutant, MutantKind } from './mutant.ts';
import { mutateItem } from './mutators/items.ts';
import { mutateWords } from './mutators/words.ts';
import { sample, shortHash } from './seeded.ts';
import { isMap, isScalar, isSeq, keyOf, MutableSource, pairOf } from './source.ts';
import { replace, valueOf, type Walk } from './site.ts';
import { walkCondition } from './walk.ts';

export interface GenerateOptions {
  kinds: readonly MutantKind[];
  /** Which words of long lists are taken, and which mutants where there are too many. */
  seed: number;
  /** Words dropped per list. */
  words: number;
  /** Only mutants that touch one of these items; null: all. */
  only: readonly string[] | null;
}

export interface Generated {
  mutants: Mutant[];
  sources: readonly MutableSource[];
  dependencies: Dependencies;
}

/**
 * Every mutant of a scorecard and its lexicon files, in the order of the files. The same scorecard, options and seed give
 * the same list. Definitions that no item uses are left alone: nothing could notice.
 */
export function generateMutants(card: CompiledScorecard, options: GenerateOptions): Generated {
  const sources = card.sources.map(({ path, text }) => new MutableSource(path, text));
  const dependencies = new Dependencies(sources);
  const all = new Set(card.sections.flatMap((section) => section.items.map((item) => item.id)));
  const found = new Map<string, Mutant>();
  for (const source of sources) {
    const visit = (items: readonly string[], name: string, act: (walk: Walk) => void) => {
      const touched = items.filter((item) => all.has(item) && (options.only?.includes(item) ?? true));
      if (touched.length === 0) return;
      act(walkFor(source, touched, name, options, found));
    };
    visitSource(source, dependencies, [...all], visit);
  }
  return { mutants: [...found.values()], sources, dependencies };
}

type Visit = (items: readonly string[], name: string, act: (walk: Walk) => void) => void;

function visitSource(source: MutableSource, uses: Dependencies, all: readonly string[], visit: Visit): void {
  const { root } = source;
  const lexicons = uses.lexiconsOf(source.path);
  if (lexicons.length > 0) {
    const list = isMap(root) ? valueOf(root, 'phrases') : root;
    const path: Path = isMap(root) ? ['phrases'] : [];
    if (list)
      visit(
        lexicons.flatMap((name) => uses.itemsOf(name)),
        lexicons[0]!,
        (walk) => mutateWords(walk, list, path),
      );
    return;
  }
  if (!isMap(root)) return;
  for (const group of ['conditions', 'fragments'])
    for (const [name, node] of entriesOf(root, group))
      visit(uses.itemsOf(name), name, (walk) => walkCondition(walk, node, [group, name], {}));
  for (const [name, node] of entriesOf(root, 'lexicons')) {
    const inner = isMap(node) ? valueOf(node, 'phrases') : node;
    const path = isMap(node) ? ['lexicons', name, 'phrases'] : ['lexicons', name];
    if (inner) visit(uses.itemsOf(`$${name}`), `$${name}`, (walk) => mutateWords(walk, inner, path));
  }
  const sections = valueOf(root, 'sections');
  for (const [s, section] of (isSeq(sections) ? sections.items : []).entries()) {
    const items = isMap(section) ? valueOf(section, 'items') : null;
    for (const [i, item] of (isSeq(items) ? items.items : []).entries()) {
      const id = isMap(item) ? valueOf(item, 'id') : null;
      if (isMap(item) && isScalar(id))
        visit([String(id.value)], String(id.value), (walk) => mutateItem(walk, item, ['sections', s, 'items', i]));
    }
  }
  visit(all, 'card', (walk) => mutateCard(walk, root));
}

/** What is said once for the whole scorecard. */
function mutateCard(walk: Walk, root: YAMLMap): void {
  const number = (map: YAMLMap, key: string, path: Path, kind: MutantKind) => {
    const found = pairOf(map, key);
    if (!found || !isScalar(found.pair.value) || typeof found.pair.value.value !== 'number') return;
    for (const other of otherNumbers(found.pair.value.value))
      replace(walk, kind, found.pair, [...path, key], other.value, other.clue);
  };
  const confidence = valueOf(root, 'confidence');
  if (isMap(confidence)) for (const key of ['words', 'scope']) number(confidence, key, ['confidence'], 'threshold');
  number(root, 'passMark', [], 'scoring');
  const sections = valueOf(root, 'sections');
  for (const [s, section] of (isSeq(sections) ? sections.items : []).entries())
    if (isMap(section)) number(section, 'weight', ['sections', s], 'scoring');
}

function entriesOf(root: YAMLMap, key: string): [string, Node][] {
  const group = valueOf(root, key);
  return isMap(group) ? group.items.flatMap((pair) => (pair.value ? [[keyOf(pair), pair.value as Node]] : [])) : [];
}

function walkFor(
  source: MutableSource,
  items: readonly string[],
  name: string,
  { kinds, seed, words }: GenerateOptions,
  found: Map<string, Mutant>,
): Walk {
  const place = (path: Path) => `${basename(source.path)} ${name} ${within(path)}`;
  return {
    source,
    draw: (given, path) => sample(given, words, seed, place(path)),
    propose: (kind: MutantKind, edit: Edit | null, change: string, clue: Clue = noClue) => {
      if (!edit || !kinds.includes(kind)) return;
      const id = shortHash(`${place(edit.patch.path)} ${kind} ${change}`);
      if (found.has(id)) return;
      found.set(id, {
        id,
        kind,
        file: source.path,
        ...source.placeOf(firstWord(source.text, edit)),
        change,
        ...source.lines(edit),
        items,
        edit,
        clue,
      });
    },
  };
}

/** Where what is changed begins: the last entry of a list goes with the comma or line end before it. */
function firstWord(text: string, { start, end }: Edit): number {
  const skipped = /^[\s,]*(?:- )?/.exec(text.slice(start, end))![0].length;
  return start + skipped < end ? start + skipped : start;
}

/** The place inside a definition: sections, items and conditions are named already, so that others may come and go. */
function within(path: Path): string {
  if (path[0] === 'sections' && path[2] === 'items') return path.slice(4).join('.');
  return path.slice(path[0] === 'conditions' || path[0] === 'lexicons' || path[0] === 'fragments' ? 2 : 0).join('.');
}
