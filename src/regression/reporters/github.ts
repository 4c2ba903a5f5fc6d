import { relative } from 'node:path';
import type { UiLanguage } from '../../session/index.ts';
import type { Place } from '../fixtures/problems.ts';
import type { SuiteResult } from '../run/suite.ts';
import { failureLines } from './text.ts';

/** Workflow commands of GitHub Actions: each failure is shown at its line of the fixture. */
export function githubReport(suite: SuiteResult, { language, cwd }: { language: UiLanguage; cwd: string }): string {
  const lines: string[] = [];
  const annotate = (level: 'error' | 'warning', place: Place | null, title: string, message: string) => {
    const at = place
      ? [`file=${property(relative(cwd, place.file))}`, `line=${place.line}`, `col=${place.column}`]
      : [];
    lines.push(`::${level} ${[...at, `title=${property(title)}`].join(',')}::${data(message)}`);
  };
  for (const { cases, problems } of suite.files) {
    const told = new Set(problems.map(({ message }) => message));
    for (const problem of problems)
      annotate('error', problem, problem.code, [problem.message, problem.hint ?? ''].join(' ').trim());
    for (const one of cases) {
      for (const assertion of one.assertions.filter(({ pass }) => !pass))
        annotate('error', assertion.place, one.name, failureLines(assertion, language, cwd).join('\n'));
      if (one.status === 'could-not-run' && !told.has(one.problem?.message.en ?? ''))
        annotate('error', one.place, one.name, one.problem?.message[language] ?? '');
      if (one.status === 'skipped') annotate('warning', one.place, one.name, one.problem?.message[language] ?? '');
    }
  }
  for (const { message, path } of suite.problems)
    annotate('error', path === '' ? null : { file: path, line: 1, column: 1 }, 'scorecard', message);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

const data = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string) => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
