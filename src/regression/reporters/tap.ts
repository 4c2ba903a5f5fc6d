import { stringify } from 'yaml';
import type { UiLanguage } from '../../session/index.ts';
import type { CaseResult } from '../run/result.ts';
import type { SuiteResult } from '../run/suite.ts';
import { evidenceWords } from '../run/wording.ts';
import { oneLine, shownPath, shownPlace } from './text.ts';

/** TAP version 14: a subtest for each file, a YAML block for each case that did not pass. */
export function tapReport(suite: SuiteResult, { language, cwd }: { language: UiLanguage; cwd: string }): string {
  const lines = ['TAP version 14', `1..${suite.files.length + (suite.problems.length > 0 ? 1 : 0)}`];
  for (const [index, { path, cases, problems }] of suite.files.entries()) {
    const name = escaped(shownPath(path, cwd));
    const total = cases.length + problems.length;
    const good = problems.length === 0 && cases.every(({ status }) => status === 'passed' || status === 'skipped');
    lines.push(`# Subtest: ${name}`, `    1..${total}`);
    for (const [n, one] of cases.entries())
      lines.push(...caseLines(one, n + 1, language, cwd).map((line) => `    ${line}`));
    for (const [n, problem] of problems.entries())
      lines.push(
        `    not ok ${cases.length + n + 1} - ${escaped(problem.message)}`,
        ...block({ at: shownPlace(problem, cwd), hint: problem.hint }).map((line) => `    ${line}`),
      );
    lines.push(`${good ? 'ok' : 'not ok'} ${index + 1} - ${name}`);
  }
  if (suite.problems.length > 0)
    lines.push(
      `not ok ${suite.files.length + 1} - scorecards`,
      ...block({ problems: suite.problems.map(({ message }) => message) }),
    );
  return `${lines.join('\n')}\n`;
}

function caseLines(one: CaseResult, n: number, language: UiLanguage, cwd: string): string[] {
  const name = `${n} - ${escaped(one.name)}`;
  switch (one.status) {
    case 'passed':
      return [`ok ${name}`];
    case 'skipped':
      return [`ok ${name} # SKIP ${escaped(one.problem?.message[language] ?? '')}`.trimEnd()];
    case 'could-not-run':
      return [
        `not ok ${name}`,
        ...block({
          at: shownPlace(one.place, cwd),
          severity: 'could-not-run',
          message: one.problem?.message[language],
        }),
      ];
    case 'failed':
      return [
        `not ok ${name}`,
        ...block({
          at: shownPlace(one.place, cwd),
          severity: 'fail',
          failures: one.assertions
            .filter(({ pass }) => !pass)
            .map((assertion) => ({
              what: assertion.what[language],
              expected: assertion.expected[language],
              actual: assertion.actual[language],
              reason: assertion.reason[language],
              evidence: assertion.evidence.map((piece) => evidenceWords(piece)[language]),
              fixture: shownPlace(assertion.place, cwd),
              rule: assertion.rule && shownPlace(assertion.rule, cwd),
            })),
        }),
      ];
  }
}

/** A YAML diagnostic block, indented by two as TAP wants it. */
function block(value: unknown): string[] {
  const yaml = stringify(value, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
  return [
    '  ---',
    ...yaml
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '  ...',
  ];
}

/** `#` and `\` have a meaning of their own in a description. */
const escaped = (text: string) => oneLine(text).replace(/[\\#]/g, '\\$&');
