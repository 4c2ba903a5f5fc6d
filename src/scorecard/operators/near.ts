import { z } from 'zod';
import type { Localised } from '../../session/index.ts';
import { compileSpacing, type Spacing } from '../../text/index.ts';
import { everyTurn, type Closest, type Finder, type Match } from '../matching.ts';
import { both, quoted } from '../wording.ts';
import { nearExamples } from './examples/near.ts';
import { countField, key, phraseList } from './fields.ts';
import { defineOperator } from './operator.ts';
import { askText } from './textual.ts';

/** One find of one term. */
interface Find {
  start: number;
  end: number;
  group: number;
  note: Localised | null;
}

/** Finds of different terms, each followed by the next within the gap. */
interface Chain {
  finds: Find[];
  groups: number;
}

interface Terms {
  groups: readonly Finder[];
  maxGap: number;
  ordered: boolean;
  notIn: Finder | null;
}

const findsPerText = 200;

export const near = defineOperator({
  name: 'near',
  summary: both('words close to one another', '彼此靠近的词语'),
  details:
    'True where every term is found, each close enough to the next. What came nearest is shown with its distance: “8 words apart, at most 3”.',
  example: '{ near: { terms: [[refund, money back], [impossible, not possible]], maxGap: 3 }, by: agent }',
  value: z.strictObject({
    terms: z.array(phraseList).min(2).max(6).meta({
      description: 'Two to six terms; each a phrase, a $lexicon, or a list of them that stand for one another.',
    }),
    maxGap: key(
      z.number().int().min(0).max(100),
      'Words (Chinese: characters) at most between one term and the next; hesitations are not counted.',
      3,
    ),
    ordered: key(z.boolean(), 'Whether the terms must stand in the order written.', false),
    notIn: key(phraseList, 'A term found inside one of these does not count: `notIn: [no refund]`.'),
    sound: key(z.enum(['exact', 'near', 'homophone']), 'As in [`phrase`](phrase.md).', 'exact'),
  }),
  options: z.strictObject({ minHits: key(countField, 'Hits wanted in one unit.', 1) }),
  scope: ['by', 'turns', 'time', 'zero', 'quantifier', 'unit', 'visibility', 'anchor'],
  hits: true,
  examples: nearExamples,
  compile({ terms, maxGap = 3, ordered = false, notIn, sound = 'exact' }, { minHits = 1 }, context) {
    const groups = terms.map((term, index) => context.phrases(term, ['near', 'terms', index], { sound }));
    const excepted = notIn === undefined ? null : context.phrases(notIn, ['near', 'notIn']);
    const finder = nearFinder({ groups, maxGap, ordered, notIn: excepted });
    return (scope, evaluation) =>
      askText({ op: 'near', finder, except: null, wanted: { kind: 'any' }, minHits }, scope, evaluation);
  },
});

function nearFinder(terms: Terms): Finder {
  const names = terms.groups.map(({ wanted }) => wanted.slice(0, 3).join('/') + (wanted.length > 3 ? '/…' : ''));
  const wanted = [names.join(terms.ordered ? ' → ' : ' + ')];
  const search = (text: string, find: (finder: Finder) => readonly Match[]): Match[] => {
    const finds = findsOf(terms, find).kept;
    if (new Set(finds.map((one) => one.group)).size < terms.groups.length) return [];
    return complete(chains(finds, terms, compileSpacing(text)), terms).map(({ finds: parts }) => ({
      start: parts[0]!.start,
      end: parts.at(-1)!.end,
      alternative: 0,
      note: joined(parts.map((part) => part.note)),
    }));
  };
  const find: Finder['find'] = (view, turn) => search(turn.text, (finder) => finder.find(view, turn));
  return {
    wanted,
    find,
    found: everyTurn(find),
    findIn: (text) => search(text, (finder) => finder.findIn(text)),
    closest: (view, turn) =>
      closest(
        terms,
        turn.text,
        findsOf(terms, (finder) => finder.find(view, turn)),
        wanted[0]!,
      ),
  };
}

function joined(notes: readonly (Localised | null)[]): Localised | null {
  const given = notes.filter((note) => note !== null);
  if (given.length === 0) return null;
  return both(given.map((note) => note.en).join(', '), given.map((note) => note.zh).join('，'));
}

/** Every find of every term in order of place; those inside a phrase of `notIn` apart. */
function findsOf(terms: Terms, find: (finder: Finder) => readonly Match[]): { kept: Find[]; dropped: Find[] } {
  const all = terms.groups
    .flatMap((finder, group) => find(finder).map(({ start, end, note }) => ({ start, end, group, note })))
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .slice(0, findsPerText);
  const shields = terms.notIn && all.length > 0 ? find(terms.notIn) : [];
  const shielded = (one: Find) => shields.some((shield) => shield.start <= one.start && shield.end >= one.end);
  return { kept: all.filter((one) => !shielded(one)), dropped: all.filter(shielded) };
}

/**
 * The tightest chain that ends at each find for each set of terms in it. A chain grows by a find that begins behind it,
 * near enough, of a term that it lacks (`ordered`: of the next term). At most 2⁶ sets per find.
 */
function chains(finds: readonly Find[], { maxGap, ordered }: Terms, between: Between): Chain[] {
  const ending: Map<number, Chain>[] = [];
  for (const [at, find] of finds.entries()) {
    const own = new Map<number, Chain>();
    const bit = 1 << find.group;
    if (!ordered || find.group === 0) own.set(bit, { finds: [find], groups: bit });
    for (let before = at - 1; before >= 0; before--) {
      const last = finds[before]!;
      if (last.end > find.start || between(last.end, find.start).count > maxGap) continue;
      for (const chain of ending[before]!.values()) {
        if ((chain.groups & bit) !== 0 || (ordered && chain.groups !== bit - 1)) continue;
        const groups = chain.groups | bit;
        const known = own.get(groups);
        if (!known || known.finds[0]!.start < chain.finds[0]!.start)
          own.set(groups, { finds: [...chain.finds, find], groups });
      }
    }
    ending.push(own);
  }
  return ending.flatMap((own) => [...own.values()]);
}

type Between = (end: number, start: number) => Spacing;

/** Chains that hold every term, the tightest first where they overlap, none counted twice. */
function complete(all: readonly Chain[], { groups }: Terms): Chain[] {
  const full = (1 << groups.length) - 1;
  const length = ({ finds }: Chain) => finds.at(-1)!.end - finds[0]!.start;
  const kept: Chain[] = [];
  for (const chain of all.filter((one) => one.groups === full).sort((a, b) => length(a) - length(b)))
    if (
      kept.every(
        (one) => one.finds.at(-1)!.end <= chain.finds[0]!.start || chain.finds.at(-1)!.end <= one.finds[0]!.start,
      )
    )
      kept.push(chain);
  return kept.sort((a, b) => a.finds[0]!.start - b.finds[0]!.start);
}

/** The two neighbouring finds that come nearest to holding, or a lone find; with what is missing. */
function closest(
  terms: Terms,
  text: string,
  { kept, dropped }: { kept: Find[]; dropped: Find[] },
  wanted: string,
): Closest | null {
  const between = compileSpacing(text);
  const best = nearestPair(kept, between);
  if (best) {
    const [a, b, { count, characters }] = best;
    // Pairs that are near enough fail for order, or for a third term.
    if (count > terms.maxGap)
      return {
        start: a.start,
        end: b.end,
        similarity: (0.7 * (terms.maxGap + 1)) / (count + 1),
        wanted,
        miss: {
          measured: count,
          threshold: terms.maxGap,
          unit: characters ? 'character' : 'word',
          note: both(
            `${count} ${characters ? 'characters' : count === 1 ? 'word' : 'words'} apart, at most ${terms.maxGap}`,
            `相隔 ${count} 个${characters ? '字' : '词'}，最多 ${terms.maxGap} 个`,
          ),
        },
      };
    const present = new Set(kept.map((one) => one.group));
    const note =
      present.size === terms.groups.length
        ? terms.ordered
          ? both('in another order than asked for', '顺序与要求不符')
          : both('not all close to one another', '未全部靠近')
        : missing(terms, present);
    return { start: a.start, end: b.end, similarity: 0.7, wanted, miss: unmeasured(note) };
  }
  const lone = kept[0];
  if (lone) {
    const note = missing(terms, new Set([lone.group]));
    return { start: lone.start, end: lone.end, similarity: 0.3, wanted, miss: unmeasured(note) };
  }
  const shielded = dropped[0];
  if (!shielded) return null;
  const note = both('inside a phrase that does not count', '位于不计入的短语之中');
  return { start: shielded.start, end: shielded.end, similarity: 0.2, wanted, miss: unmeasured(note) };
}

function unmeasured(note: Localised) {
  return { measured: null, threshold: null, unit: null, note };
}

function missing(terms: Terms, present: ReadonlySet<number>): Localised {
  const absent = terms.groups.filter((_, group) => !present.has(group)).map(({ wanted }) => quoted(wanted[0] ?? ''));
  return both(
    `without ${absent.map((one) => one.en).join(', ')} beside it`,
    `附近没有${absent.map((one) => one.zh).join('、')}`,
  );
}

function nearestPair(finds: readonly Find[], between: Between): [Find, Find, Spacing] | null {
  let best: [Find, Find, Spacing] | null = null;
  for (const [at, b] of finds.entries())
    for (let before = at - 1; before >= 0; before--) {
      const a = finds[before]!;
      if (a.group === b.group || a.end > b.start) continue;
      const spacing = between(a.end, b.start);
      if (!best || spacing.count < best[2].count) best = [a, b, spacing];
    }
  return best;
}
