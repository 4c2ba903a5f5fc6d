import { assessRisk } from '../../risk/index.ts';
import { type CompiledScorecard, Hearing, statedOpinions } from '../../scorecard/index.ts';
import type { Expectation, FixtureCase } from '../fixtures/fixture.ts';
import { assertCase } from '../run/assertions.ts';
import type { PreparedCase } from '../run/prepare.ts';
import type { Assertion } from '../run/result.ts';

/** What a case said against a scorecard. */
export interface Objection {
  case: FixtureCase;
  assertion: Assertion;
}

/** One case before the variants of a scorecard; whatever they share is judged once. */
export class Trial {
  readonly prepared: PreparedCase;
  readonly hearing: Hearing;
  readonly #items: ReadonlySet<string>;
  /** Whether something is expected of the session as a whole, so that any item may matter. */
  readonly #whole: boolean;

  constructor(prepared: PreparedCase) {
    this.prepared = prepared;
    const { expect, strict, facts } = prepared.case;
    const resemblances = expect.some((one) => one.kind === 'item' && (one.near.length > 0 || one.reason !== null));
    this.hearing = new Hearing(prepared.session, prepared.annotations, {
      resemblances,
      opinions: statedOpinions(facts.opinions ?? {}),
    });
    this.#items = new Set(expect.flatMap((one) => (one.kind === 'item' ? [one.item] : [])));
    this.#whole = strict || expect.some((one) => one.kind !== 'item' && one.kind !== 'applies');
  }

  /** Whether the case could notice a change of one of these items. */
  watches(items: readonly string[]): boolean {
    return this.#whole || items.some((item) => this.#items.has(item));
  }

  names(items: readonly string[]): boolean {
    return items.some((item) => this.#items.has(item));
  }

  /** The first expectation that the scorecard does not meet; of these items and of the whole, or (null) of everything. */
  against(card: CompiledScorecard, items: readonly string[] | null): Objection | null {
    const { case: one, session, annotations } = this.prepared;
    const applies = card.appliesTo(session) && session.turns.length > 0;
    const expect = items === null ? one.expect : one.expect.filter((each) => concerns(each, items));
    const only = this.#whole || items === null ? null : new Set(items.filter((item) => this.#items.has(item)));
    const result = applies ? this.hearing.judge(card, only) : null;
    const wanted = expect.some(({ kind }) => kind === 'risk');
    const risk = wanted ? assessRisk({ session, annotations, scorecard: result, notices: [] }) : null;
    // A strict case asks that every item is named, so its other expectations stay in view.
    const asked: FixtureCase = one.strict ? one : { ...one, expect };
    const assertion = assertCase(asked, { result, risk }, () => null).find(({ pass }) => !pass);
    return assertion ? { case: one, assertion } : null;
  }
}

function concerns(expectation: Expectation, items: readonly string[]): boolean {
  return expectation.kind !== 'item' || items.includes(expectation.item);
}
