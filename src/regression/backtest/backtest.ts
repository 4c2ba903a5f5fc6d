import { engine, inspectSession, type Judges, type SessionInput } from '../../pipeline/index.ts';
import type { CompiledScorecard } from '../../scorecard/index.ts';
import type {
  Backtest,
  CardComparison,
  GroupChange,
  ItemResult,
  Localised,
  Problem,
  SessionRef,
  SessionResult,
  Standing,
} from '../../session/index.ts';
import { byText } from './bounded-list.ts';
import { PairedScores } from './exact.ts';
import { type Pairing, pairItems } from './pairing.ts';
import type { Reviews } from './reviews.ts';
import {
  changesOf,
  flipKind,
  GroupTally,
  ItemTally,
  needsPerson,
  noFlips,
  SessionTally,
  standingOf,
  WorkloadTally,
} from './tallies.ts';

export interface BacktestOptions {
  candidate: CompiledScorecard;
  annotator: Judges['annotator'];
  /** Examples per item and sessions per list; everything is counted. */
  limit: number;
  reviews: Reviews | null;
}

/** The card that a session is judged by today. */
export interface Current {
  card: CompiledScorecard;
  /** The session was judged by it, whatever `appliesTo` says of a session of its kind today. */
  judged: boolean;
}

/**
 * Judges sessions by two cards and keeps only what came of the difference: memory grows with items, agents and teams, not with
 * sessions. The order of sessions changes nothing.
 */
export class Backtester {
  readonly #options: BacktestOptions;
  readonly #annotate: Judges['annotator'];
  readonly #cards = new Map<CompiledScorecard, { pairing: Pairing; sessions: number }>();
  readonly #items = new Map<string, ItemTally>();
  readonly #gone = new Map<string, { title: Localised; section: string }>();
  readonly #agents = new Map<string | null, GroupTally>();
  readonly #teams = new Map<string | null, GroupTally>();
  readonly #sessions = { judged: 0, newlyCovered: 0, noLongerCovered: 0, leftOut: 0, flipped: 0 };
  readonly #flips = noFlips();
  readonly #scores = new PairedScores();
  readonly #passed = { before: { passed: 0, n: 0 }, after: { passed: 0, n: 0 } };
  readonly #autoFailed = { before: 0, after: 0 };
  readonly #workload = { before: new WorkloadTally(), after: new WorkloadTally() };
  readonly #lists;
  readonly #failures: Problem[] = [];
  #reviewed = 0;

  constructor(options: BacktestOptions) {
    this.#options = options;
    this.#annotate = onceEach(options.annotator);
    const list = () => new SessionTally(options.limit);
    this.#lists = {
      newlyAutoFailed: list(),
      noLongerAutoFailed: list(),
      newlyFailed: list(),
      newlyPassed: list(),
      joined: list(),
      left: list(),
    };
  }

  /** A session that could not be compared at all. */
  fail(problem: Problem): void {
    this.#failures.push(problem);
  }

  /** A session that the comparison is not about. */
  leaveOut(): void {
    this.#sessions.leftOut++;
  }

  /** Names a card to compare with, so that its items show even where no session is judged by it. */
  compareWith(card: CompiledScorecard): { pairing: Pairing; sessions: number } {
    let known = this.#cards.get(card);
    if (!known) {
      known = { pairing: pairItems(card, this.#options.candidate), sessions: 0 };
      this.#cards.set(card, known);
      for (const section of card.sections)
        for (const item of section.items)
          if (known.pairing.removed.includes(item.id))
            this.#gone.set(item.id, { title: item.title, section: section.id });
    }
    return known;
  }

  add(input: SessionInput, current: Current | null): void {
    const before = current && this.#judge(input, current.card, current.judged);
    const after = this.#judge(input, this.#options.candidate, false);
    if (before === null && after === null) {
      this.leaveOut();
      return;
    }
    this.#sessions.judged++;
    if (before === null) this.#sessions.newlyCovered++;
    if (after === null) this.#sessions.noLongerCovered++;
    const known = before && current ? this.compareWith(current.card) : null;
    if (known) known.sessions++;
    const session = refOf(input);
    const flips = this.#compareItems(session, before, after, known?.pairing ?? null);
    if (flips > 0) this.#sessions.flipped++;
    this.#compareStandings(session, before, after, flips);
    this.#compareWorkload(session, before, after);
  }

  #judge(input: SessionInput, card: CompiledScorecard, judged: boolean): SessionResult | null {
    if (!judged && !card.appliesTo(input.session)) return null;
    const scorecards = [judged ? { ...card, appliesTo: () => true } : card];
    const result = inspectSession(input, { scorecards, annotator: this.#annotate });
    return result.scorecard === null ? null : result;
  }

  #compareItems(
    session: SessionRef,
    before: SessionResult | null,
    after: SessionResult | null,
    pairing: Pairing | null,
  ): number {
    const pairs = new Map<string, { before: ItemResult | null; after: ItemResult | null }>();
    for (const item of after?.items ?? []) pairs.set(item.id, { before: null, after: item });
    for (const item of before?.items ?? []) {
      const id = pairing?.idOf(item.id) ?? item.id;
      pairs.set(id, { before: item, after: pairs.get(id)?.after ?? null });
    }
    let flips = 0;
    for (const [id, pair] of pairs) {
      const review = this.#reviewOf(session.id, id, pair.before?.id);
      if (review !== null) this.#reviewed++;
      if (!this.#tallyOf(id).add(session, pair.before, pair.after, review)) continue;
      flips++;
      this.#flips[flipKind(pair.before!.verdict, pair.after!.verdict)!]++;
    }
    return flips;
  }

  /** A person may have reviewed the item under the id that it had before. */
  #reviewOf(session: string, id: string, formerId: string | undefined) {
    const { reviews } = this.#options;
    return reviews && (reviews.of(session, id) ?? (formerId === undefined ? null : reviews.of(session, formerId)));
  }

  #tallyOf(item: string): ItemTally {
    let tally = this.#items.get(item);
    if (!tally) {
      tally = new ItemTally(this.#options.limit);
      this.#items.set(item, tally);
    }
    return tally;
  }

  #compareStandings(
    session: SessionRef,
    before: SessionResult | null,
    after: SessionResult | null,
    flips: number,
  ): void {
    const [a, b] = [before && standingOf(before), after && standingOf(after)];
    if (a?.score != null && b?.score != null) this.#scores.add(a.score, b.score);
    count(a, this.#passed.before);
    count(b, this.#passed.after);
    if (a && a.autoFails.length > 0) this.#autoFailed.before++;
    if (b && b.autoFails.length > 0) this.#autoFailed.after++;
    for (const change of changesOf(a, b)) this.#lists[change].add(session, a, b);
    groupOf(this.#agents, session.agentId).add(a, b, flips);
    groupOf(this.#teams, session.team).add(a, b, flips);
  }

  #compareWorkload(session: SessionRef, before: SessionResult | null, after: SessionResult | null): void {
    const was = before !== null && needsPerson(before);
    const is = after !== null && needsPerson(after);
    if (was) this.#workload.before.add(before);
    if (is) this.#workload.after.add(after);
    if (was === is) return;
    const list = is ? this.#lists.joined : this.#lists.left;
    list.add(session, before && standingOf(before), after && standingOf(after));
  }

  result(): Backtest {
    const { candidate, reviews } = this.#options;
    const { joined, left, ...lists } = this.#lists;
    const items = candidate.sections.flatMap((section) =>
      section.items.map((item) => this.#tallyOf(item.id).change(item.id, item.title, section.id)),
    );
    const gone = [...this.#gone]
      .sort(([a], [b]) => byText(a, b))
      .map(([id, { title, section }]) => this.#tallyOf(id).change(id, title, section));
    return {
      schema: 'earwitness/backtest/1',
      engine,
      candidate: describe(candidate),
      against: this.#comparisons(),
      sessions: this.#sessions,
      flips: this.#flips,
      score: this.#scores.change(),
      passed: this.#passed,
      autoFailed: this.#autoFailed,
      items: [...items, ...gone],
      agents: groups(this.#agents),
      teams: groups(this.#teams),
      newlyAutoFailed: lists.newlyAutoFailed.list(),
      noLongerAutoFailed: lists.noLongerAutoFailed.list(),
      newlyFailed: lists.newlyFailed.list(),
      newlyPassed: lists.newlyPassed.list(),
      workload: {
        before: this.#workload.before.load(),
        after: this.#workload.after.load(),
        joined: joined.list(),
        left: left.list(),
      },
      reviews: reviews && { verdicts: reviews.count, used: this.#reviewed },
      failures: this.#failures.sort((a, b) => byText(a.path, b.path) || byText(a.message, b.message)),
    };
  }

  #comparisons(): CardComparison[] {
    return [...this.#cards]
      .map(([card, { pairing, sessions }]) => {
        const { added, removed, renamed, settings } = pairing;
        return { card: describe(card), sessions, added, removed, renamed, settings };
      })
      .sort((a, b) => b.card.version - a.card.version || byText(a.card.hash, b.card.hash));
  }
}

function describe({ ref, path, passMark }: CompiledScorecard): Backtest['candidate'] {
  return { ...ref, path, passMark };
}

function refOf({ session: { id, channel, agentId, team }, source }: SessionInput): SessionRef {
  return { id, channel, agentId, team, source };
}

function count(standing: Standing | null, into: { passed: number; n: number }): void {
  if (standing === null || standing.passed === null) return;
  into.n++;
  if (standing.passed) into.passed++;
}

function groupOf(groups: Map<string | null, GroupTally>, key: string | null): GroupTally {
  let tally = groups.get(key);
  if (!tally) {
    tally = new GroupTally();
    groups.set(key, tally);
  }
  return tally;
}

/** By name; sessions that name none come last. */
function groups(tallies: ReadonlyMap<string | null, GroupTally>): GroupChange[] {
  return [...tallies]
    .sort(([a], [b]) =>
      a === null ? 1 : b === null ? -1 : a.localeCompare(b, 'en', { numeric: true }) || byText(a, b),
    )
    .map(([key, tally]) => tally.change(key));
}

/** Both cards see the same annotations, made once per session. */
function onceEach(annotator: Judges['annotator']): Judges['annotator'] {
  let last: { session: unknown; audio: unknown; annotations: ReturnType<typeof annotator.annotate> } | null = null;
  return {
    get model() {
      return annotator.model;
    },
    annotate(session, audio) {
      if (last?.session !== session || last.audio !== audio)
        last = { session, audio, annotations: annotator.annotate(session, audio) };
      return last.annotations;
    },
  };
}
