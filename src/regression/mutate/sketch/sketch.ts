import type { Annotator } from '../../../annotate/index.ts';
import { type CompiledScorecard, Hearing, statedOpinions } from '../../../scorecard/index.ts';
import type { EvalNode, Evidence, ItemResult, Session, Verdict } from '../../../session/index.ts';
import type { FixtureCase } from '../../fixtures/fixture.ts';
import { readFixture } from '../../fixtures/read.ts';
import { buildSession } from '../../fixtures/session.ts';
import { type PreparedCase, prepareCases, prepareSession } from '../../run/prepare.ts';
import type { Mutant } from '../mutant.ts';
import { Trial } from '../trial.ts';
import { bare, general, pointed, type Quote } from './candidates.ts';
import { type Draft, draftOf, fixtureOf } from './draft.ts';
import { type Statement, writeFixture } from './write.ts';

/** A fixture that tells a mutant from the original; both were run on it. */
export interface Sketch {
  item: string;
  original: Verdict;
  mutant: Verdict;
  /** Ready to be pasted: passes on the scorecard as it stands and fails on the mutant. */
  yaml: string;
  /** A case that tells the two apart already, where only the expectation is missing. */
  existing: { file: string; line: number; name: string } | null;
}

const limits = { bases: 4, pointed: 240, pool: 260, minimise: 40 };

/** Words for a phrase as a rule writes it: itself, or some of the lexicon that a `$name` stands for. */
export type PhrasesOf = (phrase: string) => readonly string[];

interface Candidate {
  draft: Draft;
  /** Null where the session is none that the scorecard judges. */
  hearing: Hearing | null;
  /** The case that the session is taken from as it stands. */
  existing?: PreparedCase;
}

interface Base {
  draft: Draft;
  quotes: readonly Quote[];
}

interface Difference extends Statement {
  original: ItemResult;
  mutant: ItemResult;
}

/** Looks for a session on which the original and a mutant of a scorecard differ, starting from the fixtures there are. */
export class Sketcher {
  readonly #card: CompiledScorecard;
  readonly #trials: readonly Trial[];
  readonly #annotator: Annotator;
  readonly #phrasesOf: PhrasesOf;
  /** Sessions that were tried for one item, kept while its mutants are looked at. */
  #pool: { item: string; tried: Candidate[] } = { item: '', tried: [] };

  constructor(card: CompiledScorecard, trials: readonly Trial[], annotator: Annotator, phrasesOf: PhrasesOf) {
    this.#phrasesOf = phrasesOf;
    this.#card = card;
    this.#trials = trials;
    this.#annotator = annotator;
  }

  /** Null where none of the sessions tried tells the two apart. */
  sketch(mutant: Mutant, mutated: CompiledScorecard): Sketch | null {
    for (const { draft, hearing, existing } of this.#candidates(mutant)) {
      const found = hearing && this.#difference(hearing, mutated, mutant.items);
      if (!found) continue;
      const small = this.#minimise(draft, found, mutated);
      const sketch = this.#written(mutant, mutated, small.draft, small.difference, existing?.case ?? null);
      if (sketch) return sketch;
    }
    return null;
  }

  *#candidates(mutant: Mutant): Generator<Candidate> {
    for (const { prepared, hearing } of this.#trials) {
      const draft = draftOf(prepared.case);
      if (draft && this.#judges(prepared.session)) yield { draft, hearing, existing: prepared };
    }
    const bases = this.#bases(mutant.items);
    const { language } = this.#card.ref;
    const clue = { ...mutant.clue, phrases: mutant.clue.phrases.flatMap((phrase) => this.#phrasesOf(phrase)) };
    let left = limits.pointed;
    for (const base of bases)
      for (const draft of pointed(base.draft, base.quotes, clue, language)) if (left-- > 0) yield this.#ready(draft);
    for (const draft of bare(clue.phrases, language)) yield this.#ready(draft);
    yield* this.#pooled(mutant.items[0]!, bases, language);
  }

  *#pooled(item: string, bases: readonly Base[], language: string): Generator<Candidate> {
    if (this.#pool.item !== item) this.#pool = { item, tried: [] };
    const { tried } = this.#pool;
    yield* [...tried];
    let skip = tried.length;
    for (const base of bases)
      for (const draft of general(base.draft, base.quotes, language)) {
        if (skip-- > 0) continue;
        if (tried.length >= limits.pool) return;
        const { hearing } = this.#ready(draft);
        if (!hearing) continue;
        tried.push({ draft, hearing });
        yield { draft, hearing };
      }
  }

  /** Sessions to start from: those of cases that name the item, else any; each with the words that it is judged by. */
  #bases(items: readonly string[]): Base[] {
    const named = this.#trials.filter((trial) => trial.names(items));
    const chosen = (named.length > 0 ? named : this.#trials).flatMap((trial) => {
      const draft = draftOf(trial.prepared.case);
      const whole = draft?.facts.measures === undefined && draft?.facts.audio === undefined;
      return draft && whole ? [{ draft, trial }] : [];
    });
    return chosen
      .sort((a, b) => a.draft.turns.length - b.draft.turns.length)
      .slice(0, limits.bases)
      .map(({ draft, trial }) => ({ draft, quotes: this.#quotes(trial, items) }));
  }

  #quotes({ hearing, prepared }: Trial, items: readonly string[]): Quote[] {
    if (!this.#judges(prepared.session)) return [];
    const { items: judged } = hearing.judge(this.#card, new Set(items));
    const found = judged.flatMap(({ tree }) => (tree ? evidenceIn(tree) : []));
    const quotes = found.flatMap(({ turn, quote }) =>
      turn === null || quote === '' ? [] : [{ index: turn - 1, text: quote }],
    );
    return [...new Map(quotes.map((one) => [`${one.index} ${one.text}`, one])).values()].slice(0, 8);
  }

  #judges(session: Session): boolean {
    return session.turns.length > 0 && this.#card.appliesTo(session);
  }

  #ready(draft: Draft): Candidate {
    const early = draft.turns.some(({ start, end }) => (start ?? 0) < 0 || (end ?? 0) < (start ?? 0));
    if (early || draft.turns.length === 0) return { draft, hearing: null };
    const { session, facts } = fixtureOf(draft);
    const built = buildSession(session, { id: 'sketch', language: this.#card.ref.language });
    if (!this.#judges(built)) return { draft, hearing: null };
    const { annotations } = prepareSession(caseOf(session, facts), built, this.#annotator);
    return {
      draft,
      hearing: new Hearing(built, annotations, { resemblances: false, opinions: statedOpinions(facts.opinions ?? {}) }),
    };
  }

  /** The first item that the two judge differently, where the original has a verdict to state. */
  #difference(hearing: Hearing, mutated: CompiledScorecard, items: readonly string[]): Difference | null {
    const only = new Set(items);
    const before = hearing.judge(this.#card, only).items;
    const after = hearing.judge(mutated, only).items;
    for (const original of before) {
      const mutant = after.find((one) => one.id === original.id);
      if (!mutant || original.verdict === 'unknown') continue;
      const points = original.verdict === mutant.verdict && original.earned !== mutant.earned ? original.earned : null;
      if (original.verdict !== mutant.verdict || points !== null)
        return { item: original.id, verdict: original.verdict, points, original, mutant };
    }
    return null;
  }

  /** Leaves out turns as long as the two still differ in the same way. */
  #minimise(
    draft: Draft,
    difference: Difference,
    mutated: CompiledScorecard,
  ): { draft: Draft; difference: Difference } {
    let best = { draft, difference };
    let left = limits.minimise;
    for (let i = draft.turns.length - 1; i >= 0 && left > 0 && best.draft.turns.length > 1; i--, left--) {
      const turns = best.draft.turns.filter((_, k) => k !== i);
      const smaller = { ...best.draft, turns };
      const { hearing } = this.#ready(smaller);
      const found = hearing && this.#difference(hearing, mutated, [difference.item]);
      if (found?.verdict === difference.verdict && found.mutant.verdict === difference.mutant.verdict)
        best = { draft: smaller, difference: found };
    }
    return best;
  }

  /** The fixture as text, read back and run on both: what is handed out has been seen to work. */
  #written(
    mutant: Mutant,
    mutated: CompiledScorecard,
    draft: Draft,
    found: Difference,
    existing: FixtureCase | null,
  ): Sketch | null {
    const { id, language } = this.#card.ref;
    const told = found.points === null ? found.mutant.verdict : `${found.mutant.earned} points`;
    const yaml = writeFixture(id, `${found.item}: ${mutant.change}`, draft, found, `the mutant says ${told}`);
    const file = readFixture('sketch.fixture.yaml', yaml);
    const [prepared] = prepareCases(file.cases, { annotator: this.#annotator, language });
    if (!prepared || file.problems.length > 0) return null;
    const trial = new Trial(prepared);
    if (trial.against(this.#card, null) !== null || trial.against(mutated, null) === null) return null;
    return {
      item: found.item,
      original: found.original.verdict,
      mutant: found.mutant.verdict,
      yaml,
      existing: existing && { file: existing.place.file, line: existing.place.line, name: existing.name },
    };
  }
}

function evidenceIn(node: EvalNode): Evidence[] {
  return [...node.evidence, ...node.children.flatMap(evidenceIn)];
}

function caseOf(session: FixtureCase['session'], facts: FixtureCase['facts']): FixtureCase {
  const place = { file: 'sketch.fixture.yaml', line: 1, column: 1 };
  const name = 'sketch';
  const shared = { id: name, name, place, scorecard: '', scorecardPlace: place, skip: null, strict: false };
  return { ...shared, session, facts, expect: [], at: { document: 0, index: null } };
}
