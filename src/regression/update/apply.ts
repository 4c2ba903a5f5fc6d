import { readFile, writeFile } from 'node:fs/promises';
import type { FileResult } from '../run/files.ts';
import { diffLines } from './diff.ts';
import { editsOf, updateFixture } from './update.ts';

/** What `--update` would write to one file. */
export interface PlannedUpdate {
  path: string;
  text: string;
  /** Lines that start with `- `, `+ `, two spaces or `@@`. */
  diff: string[];
  /** Cases whose expectations change. */
  cases: number;
}

/** Works out what has to change so that the failed cases hold; files that need no change are left out. */
export async function planUpdates(files: readonly FileResult[]): Promise<PlannedUpdate[]> {
  const plans: PlannedUpdate[] = [];
  for (const { path, cases } of files) {
    const wanted = cases
      .map((one) => ({ at: one.at, edits: editsOf(one), verdicts: one.verdicts }))
      .filter(({ edits }) => edits.length > 0);
    if (wanted.length === 0) continue;
    const old = await readFile(path, 'utf8');
    const text = updateFixture(old, wanted);
    if (text !== old) plans.push({ path, text, diff: diffLines(old, text), cases: wanted.length });
  }
  return plans;
}

export async function writeUpdates(plans: readonly PlannedUpdate[]): Promise<void> {
  for (const { path, text } of plans) await writeFile(path, text);
}
