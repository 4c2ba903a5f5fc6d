import { type Localised, type Verdict, verdictSchema } from '../../session/index.ts';
import type { CardSummary } from '../run/cards.ts';
import type { CaseResult } from '../run/result.ts';

/** How many cases expected each verdict of an item, and found it. */
export interface ItemCoverage {
  id: string;
  title: Localised;
  /** A person judges it: there is nothing to cover. */
  manualOnly: boolean;
  counts: Record<Verdict, number>;
  /** A confirmed passing and a confirmed failing case. */
  covered: boolean;
}

export interface Covered {
  covered: number;
  items: number;
  /** 0…100; 100 where there is nothing to cover. */
  percent: number;
}

export interface SectionCoverage extends Covered {
  id: string;
  title: Localised;
  list: ItemCoverage[];
}

export interface CardCoverage extends Covered {
  scorecard: string;
  version: number;
  path: string;
  title: Localised;
  sections: SectionCoverage[];
}

/** Coverage of every scorecard that a case was run by. Only what the run confirmed counts. */
export function coverageOf(cards: readonly CardSummary[], cases: readonly CaseResult[]): CardCoverage[] {
  return cards.flatMap((card) => {
    const own = cases.filter(({ scorecard }) => scorecard?.path === card.path);
    if (own.length === 0) return [];
    const sections = card.sections.map((section): SectionCoverage => {
      const list = section.items.map((item): ItemCoverage => {
        const counts = countVerdicts(own, item.id);
        return { ...item, counts, covered: counts.pass > 0 && counts.fail > 0 };
      });
      return { id: section.id, title: section.title, list, ...share(list) };
    });
    const { id, version, path, title } = card;
    return [{ scorecard: id, version, path, title, sections, ...share(sections.flatMap(({ list }) => list)) }];
  });
}

/** The scorecards that have less than so many percent of their items covered. */
export function belowCoverage(coverage: readonly CardCoverage[], percent: number): CardCoverage[] {
  return coverage.filter((card) => card.percent < percent);
}

function countVerdicts(cases: readonly CaseResult[], item: string): Record<Verdict, number> {
  const count = (verdict: Verdict) => cases.filter(({ confirmed }) => confirmed[item] === verdict).length;
  return Object.fromEntries(verdictSchema.options.map((verdict) => [verdict, count(verdict)])) as Record<Verdict, number>;
}

function share(list: readonly ItemCoverage[]): Covered {
  const items = list.filter(({ manualOnly }) => !manualOnly);
  const covered = items.filter((item) => item.covered).length;
  return { covered, items: items.length, percent: items.length === 0 ? 100 : (100 * covered) / items.length };
}
