import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Band, type SessionResult, verdictSchema } from '../../src/session/index.ts';
import { agrees, type LabelFile } from '../labels.ts';
import type { Inspected, Stratum } from './inspect-demo.ts';

const stratumSchema = z.enum(['calls-recognised', 'calls-given', 'chats', 'tickets']);

const differenceSchema = z.strictObject({
  session: z.string(),
  item: z.string(),
  /** `any` where the words make no difference. */
  stratum: z.union([stratumSchema, z.literal('any')]),
  found: z.union([verdictSchema, z.enum(['critical', 'high', 'medium', 'low'])]),
  /** What the difference comes from. */
  cause: z.enum(['recognition', 'rule', 'sentiment', 'risk', 'audio', 'label']),
  why: z.string().min(10),
});
export type Difference = z.infer<typeof differenceSchema>;

/** Known differences between labels and verdicts, each with its explanation. */
export function loadDifferences(path = 'fixtures/labels/differences.yaml'): Difference[] {
  return z.array(differenceSchema).parse(parse(readFileSync(path, 'utf8')) ?? []);
}

export interface Comparison {
  session: string;
  stratum: Stratum;
  /** A scorecard item, or `risk`. */
  item: string;
  expected: string;
  found: string;
  /** The label's own verdict. */
  exact: boolean;
  /** That, or one that the label calls acceptable. */
  agrees: boolean;
  reason: string;
}

const bandRank: Record<Band, number> = { low: 0, medium: 1, high: 2, critical: 3 };

/** Every labelled item of every session against its verdict, and the risk band. Throws when a session has no label. */
export function compareAll(inspected: readonly Inspected[], labels: ReadonlyMap<string, LabelFile>): Comparison[] {
  const unseen = new Set(labels.keys());
  const rows = inspected.flatMap(({ name, stratum, result }) => {
    const label = labels.get(name);
    if (!label) throw new Error(`fixtures/labels/demo has no labels for ${name}`);
    unseen.delete(name);
    return [...items(name, stratum, result, label), risk(name, stratum, result, label)];
  });
  if (unseen.size > 0) throw new Error(`labelled but not found in the batch: ${[...unseen].join(', ')}`);
  return rows;
}

function items(session: string, stratum: Stratum, result: SessionResult, label: LabelFile): Comparison[] {
  return Object.entries(label.items).map(([item, expected]) => {
    const found = result.items.find((one) => one.id === item);
    const verdict = found?.verdict ?? 'na';
    return {
      session,
      stratum,
      item,
      expected: expected.verdict,
      found: verdict,
      exact: verdict === expected.verdict,
      agrees: agrees(label, item, verdict),
      reason: found?.reason.en ?? 'The scorecard has no such item for this session.',
    };
  });
}

function risk(session: string, stratum: Stratum, result: SessionResult, { risk: wanted }: LabelFile): Comparison {
  const rank = bandRank[result.risk.band];
  const low = wanted.atLeast ? bandRank[wanted.atLeast] : 0;
  const high = wanted.atMost ? bandRank[wanted.atMost] : 3;
  const fits = rank >= low && rank <= high;
  const expected = [wanted.atLeast && `≥ ${wanted.atLeast}`, wanted.atMost && `≤ ${wanted.atMost}`]
    .filter(Boolean)
    .join(', ');
  const reason = result.risk.reasons.map((one) => `${one.title.en} (${one.share.toFixed(2)})`).join('; ');
  return { session, stratum, item: 'risk', expected, found: result.risk.band, exact: fits, agrees: fits, reason };
}

/** Splits what does not agree into explained and unexplained, and names explanations that explain nothing any more. */
export function explain(rows: readonly Comparison[], differences: readonly Difference[]) {
  const used = new Set<Difference>();
  const explained: { row: Comparison; difference: Difference }[] = [];
  const unexplained: Comparison[] = [];
  for (const row of rows.filter((one) => !one.agrees)) {
    const matching = differences.find(
      (one) =>
        one.session === row.session &&
        one.item === row.item &&
        one.found === row.found &&
        (one.stratum === 'any' || one.stratum === row.stratum),
    );
    if (matching) {
      used.add(matching);
      explained.push({ row, difference: matching });
    } else unexplained.push(row);
  }
  return { explained, unexplained, stale: differences.filter((one) => !used.has(one)) };
}
