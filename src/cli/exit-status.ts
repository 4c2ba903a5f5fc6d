import type { SuiteResult } from '../regression/index.ts';
import type { SessionResult } from '../session/index.ts';

/** The exit statuses of every command; docs/reference/exit-status.md says the same and a test holds them together. */
export const exitStatus = {
  clean: 0,
  findings: 1,
  couldNotRun: 2,
  interrupted: 130,
} as const;

export const failOnLevels = ['critical', 'high', 'medium', 'not-passed', 'never'] as const;
export type FailOn = (typeof failOnLevels)[number];

const bandRank = { low: 0, medium: 1, high: 2, critical: 3 } as const;

/** Is this session a finding at the level that the caller asked about? */
export function isFinding(result: Pick<SessionResult, 'passed' | 'risk'>, level: FailOn): boolean {
  switch (level) {
    case 'never':
      return false;
    case 'not-passed':
      return result.passed === false;
    case 'critical':
    case 'high':
    case 'medium':
      return bandRank[result.risk.band] >= bandRank[level];
  }
}

/**
 * The status of a finished inspection. An input that could not be inspected outweighs findings, as in grep: the answer
 * is not whole, whatever else it says.
 */
export function statusOf(
  sessions: readonly Pick<SessionResult, 'passed' | 'risk'>[],
  failures: number,
  level: FailOn,
): number {
  if (failures > 0 || sessions.length === 0) return exitStatus.couldNotRun;
  return sessions.some((session) => isFinding(session, level)) ? exitStatus.findings : exitStatus.clean;
}

/**
 * The status of a test run. What could not run outweighs what failed: the answer is not whole. A run without a single
 * case has tested nothing, and one whose coverage is too low has not tested enough.
 */
export function statusOfTests(
  { files, problems }: Pick<SuiteResult, 'files' | 'problems'>,
  lowCoverage: boolean,
): number {
  const cases = files.flatMap((file) => file.cases);
  const broken = problems.length > 0 || files.some((file) => file.problems.length > 0);
  if (broken || cases.length === 0 || cases.some(({ status }) => status === 'could-not-run'))
    return exitStatus.couldNotRun;
  const failed = cases.some(({ status }) => status === 'failed');
  return failed || lowCoverage ? exitStatus.findings : exitStatus.clean;
}
