import type { ItemResult, Localised, SessionResult } from '../../session/index.ts';
import { rateWithInterval, sum } from './statistics.ts';
import type { ItemRow, TopFailure } from './types.ts';

interface Tally {
  first: ItemResult;
  sectionTitle: Localised;
  counts: Record<ItemResult['verdict'], number>;
  cost: number;
  autoFailCost: number;
}

/**
 * One row per item id over all sessions, most expensive first (then by failures, then in scorecard order): the Pareto.
 * Items of the same id in scorecards of different languages are one row.
 */
export function itemRows(sessions: readonly SessionResult[]): ItemRow[] {
  const tallies = tally(sessions);
  const scored = sessions.filter((session) => session.score !== null).length;
  const total = sum(tallies.map((entry) => entry.cost));
  const sorted = tallies.sort((a, b) => b.cost - a.cost || b.counts.fail - a.counts.fail);
  let running = 0;
  return sorted.map(({ first, sectionTitle, counts, cost, autoFailCost }) => {
    running += cost;
    return {
      id: first.id,
      title: first.title,
      section: first.section,
      sectionTitle,
      coaching: first.coaching,
      why: first.why,
      critical: first.critical,
      autoFail: first.autoFail,
      passed: counts.pass,
      failed: counts.fail,
      unknown: counts.unknown,
      na: counts.na,
      applicable: counts.pass + counts.fail + counts.unknown,
      failRate: rateWithInterval(counts.fail, counts.pass + counts.fail),
      cost,
      autoFailCost,
      costPerSession: scored > 0 ? cost / scored : 0,
      costShare: total > 0 ? cost / total : 0,
      cumulativeShare: total > 0 ? running / total : 0,
    };
  });
}

/** The three items that cost a group most; failures without a cost come last. */
export function topFailures(sessions: readonly SessionResult[]): TopFailure[] {
  return tally(sessions)
    .filter((entry) => entry.counts.fail > 0)
    .sort((a, b) => b.cost - a.cost || b.counts.fail - a.counts.fail)
    .slice(0, 3)
    .map(({ first, counts, cost }) => ({
      id: first.id,
      title: first.title,
      failed: counts.fail,
      judged: counts.pass + counts.fail,
      cost,
    }));
}

function tally(sessions: readonly SessionResult[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const session of sessions) {
    const lost = autoFailLoss(session);
    for (const item of session.items) {
      let entry = tallies.get(item.id);
      if (!entry) {
        const section = session.sections.find((candidate) => candidate.id === item.section);
        const sectionTitle = section?.title ?? { en: item.section, zh: item.section };
        entry = {
          first: item,
          sectionTitle,
          counts: { pass: 0, fail: 0, unknown: 0, na: 0 },
          cost: 0,
          autoFailCost: 0,
        };
        tallies.set(item.id, entry);
      }
      entry.counts[item.verdict]++;
      const extra = session.autoFails.some((each) => each.item === item.id) ? lost : 0;
      entry.cost += item.cost + extra;
      entry.autoFailCost += extra;
    }
  }
  return [...tallies.values()];
}

/**
 * Points that each auto-fail of a session took beyond what the items cost by weight: what is missing to 100 and no
 * item accounts for, shared equally by the triggers.
 */
function autoFailLoss({ score, autoFails, items }: SessionResult): number {
  if (score === null || autoFails.length === 0) return 0;
  const unexplained = 100 - score - sum(items.map((item) => item.cost));
  return Math.max(0, unexplained) / autoFails.length;
}
