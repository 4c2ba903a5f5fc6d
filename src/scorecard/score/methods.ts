import type { CompiledScorecard, CompiledSection } from '../scorecard.ts';
import type { Judgement } from '../evaluate/judge.ts';

/** A section before auto-fails: its own score 0…100 and what it brings to the total. */
export interface SectionScore {
  section: CompiledSection;
  /** Null where nothing in it could be scored. */
  score: number | null;
  /** Points of the total that this section holds; the total is their sum. */
  kept: number;
}

export interface Scores {
  total: number | null;
  /** deductFrom100 only. */
  unclamped: number | null;
  sections: SectionScore[];
  /** Points of the total that each item cost; they add to 100 − total. */
  costs: Map<string, number>;
}

interface Counted {
  section: CompiledSection;
  items: readonly (Judgement & { earned: number })[];
}

/** Scores a form by its method. N/A and unknown items leave numerator and denominator. Nothing is rounded. */
export function scoreForm(
  scorecard: CompiledScorecard,
  judgements: ReadonlyMap<CompiledSection, readonly Judgement[]>,
): Scores {
  const counted = scorecard.sections.map((section) => ({
    section,
    items: (judgements.get(section) ?? []).filter((one): one is Judgement & { earned: number } => one.earned !== null),
  }));
  switch (scorecard.method) {
    case 'sectionPercent':
      return sectionPercent(counted);
    case 'pooledPoints':
      return pooledPoints(counted);
    case 'deductFrom100':
      return scorecard.deductPer === 'section' ? deductPerSection(counted) : deductPerForm(counted);
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const clamp = (value: number, max = 100): number => Math.min(max, Math.max(0, value));

/** Floating-point sums may leave 0…100 by an ulp; a score does not. */
const bounded = (total: number | null): number | null => (total === null ? null : clamp(total));

/** section = Σ wᵢ·eᵢ/mᵢ ÷ Σ wᵢ; total = 100 × Σ W·section ÷ Σ W over sections with a score. */
function sectionPercent(counted: readonly Counted[]): Scores {
  const costs = new Map<string, number>();
  const shares = counted.map(({ section, items }) => {
    const weight = sum(items.map((one) => one.item.weight));
    const share =
      weight > 0 ? sum(items.map((one) => one.item.weight * (one.earned / one.item.possible))) / weight : null;
    return { section, items, weight, share };
  });
  const all = sum(shares.filter((one) => one.share !== null).map((one) => one.section.weight));
  const sections = shares.map(({ section, items, weight, share }) => {
    const part = share === null || all === 0 ? 0 : (100 * section.weight) / all;
    for (const one of items)
      if (weight > 0) costs.set(one.item.id, part * (one.item.weight / weight) * (1 - one.earned / one.item.possible));
    return { section, score: share === null ? null : clamp(100 * share), kept: part * (share ?? 0) };
  });
  return { total: all > 0 ? bounded(sum(sections.map((one) => one.kept))) : null, unclamped: null, sections, costs };
}

/** total = 100 × Σ (points × W) ÷ Σ (possible × W). */
function pooledPoints(counted: readonly Counted[]): Scores {
  const costs = new Map<string, number>();
  const points = (one: Judgement, of: number) => of * one.item.weight;
  const all = sum(
    counted.map(({ section, items }) => section.weight * sum(items.map((one) => points(one, one.item.possible)))),
  );
  const sections = counted.map(({ section, items }) => {
    const possible = sum(items.map((one) => points(one, one.item.possible)));
    const earned = sum(items.map((one) => points(one, one.earned)));
    const scale = all > 0 ? (100 * section.weight) / all : 0;
    for (const one of items) costs.set(one.item.id, scale * points(one, one.item.possible - one.earned));
    return { section, score: possible > 0 ? clamp((100 * earned) / possible) : null, kept: scale * earned };
  });
  return { total: all > 0 ? bounded(sum(sections.map((one) => one.kept))) : null, unclamped: null, sections, costs };
}

const taken = (items: readonly Judgement[]): number => sum(items.map((one) => one.deducted * one.item.weight));

/** One budget of 100 from which every fail is taken; what goes below 0 is shared out over the items' costs. */
function deductPerForm(counted: readonly Counted[]): Scores {
  const costs = new Map<string, number>();
  const applicable = counted.filter(({ items }) => items.length > 0);
  if (applicable.length === 0)
    return {
      total: null,
      unclamped: null,
      sections: counted.map(({ section }) => ({ section, score: null, kept: 0 })),
      costs,
    };
  const off = sum(applicable.map(({ items }) => taken(items)));
  const total = clamp(100 - off);
  const scale = off > 0 ? (100 - total) / off : 0;
  const weights = sum(applicable.map(({ section }) => section.weight));
  const sections = counted.map(({ section, items }) => {
    for (const one of items) costs.set(one.item.id, scale * one.deducted * one.item.weight);
    const part = weights > 0 ? (100 * section.weight) / weights : 100 / applicable.length;
    return {
      section,
      score: items.length > 0 ? clamp(100 - taken(items)) : null,
      kept: items.length > 0 ? Math.max(0, part - scale * taken(items)) : 0,
    };
  });
  return { total, unclamped: 100 - off, sections, costs };
}

/** Each section starts with its weight as its budget; the total is what is left, as a share of all budgets. */
function deductPerSection(counted: readonly Counted[]): Scores {
  const costs = new Map<string, number>();
  const applicable = counted.filter(({ section, items }) => items.length > 0 && section.weight > 0);
  const all = sum(applicable.map(({ section }) => section.weight));
  let left = 0;
  const sections = counted.map(({ section, items }) => {
    if (items.length === 0 || section.weight === 0) return { section, score: null, kept: 0 };
    const off = taken(items);
    const kept = clamp(section.weight - off, section.weight);
    left += section.weight - off;
    const scale = off > 0 ? ((section.weight - kept) / off) * (100 / all) : 0;
    for (const one of items) costs.set(one.item.id, scale * one.deducted * one.item.weight);
    return { section, score: clamp((100 * kept) / section.weight), kept: (100 * kept) / all };
  });
  if (all === 0) return { total: null, unclamped: null, sections, costs };
  return { total: bounded(sum(sections.map((one) => one.kept))), unclamped: (100 * left) / all, sections, costs };
}
