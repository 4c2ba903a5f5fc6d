import type { Channel } from '../../session/index.ts';
import { foldText } from '../../text/index.ts';
import type { Condition } from '../evaluate/condition.ts';
import type { Origin } from '../load/compose/written.ts';
import { canonicalJson } from '../load/hash.ts';
import type { Path } from '../load/problems.ts';
import type { RawItem } from '../load/schema.ts';
import type { Insides, TracedLeaf, TracedPhrases } from '../load/trace.ts';
import type { CompiledItem, CompiledScorecard, CompiledSection } from '../scorecard.ts';
import type { PublishedEntry } from './ledger.ts';

/** One item with everything that checks ask about it. */
export interface LintedItem {
  item: CompiledItem;
  raw: RawItem;
  section: CompiledSection;
  path: Path;
  /** The channels on which it is judged at all. */
  channels: readonly Channel[];
  /** Its conditions as they stand: `when`, `naWhen`, and those of its rule. */
  conditions: readonly Condition[];
}

/** A phrase of a lexicon with its place. */
export interface LexiconPhrase {
  text: string;
  at: Origin;
}

/** A list in which phrases stand together. */
export interface PhraseGroup {
  phrases: readonly LexiconPhrase[];
  /** The file they stand in. */
  file: string;
}

/** A compiled scorecard beside the way it is written. */
export class LintedCard {
  readonly card: CompiledScorecard;
  readonly insides: Insides;
  readonly history: readonly PublishedEntry[];
  readonly items: readonly LintedItem[];
  readonly #leaves: ReadonlyMap<Condition, TracedLeaf>;
  readonly #keys = new Map<Condition, string>();

  constructor(card: CompiledScorecard, insides: Insides, history: readonly PublishedEntry[]) {
    this.card = card;
    this.insides = insides;
    this.history = history;
    this.#leaves = new Map(insides.trace.leaves.map((leaf) => [leaf.condition, leaf]));
    const all: readonly Channel[] = insides.raw.channels ?? ['call', 'chat', 'ticket'];
    this.items = card.sections.flatMap((section, s) =>
      section.items.map((item, i): LintedItem => {
        const raw = insides.raw.sections[s]!.items[i]!;
        return {
          item,
          raw,
          section,
          path: ['sections', s, 'items', i],
          channels: all.filter((one) => item.channels?.includes(one) ?? true),
          conditions: [item.when, item.naWhen, ...ruleConditions(item)].filter((one) => one !== null),
        };
      }),
    );
  }

  /** Where something of the composed scorecard was written. */
  at(path: Path): Origin {
    return this.insides.composition.originOf(path);
  }

  /** Whether a name or key stands in the scorecard's own file rather than in one that it rests on. */
  isOwn(path: Path): boolean {
    return this.at(path).source.file === this.insides.composition.file;
  }

  leafOf(condition: Condition): TracedLeaf | undefined {
    return this.#leaves.get(condition);
  }

  placeOf(condition: Condition, fallback: Path): Origin {
    return this.at(this.insides.trace.paths.get(condition) ?? fallback);
  }

  /** Conditions with the same key are true in the same sessions. */
  keyOf(condition: Condition): string {
    const known = this.#keys.get(condition);
    if (known !== undefined) return known;
    const key = `${this.#bareKey(condition)}${this.#anchorKey(condition)}`;
    this.#keys.set(condition, key);
    return key;
  }

  #bareKey(condition: Condition): string {
    switch (condition.kind) {
      case 'operator': {
        const leaf = this.#leaves.get(condition);
        const { value, options } = leaf ?? {};
        return canonicalJson([condition.operator, value, options, condition.scope]);
      }
      case 'not':
        return condition.child.kind === 'not' && !condition.child.anchor
          ? this.keyOf(condition.child.child)
          : `!(${this.keyOf(condition.child)})`;
      default: {
        const parts = [...new Set(condition.children.map((child) => this.keyOf(child)))].sort();
        if (parts.length === 1 && condition.kind !== 'atLeast') return parts[0]!;
        return `${condition.kind}${condition.kind === 'atLeast' ? condition.n : ''}(${parts.join(';')})`;
      }
    }
  }

  #anchorKey({ anchor }: Condition): string {
    if (!anchor) return '';
    const target = anchor.target === 'when' ? 'when' : this.keyOf(anchor.target);
    return `@${canonicalJson([anchor.place, anchor.within, anchor.hit, target])}`;
  }

  /** What one leaf looks for under a key of its own: `phrase`, `except` … */
  phrasesOf(leaf: TracedLeaf, key: string): TracedPhrases | undefined {
    return this.insides.trace.phrases.find(
      ({ leaf: asked, path }) =>
        asked.length === leaf.path.length &&
        path.length > asked.length &&
        path[asked.length] === key &&
        samePath(asked, leaf.path),
    );
  }

  /** Every list of phrases: lexicons with their files, and lists written in rules. Each list once. */
  *phraseGroups(): Generator<PhraseGroup> {
    const seen = new Set<string>();
    const fresh = (at: Origin) => {
      const key = `${at.source.file}#${at.path.join('/')}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    };
    for (const [, { lists }] of this.insides.lexicons.entries)
      for (const { phrases, references, originOf } of lists) {
        const placed = phrases.flatMap((text, index) =>
          text === '' || (references && text.startsWith('$')) ? [] : [{ text, at: originOf(index) }],
        );
        if (placed[0] && fresh(placed[0].at)) yield { phrases: placed, file: placed[0].at.source.file };
      }
    // An operator may look for phrases of its own, which stand nowhere in the scorecard.
    const isWritten = (path: Path) => this.insides.composition.at(path) !== undefined;
    for (const { path, given } of this.insides.trace.phrases) {
      const placed = given.flatMap((text, index) =>
        text.startsWith('$') || !isWritten([...path, index]) ? [] : [{ text, at: this.at([...path, index]) }],
      );
      if (placed[0] && fresh(placed[0].at)) yield { phrases: placed, file: placed[0].at.source.file };
    }
  }
}

function ruleConditions({ rule }: CompiledItem): readonly Condition[] {
  if (rule.kind === 'manual') return [];
  return rule.kind === 'levels' ? rule.levels.map(({ condition }) => condition) : [rule.condition];
}

const samePath = (a: Path, b: Path) => a.every((step, index) => step === b[index]);

/** A condition and everything inside it, anchors too. */
export function* everyCondition(condition: Condition): Generator<Condition> {
  yield condition;
  if (condition.anchor && condition.anchor.target !== 'when') yield* everyCondition(condition.anchor.target);
  if (condition.kind === 'not') yield* everyCondition(condition.child);
  else if (condition.kind !== 'operator') for (const child of condition.children) yield* everyCondition(child);
}

/** The conditions of which each alone makes the whole true. */
export function sufficient(condition: Condition): readonly Condition[] {
  if (condition.anchor || condition.kind === 'operator' || condition.kind === 'not') return [condition];
  if (condition.kind === 'any' || condition.children.length === 1) return condition.children.flatMap(sufficient);
  return [condition];
}

/** Phrases that differ in their keys find different words, but for the spelling of numbers. */
export const folded = (phrase: string) =>
  foldText(phrase)
    .replace(/[^\p{L}\p{M}\p{N}*]+/gu, ' ')
    .trim();
