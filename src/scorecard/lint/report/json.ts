import { z } from 'zod';
import { localisedSchema } from '../../../session/index.ts';
import { severities } from '../check.ts';
import type { LintResult } from '../lint.ts';
import { counted, shownPath } from './shown.ts';

const reportSchema = z.object({
  /** Version of this format. */
  format: z.literal(1),
  scorecards: z.array(z.object({ id: z.string(), version: z.number().int(), hash: z.string(), file: z.string() })),
  counts: z.object({ error: z.number().int(), warning: z.number().int(), info: z.number().int() }),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(severities),
      file: z.string(),
      line: z.number().int(),
      column: z.number().int(),
      message: localisedSchema,
      hint: localisedSchema.nullable(),
      fixable: z.boolean(),
    }),
  ),
});

/** The schema of `--format json`, as JSON Schema. */
export function lintJsonSchema(): object {
  return z.toJSONSchema(reportSchema, { io: 'output' });
}

export function jsonReport({ cards, findings }: LintResult, cwd: string): string {
  const report: z.infer<typeof reportSchema> = {
    format: 1,
    scorecards: cards.map(({ ref, path }) => ({
      id: ref.id,
      version: ref.version,
      hash: ref.hash,
      file: shownPath(path, cwd),
    })),
    counts: counted(findings),
    findings: findings.map((one) => ({ ...one, file: shownPath(one.file, cwd) })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
