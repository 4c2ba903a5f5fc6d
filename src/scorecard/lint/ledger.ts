import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { EarwitnessError, isNodeError } from '../../session/index.ts';

/** The file beside a scorecard that says what was published. */
export const ledgerName = 'published.json';

const entrySchema = z.strictObject({
  id: z.string(),
  version: z.number().int(),
  /** Content hash of the scorecard with everything that it rests on. */
  hash: z.string(),
  /** When, in UTC. */
  at: z.string(),
  /** Ids of its items. */
  items: z.array(z.string()),
  /** SHA-256 of the files' texts, by path relative to the scorecard's folder. */
  files: z.record(z.string(), z.string()),
});
export type PublishedEntry = z.infer<typeof entrySchema>;

/** Where the versions of a scorecard are recorded. */
export function ledgerPath(scorecard: string): string {
  return join(dirname(scorecard), ledgerName);
}

/** @throws EarwitnessError `state-unusable` where the file is there and cannot be read */
export async function readLedger(path: string): Promise<PublishedEntry[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
  return parseLedger(text, path);
}

export function parseLedger(text: string, path: string): PublishedEntry[] {
  try {
    return z.array(entrySchema).parse(JSON.parse(text));
  } catch (error) {
    throw new EarwitnessError(
      'state-unusable',
      path,
      'The record of published versions cannot be read.',
      'Restore it from version control; it is written by earwitness publish alone.',
      { cause: error },
    );
  }
}

/** One entry a line, so that a version control shows a publication as one line more. */
export function ledgerText(entries: readonly PublishedEntry[]): string {
  return `[\n${entries.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`;
}
