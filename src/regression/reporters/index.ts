import type { SuiteResult } from '../run/suite.ts';
import { githubReport } from './github.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { tapReport } from './tap.ts';
import type { TextOptions } from './text.ts';
import { treeReport } from './tree.ts';

export const reporterNames = ['tree', 'junit', 'json', 'tap', 'github'] as const;
export type ReporterName = (typeof reporterNames)[number];

/** A finished run as text of one kind. */
export const reporters: Record<ReporterName, (suite: SuiteResult, options: TextOptions) => string> = {
  tree: treeReport,
  junit: junitReport,
  json: jsonReport,
  tap: tapReport,
  github: githubReport,
};
