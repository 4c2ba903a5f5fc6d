import { relative } from 'node:path';
import type { Severity } from '../check.ts';
import type { Finding } from '../lint.ts';

/** A path as one would type it from a folder, with slashes on every system. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path).replaceAll('\\', '/');
  return near === '' || near.startsWith('..') ? path : near;
}

export function counted(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}
