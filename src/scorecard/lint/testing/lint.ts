import { relative } from 'node:path';
import { type Finding, lintScorecards, type LintOptions } from '../lint.ts';
import type { LintResult } from '../lint.ts';

/** Reads files that exist in memory alone, named relative to /cards. */
export function reader(files: Readonly<Record<string, string>>): (path: string) => Promise<string> {
  return (path) => {
    const text = files[relative('/cards', path)];
    return text === undefined
      ? Promise.reject(Object.assign(new Error(path), { code: 'ENOENT' }))
      : Promise.resolve(text);
  };
}

/** Lints /cards/card.yaml of such files. */
export function lintFiles(
  files: Readonly<Record<string, string>>,
  options: LintOptions = {},
  names: readonly string[] = ['card.yaml'],
): Promise<LintResult> {
  return lintScorecards(
    names.map((name) => `/cards/${name}`),
    { history: [], read: reader(files), ...options },
  );
}

/** `file:line:column code` of findings. */
export function placesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ file, line, column, code }) => `${relative('/cards', file)}:${line}:${column} ${code}`);
}
