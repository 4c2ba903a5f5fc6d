import { resolve } from 'node:path';
import { createAnnotator } from '../../../annotate/index.ts';
import { type CompiledScorecard, loadScorecard, type LoadOptions } from '../../../scorecard/index.ts';
import { readFixture } from '../../fixtures/read.ts';
import { prepareCases, type PreparedCase } from '../../run/prepare.ts';
import { type MutationOptions, type MutationResult, testMutants } from '../run.ts';
import { defaultKinds } from '../mutant.ts';

export const annotator = createAnnotator();
const root = resolve('/cards');

/** Files from memory, by their names under one folder. */
export function filesOf(files: Record<string, string>): LoadOptions {
  return {
    read: (path) => {
      const text = files[path.slice(root.length + 1)];
      return text === undefined
        ? Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' }))
        : Promise.resolve(text);
    },
  };
}

export const cardPath = resolve(root, 'card.yaml');

export function loadCard(files: Record<string, string>): Promise<CompiledScorecard> {
  return loadScorecard(cardPath, filesOf(files));
}

/** Cases of one fixture text; fails where it is not sound. */
export function casesOf(text: string, language = 'en'): PreparedCase[] {
  const { cases, problems } = readFixture('test.fixture.yaml', text);
  if (problems.length > 0) throw new Error(problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return prepareCases(cases, { annotator, language });
}

export const defaults: MutationOptions = {
  kinds: defaultKinds,
  seed: 1,
  words: 4,
  only: null,
  maxMutants: null,
  sketches: 100,
  annotator,
};

export function mutate(
  files: Record<string, string>,
  fixture: string,
  options: Partial<MutationOptions> = {},
): Promise<MutationResult> {
  const language = /^language: (\w+)/m.exec(files['card.yaml']!)?.[1] ?? 'en';
  return testMutants(cardPath, casesOf(fixture, language), { ...defaults, ...options }, filesOf(files));
}
