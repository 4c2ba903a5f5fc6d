import { parseDuration } from '../../session/index.ts';
import type { Clue } from './mutant.ts';

/** A figure as it could be instead, and what lies between the two. */
export interface Alternative<T> {
  value: T;
  clue: Clue;
  /** A change by the smallest step that can be told: only a session that lies on the limit itself notices. */
  boundary: boolean;
}

export const noClue: Clue = { times: [], counts: [], phrases: [] };

/** A fifth up or down: more than measuring wavers, less than a rule author would call another rule. */
const share = 0.2;

const rounded = (value: number) => Number(value.toFixed(3));

/** Numbers that a number could be instead: a share of it, or one more or less where it counts few things. */
export function otherNumbers(value: number): Alternative<number>[] {
  const fraction = !Number.isInteger(value) || (value === 0 && Object.is(value, -0));
  const step = fraction ? (Math.abs(value) < 1 ? 0.1 : Math.abs(value) * share) : countStep(value);
  return [value - step, value + step].map((other) => ({
    value: rounded(other),
    clue: { ...noClue, counts: fraction ? [] : between(value, other) },
    boundary: false,
  }));
}

function countStep(value: number): number {
  return Math.abs(value) < 10 ? 1 : Math.max(1, Math.round(Math.abs(value) * share));
}

/** What a session would have to reach for a limit to be missed once it is gone. */
export function beyond(text: unknown): Clue {
  const found = otherTexts(String(text));
  const past = (values: readonly number[]) => (values.length === 0 ? [] : [Math.round(Math.max(...values) * 1.5) + 1]);
  return {
    times: past(found.flatMap(({ clue }) => clue.times)),
    counts: past(found.flatMap(({ clue }) => clue.counts)),
    phrases: [],
  };
}

/** The whole numbers from one to the other, at most a handful. */
function between(a: number, b: number): number[] {
  const [low, high] = a < b ? [a, b] : [b, a];
  return [...new Set([low, Math.round((low + high) / 2), high])].filter((one) => one >= 0);
}

const figure = /(?<![\w.-])(-?\d+(?:\.\d+)?)(\s*)(ms|s|min|m|h|d|%)?(?![\w])/g;

/**
 * A text with one of its figures changed: `first 10s` → `first 8s`, `first 12s`; `2 turns` → `1 turns`, `3 turns`;
 * `10s..60s` has four. Nothing where the text holds words that are no part of the language's short texts.
 */
export function otherTexts(text: string): Alternative<string>[] {
  if (!/^[\s\d.%-]*(?:(?:first|last|atLeast|turns?|ms|s|min|m|h|d)[\s\d.%-]*)*$/.test(text)) return [];
  const found: Alternative<string>[] = [];
  for (const match of text.matchAll(figure)) {
    const [whole, digits, space, unit] = match as unknown as [string, string, string, string | undefined];
    const value = Number(digits);
    const put = (other: number) =>
      `${text.slice(0, match.index)}${rounded(other)}${space}${unit ?? ''}${text.slice(match.index + whole.length)}`;
    if (unit === undefined) {
      for (const one of otherNumbers(value)) if (one.value !== 0) found.push({ ...one, value: put(one.value) });
    } else if (unit === '%') {
      for (const other of [value - 10, value + 10])
        if (other >= 0 && other <= 100) found.push({ value: put(other), clue: noClue, boundary: false });
    } else if (value > 0) {
      const ms = (amount: number) => parseDuration(`${rounded(amount)}${unit}`) ?? 0;
      const limit = ms(value);
      for (const other of [value * (1 - share), value * (1 + share)])
        found.push({
          value: put(other),
          clue: { ...noClue, times: [(limit + ms(other)) / 2, ms(other), limit].map(Math.round) },
          boundary: false,
        });
      for (const other of [limit - 1, limit + 1])
        found.push({
          value: `${text.slice(0, match.index)}${other}ms${text.slice(match.index + whole.length)}`,
          clue: { ...noClue, times: [limit - 1, limit, limit + 1] },
          boundary: true,
        });
    }
  }
  return found.filter(({ value }) => value !== text);
}
