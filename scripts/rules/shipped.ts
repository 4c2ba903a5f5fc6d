import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnnotator } from '../../src/annotate/index.ts';
import { findFixtures, type SuiteOptions } from '../../src/regression/index.ts';
import { loadScorecard } from '../../src/scorecard/index.ts';
import { createTranscriber } from '../../src/speech/index.ts';

/** A scorecard of rules/ and the fixtures that hold it to its word. */
export interface ShippedCard {
  id: string;
  path: string;
  /** Where its fixtures belong, whether it is there or not. */
  folder: string;
  /** Empty where there are none. */
  fixtures: string[];
}

/** Every scorecard in rules/, by file name. Lists and knowledge bases lie in folders below it. */
export async function shippedCards(): Promise<ShippedCard[]> {
  const files = readdirSync('rules')
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return Promise.all(
    files.map(async (name) => {
      const path = join('rules', name);
      const { id } = (await loadScorecard(path)).ref;
      const folder = join('fixtures', 'rules', id);
      return { id, path, folder, fixtures: existsSync(folder) ? await findFixtures([folder]) : [] };
    }),
  );
}

/** What it takes to run fixtures of the shipped scorecards; recordings are heard by nobody. */
export async function withSuite<T>(work: (options: SuiteOptions) => Promise<T>): Promise<T> {
  const annotator = createAnnotator();
  const tempDir = mkdtempSync(join(tmpdir(), 'earwitness-rules-'));
  const transcriber = createTranscriber({
    recogniser: 'given',
    offline: true,
    modelsDir: 'models/cache',
    concurrency: 1,
  });
  try {
    return await work({
      search: { given: [], shipped: 'rules' },
      annotator,
      references: { transcriber, annotator, tempDir, signal: new AbortController().signal },
    });
  } finally {
    await transcriber.close();
    rmSync(tempDir, { recursive: true, force: true });
  }
}
