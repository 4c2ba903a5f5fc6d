import type {
  Flip,
  FlipCounts,
  FlipSide,
  GroupChange,
  ItemChange,
  ItemResult,
  Localised,
  SessionList,
  SessionRef,
  SessionResult,
  Standing,
  Verdict,
  VerdictCounts,
  Workload,
} from '../../session/index.ts';
import { AgreementTable } from './agreement.ts';
import { BoundedList, byText } from './bounded-list.ts';
import { PairedScores } from './exact.ts';
import type { Review } from './reviews.ts';

export type FlipKind = keyof FlipCounts;

/** In the order in which a reader wants to know. */
const flipKinds: readonly FlipKind[] = ['passToFail', 'failToPass', 'toUnknown', 'fromUnknown', 'toNa', 'fromNa'];

/** Which kind of flip a pair of verdicts is; null where it is none. */
export function flipKind(before: Verdict, after: Verdict): FlipKind | null {
  if (before === after) return null;
  if (after === 'unknown') return 'toUnknown';
  if (after === 'na') return 'toNa';
  if (before === 'unknown') return 'fromUnknown';
  if (before === 'na') return 'fromNa';
  return after === 'fail' ? 'passToFail' : 'failToPass';
}

export const noFlips = (): FlipCounts => ({
  passToFail: 0,
  failToPass: 0,
  toUnknown: 0,
  fromUnknown: 0,
  toNa: 0,
  fromNa: 0,
});
const noVerdicts = (): VerdictCounts => ({ pass: 0, fail: 0, unknown: 0, na: 0 });

/** What happens to one item over all sessions. */
export class ItemTally {
  readonly flips = noFlips();
  #before: VerdictCounts | null = null;
  #after: VerdictCounts | null = null;
  readonly #examples: BoundedList<Flip & { kind: FlipKind }>;
  readonly #agreedBefore = new AgreementTable();
  readonly #agreedAfter = new AgreementTable();

  constructor(limit: number) {
    this.#examples = new BoundedList(
      limit,
      (a, b) => flipKinds.indexOf(a.kind) - flipKinds.indexOf(b.kind) || byText(a.session.id, b.session.id),
    );
  }

  /** Returns whether the verdict flipped. Null: that card has no such item, or did not judge the session. */
  add(
    session: SessionRef,
    before: ItemResult | null,
    after: ItemResult | null,
    review: Review['verdict'] | null,
  ): boolean {
    if (before) (this.#before ??= noVerdicts())[before.verdict]++;
    if (after) (this.#after ??= noVerdicts())[after.verdict]++;
    if (review !== null) {
      if (before) this.#agreedBefore.add(before.verdict, review);
      if (after) this.#agreedAfter.add(after.verdict, review);
    }
    const kind = before && after && flipKind(before.verdict, after.verdict);
    if (!kind) return false;
    this.flips[kind]++;
    this.#examples.add({ kind, session, before: sideOf(before), after: sideOf(after) });
    return true;
  }

  change(id: string, title: Localised, section: string): ItemChange {
    const [before, after] = [this.#agreedBefore.result(), this.#agreedAfter.result()];
    return {
      id,
      title,
      section,
      before: this.#before,
      after: this.#after,
      flips: this.flips,
      examples: this.#examples.shown.map(({ kind: _kind, ...flip }) => flip),
      agreement: before === null && after === null ? null : { before, after },
    };
  }
}

/** The first evidence with words, else the closest miss with words. */
function sideOf({ verdict, reason, evidence, nearMisses }: ItemResult): FlipSide {
  const proof = evidence.find(({ quote }) => quote !== '') ?? nearMisses.find(({ quote }) => quote !== '');
  return {
    verdict,
    reason,
    quote: proof?.quote ?? null,
    turn: proof?.turn ?? null,
    startMs: proof?.startMs ?? null,
    note: proof?.note ?? null,
  };
}

/** What happens to one agent or team. */
export class GroupTally {
  readonly #scores = new PairedScores();
  readonly #counts = { sessions: 0, flips: 0, newlyFailed: 0, newlyPassed: 0, newlyAutoFailed: 0 };

  add(before: Standing | null, after: Standing | null, flips: number): void {
    this.#counts.sessions++;
    this.#counts.flips += flips;
    if (before?.score != null && after?.score != null) this.#scores.add(before.score, after.score);
    for (const change of changesOf(before, after)) if (change !== 'noLongerAutoFailed') this.#counts[change]++;
  }

  change(key: string | null): GroupChange {
    return { key, ...this.#counts, score: this.#scores.change() };
  }
}

export type StandingChange = 'newlyAutoFailed' | 'noLongerAutoFailed' | 'newlyFailed' | 'newlyPassed';

/** How a session stands differently. One that only one card judges has not changed: it is covered or not. */
export function changesOf(before: Standing | null, after: Standing | null): StandingChange[] {
  if (before === null || after === null) return [];
  const auto = (standing: Standing) => standing.autoFails.length > 0;
  return [
    ...(auto(after) && !auto(before) ? ['newlyAutoFailed' as const] : []),
    ...(auto(before) && !auto(after) ? ['noLongerAutoFailed' as const] : []),
    ...(after.passed === false && before.passed !== false ? ['newlyFailed' as const] : []),
    ...(after.passed === true && before.passed !== true ? ['newlyPassed' as const] : []),
  ];
}

/** Sessions with how they stand before and after, those with the largest change first. */
export class SessionTally {
  readonly #list: BoundedList<SessionList['shown'][number]>;

  constructor(limit: number) {
    this.#list = new BoundedList(limit, (a, b) => distance(b) - distance(a) || byText(a.session.id, b.session.id));
  }

  add(session: SessionRef, before: Standing | null, after: Standing | null): void {
    this.#list.add({ session, before, after });
  }

  list(): SessionList {
    return { total: this.#list.total, shown: this.#list.shown };
  }
}

function distance({ before, after }: SessionList['shown'][number]): number {
  return before?.score != null && after?.score != null ? Math.abs(after.score - before.score) : 0;
}

/** What a person has to look at. */
export class WorkloadTally {
  #sessions = 0;
  #calls = 0;
  #ms = 0;

  add({ channel, measures }: SessionResult): void {
    this.#sessions++;
    // Only a call has to be heard for as long as it lasted.
    if (channel !== 'call' || measures.durationMs === null) return;
    this.#calls++;
    this.#ms += measures.durationMs;
  }

  load(): Workload {
    return { sessions: this.#sessions, calls: this.#calls, minutes: this.#ms / 60_000 };
  }
}

export function needsPerson({ risk, provisional }: SessionResult): boolean {
  return risk.band === 'critical' || risk.band === 'high' || provisional;
}

export function standingOf({ score, passed, provisional, autoFails, risk }: SessionResult): Standing {
  return { score, passed, provisional, autoFails: autoFails.map(({ item }) => item), band: risk.band };
}
