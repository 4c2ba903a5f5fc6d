import type { Localised } from '../session/index.ts';
import { compilePhrases, type PhraseHit, type PhraseSpec, type QuantityFact, tokenise } from '../text/index.ts';
import { type CueKind, cues } from './cues.ts';
import type { KnowledgeEntry, KnowledgeFile, KnowledgeQuantity } from './schema.ts';

export interface CompiledFact {
  quantity: QuantityFact;
}

export interface CompiledEntry {
  id: string;
  title: Localised;
  statement: Localised;
  facts: CompiledFact[];
  validFrom: string | null;
  validTo: string | null;
  /** Every word of the entry's own phrases and statement: they do not point to another topic. */
  vocabulary: ReadonlySet<string>;
}

/** What a phrase hit in a turn means. */
export type Mark = { start: number; end: number } & (
  | { kind: 'topic'; entry: number; asked: boolean; fact: number | null }
  | { kind: 'right' | 'wrong' | 'unless'; entry: number }
  | { kind: 'hedge' | 'ignorance' | CueKind }
);

export interface KnowledgeBase {
  /** Pinned in results. `hash`: SHA-256 of the file. */
  ref: { id: string; version: number; hash: string };
  path: string;
  language: string;
  title: Localised;
  entries: readonly CompiledEntry[];
  /** Everything of interest in a text, ordered by place. */
  marks(text: string): Mark[];
}

type Meaning =
  | { kind: 'topic'; entry: number; asked: boolean; fact: number | null }
  | { kind: 'right' | 'wrong' | 'unless'; entry: number }
  | { kind: 'hedge' | 'ignorance' | CueKind };

/** Turns a checked file into matchers. */
export function compileKnowledge(file: KnowledgeFile, path: string, hash: string): KnowledgeBase {
  const specs: PhraseSpec[] = [];
  const meanings: Meaning[] = [];
  const add = (phrases: readonly string[], maxGap: number, meaning: Meaning) => {
    for (const text of phrases) {
      specs.push({ text, maxGap });
      meanings.push(meaning);
    }
  };
  for (const [entry, source] of file.entries.entries()) {
    add(source.asks, 2, { kind: 'topic', entry, asked: true, fact: null });
    for (const [fact, { subject }] of source.facts.entries())
      add(subject, 2, { kind: 'topic', entry, asked: false, fact });
    add(source.right, 0, { kind: 'right', entry });
    add(source.wrong, 1, { kind: 'wrong', entry });
    add(source.unless, 0, { kind: 'unless', entry });
  }
  add(file.hedges, 0, { kind: 'hedge' });
  add(file.ignorance, 0, { kind: 'ignorance' });
  for (const [kind, phrases] of Object.entries(cues) as [CueKind, readonly string[]][]) add(phrases, 0, { kind });
  const matcher = compilePhrases(specs);
  return {
    ref: { id: file.id, version: file.version, hash },
    path,
    language: file.language,
    title: file.title,
    entries: file.entries.map(compileEntry),
    marks: (text) => matcher.find(text).map((hit) => toMark(hit, meanings)),
  };
}

function toMark(hit: PhraseHit, meanings: readonly Meaning[]): Mark {
  return { ...meanings[hit.phrase]!, start: hit.start, end: hit.end };
}

function compileEntry(entry: KnowledgeEntry): CompiledEntry {
  const own = [
    ...entry.asks,
    ...entry.right,
    ...entry.wrong,
    ...entry.facts.flatMap(({ subject }) => subject),
    entry.statement.en,
    entry.statement.zh,
  ];
  return {
    id: entry.id,
    title: entry.title,
    statement: entry.statement,
    facts: entry.facts.map(({ quantity }) => ({ quantity: toFact(quantity) })),
    validFrom: entry.validFrom ?? null,
    validTo: entry.validTo ?? null,
    vocabulary: new Set(own.flatMap((text) => tokenise(text).map((token) => token.key))),
  };
}

function toFact(quantity: KnowledgeQuantity): QuantityFact {
  const low = quantity.value ?? quantity.low ?? clockMinutes(quantity.from);
  const high = quantity.value ?? quantity.high ?? clockMinutes(quantity.to);
  return { low, high, unit: quantity.unit, currency: quantity.currency ?? null };
}

function clockMinutes(time: string | undefined): number {
  const [hours, minutes] = (time ?? '0:00').split(':').map(Number);
  return hours! * 60 + minutes!;
}
