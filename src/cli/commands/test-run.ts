import type { SuiteOptions, TextOptions } from '../../regression/index.ts';
import type { UiLanguage } from '../../session/index.ts';
import type { MutateOptions } from './test-mutate.ts';
import type { ReporterChoice } from './test-reporters.ts';

/** The options of `earwitness test`. */
export interface TestOptions extends MutateOptions {
  scorecard: string[];
  only: string[];
  update: boolean;
  yes: boolean;
  minCoverage: number | undefined;
  matrix: boolean;
  reporter: ReporterChoice[];
  watch: boolean;
  quiet: boolean;
  uiLanguage: UiLanguage;
  recogniser: 'auto' | 'sherpa' | 'pocketsphinx' | 'given';
  offline: boolean;
  modelsDir: string | undefined;
}

/** One run of the command, with everything that it holds open. */
export interface TestRun {
  paths: string[];
  options: TestOptions;
  suite: SuiteOptions;
  text: TextOptions;
  signal: AbortSignal;
}
