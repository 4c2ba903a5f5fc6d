import type { UiLanguage } from '../../../session/index.ts';
import type { LintResult } from '../lint.ts';
import { shownPath } from './shown.ts';

const levels = { error: 'error', warning: 'warning', info: 'notice' };
const data = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string) => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/** Workflow commands of GitHub Actions: each finding is shown at its line. */
export function githubReport({ findings }: LintResult, cwd: string, language: UiLanguage): string {
  return findings
    .map(({ severity, file, line, column, code, message, hint }) => {
      const text = [message[language], hint?.[language] ?? ''].join(' ').trim();
      return `::${levels[severity]} file=${property(shownPath(file, cwd))},line=${line},col=${column},title=${property(code)}::${data(text)}\n`;
    })
    .join('');
}
