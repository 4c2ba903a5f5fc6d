import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { EarwitnessError } from '../../session/index.ts';

/** What a person decided about one item of one session. */
export interface Review {
  session: string;
  item: string;
  verdict: 'pass' | 'fail' | 'na';
  reviewer: string;
  /** ISO 8601 instant, or empty. */
  at: string;
}

/** Reviews by session and item: where several people reviewed the same, the latest counts. */
export interface Reviews {
  of(session: string, item: string): Review['verdict'] | null;
  count: number;
}

const text = z.string().trim().min(1);
const rowSchema = z.object({
  session: text,
  item: text,
  verdict: z
    .string()
    .trim()
    .toLowerCase()
    .transform((value) => (value === 'n/a' ? 'na' : value))
    .pipe(z.enum(['pass', 'fail', 'na'])),
  reviewer: z.string().trim().default(''),
  at: z
    .string()
    .trim()
    .refine((value) => value === '' || !Number.isNaN(Date.parse(value)), 'no ISO 8601 date')
    .default(''),
});

const hint =
  'A CSV file with the columns session,item,verdict,reviewer,at, or a JSON list of objects with these keys; verdict is pass, fail or na, e.g. A-1042,greeting,fail,jo,2026-03-02T10:00:00Z';

/** Problems of a file named at most; the rest is counted. */
const maxProblems = 20;

/**
 * Reads reviews from CSV (with a header) or JSON (a list, or an object with a list `reviews`).
 * @throws EarwitnessError `reviews-invalid` with every row that is wrong
 */
export function parseReviews(content: string, path: string): Reviews {
  const rows =
    content.trimStart().startsWith('[') || content.trimStart().startsWith('{')
      ? ofJson(content, path)
      : ofCsv(content, path);
  const problems: string[] = [];
  const latest = new Map<string, Review>();
  for (const { where, row } of rows) {
    const parsed = rowSchema.safeParse(row);
    if (!parsed.success) {
      for (const issue of parsed.error.issues)
        problems.push(`${where}: ${issue.path.join('.') || 'row'}: ${issue.message}`);
      continue;
    }
    const key = keyOf(parsed.data.session, parsed.data.item);
    const known = latest.get(key);
    if (!known || isLater(parsed.data, known)) latest.set(key, parsed.data);
  }
  if (problems.length > 0) {
    const rest = problems.length - maxProblems;
    const list = [...problems.slice(0, maxProblems), ...(rest > 0 ? [`… and ${rest} more`] : [])];
    throw new EarwitnessError('reviews-invalid', path, `These reviews cannot be read:\n  ${list.join('\n  ')}`, hint);
  }
  return { of: (session, item) => latest.get(keyOf(session, item))?.verdict ?? null, count: latest.size };
}

function keyOf(session: string, item: string): string {
  return JSON.stringify([session, item]);
}

/** Later, or at the same time the reviewer whose name comes last: the order of rows decides nothing. */
function isLater(one: Review, other: Review): boolean {
  const [a, b] = [Date.parse(one.at || '0000-01-01'), Date.parse(other.at || '0000-01-01')];
  if (a !== b) return a > b;
  if (one.reviewer !== other.reviewer) return one.reviewer > other.reviewer;
  return one.verdict > other.verdict;
}

type Row = { where: string; row: unknown };

function ofJson(content: string, path: string): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new EarwitnessError('reviews-invalid', path, `This is no JSON: ${(cause as Error).message}.`, hint, {
      cause,
    });
  }
  const list = Array.isArray(value) ? value : (value as { reviews?: unknown }).reviews;
  if (!Array.isArray(list)) throw new EarwitnessError('reviews-invalid', path, 'There is no list of reviews.', hint);
  return list.map((row: unknown, index) => ({ where: `review ${index + 1}`, row }));
}

function ofCsv(content: string, path: string): Row[] {
  try {
    const rows = parse(content, {
      bom: true,
      columns: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
    }) as unknown as {
      record: unknown;
      info: { lines: number };
    }[];
    return rows.map(({ record, info }) => ({ where: `line ${info.lines}`, row: record }));
  } catch (cause) {
    throw new EarwitnessError('reviews-invalid', path, `This is no CSV: ${(cause as Error).message}.`, hint, { cause });
  }
}
