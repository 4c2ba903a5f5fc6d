import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { engine } from '../../pipeline/index.ts';
import {
  evidenceSchema,
  localisedSchema,
  problemSchema,
  scorecardRefSchema,
  verdictSchema,
} from '../../session/index.ts';
import { type CardCoverage, coverageOf } from '../coverage/coverage.ts';
import { fixtureProblemCodes } from '../fixtures/problems.ts';
import { assertionKinds, caseStatuses } from '../run/result.ts';
import type { SuiteResult } from '../run/suite.ts';
import { shownPath } from './text.ts';

const placeShape = { file: z.string(), line: z.number().int(), column: z.number().int() };
const coveredShape = { covered: z.number().int(), items: z.number().int(), percent: z.number() };

const assertionSchema = z.object({
  pass: z.boolean(),
  kind: z.enum(assertionKinds),
  item: z.string().nullable(),
  what: localisedSchema,
  expected: localisedSchema,
  actual: localisedSchema,
  reason: localisedSchema,
  evidence: z.array(evidenceSchema),
  /** The line of the fixture that expects it. */
  place: z.object(placeShape),
  /** The line of the scorecard that has the item. */
  rule: z.object(placeShape).nullable(),
  /** What `--update` would write below `expect`. */
  edits: z.array(
    z.object({
      path: z.array(z.union([z.string(), z.number()])),
      action: z.enum(['set', 'remove']),
      value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
    }),
  ),
});

const caseResultSchema = z.object({
  id: z.string(),
  name: z.string(),
  place: z.object(placeShape),
  at: z.object({ document: z.number().int(), index: z.number().int().nullable() }),
  scorecard: z.object({ id: z.string(), version: z.number().int(), path: z.string() }).nullable(),
  status: z.enum(caseStatuses),
  assertions: z.array(assertionSchema),
  problem: z.object({ message: localisedSchema, hint: z.string().nullable() }).nullable(),
  verdicts: z.record(z.string(), verdictSchema),
  confirmed: z.record(z.string(), verdictSchema),
  durationMs: z.number(),
});

/** What `earwitness test --reporter json` writes. */
export const testReportSchema = z.object({
  schema: z.literal('earwitness/test/1'),
  engine: z.string(),
  counts: z.object({
    cases: z.number().int(),
    passed: z.number().int(),
    failed: z.number().int(),
    couldNotRun: z.number().int(),
    skipped: z.number().int(),
  }),
  files: z.array(
    z.object({
      path: z.string(),
      cases: z.array(caseResultSchema),
      problems: z.array(
        z.object({
          ...placeShape,
          code: z.enum(fixtureProblemCodes),
          message: z.string(),
          hint: z.string().nullable(),
        }),
      ),
    }),
  ),
  scorecards: z.array(scorecardRefSchema.pick({ id: true, version: true, hash: true }).extend({ path: z.string() })),
  /** Scorecards that could not be used. */
  problems: z.array(problemSchema),
  coverage: z.array(
    z.object({
      scorecard: z.string(),
      version: z.number().int(),
      path: z.string(),
      title: localisedSchema,
      ...coveredShape,
      sections: z.array(
        z.object({
          id: z.string(),
          title: localisedSchema,
          ...coveredShape,
          list: z.array(
            z.object({
              id: z.string(),
              title: localisedSchema,
              manualOnly: z.boolean(),
              counts: z.record(verdictSchema, z.number().int()),
              covered: z.boolean(),
            }),
          ),
        }),
      ),
    }),
  ),
  durationMs: z.number(),
});

/** JSON Schema (draft 2020-12) of `--reporter json`. */
export function testReportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(testReportSchema);
}

/** The whole run as JSON; paths relative to the working folder where they lie below it. */
export function jsonReport(suite: SuiteResult, { cwd }: { cwd: string }): string {
  const cases = suite.files.flatMap((file) => file.cases);
  const count = (status: (typeof caseStatuses)[number]) => cases.filter((one) => one.status === status).length;
  const coverage: CardCoverage[] = coverageOf(suite.cards, cases);
  const report: z.infer<typeof testReportSchema> = {
    schema: 'earwitness/test/1',
    engine,
    counts: {
      cases: cases.length,
      passed: count('passed'),
      failed: count('failed'),
      couldNotRun: count('could-not-run'),
      skipped: count('skipped'),
    },
    files: suite.files,
    scorecards: suite.cards.map(({ id, version, hash, path }) => ({ id, version, hash, path })),
    problems: suite.problems,
    coverage,
    durationMs: suite.durationMs,
  };
  const near = (key: string, value: unknown) =>
    ['file', 'path', 'id'].includes(key) && typeof value === 'string' && isAbsolute(value)
      ? shownPath(value, cwd)
      : value;
  return `${JSON.stringify(report, near, 2)}\n`;
}
