import type { z } from 'zod';
import type { ErrorCode, Problem } from '../session/index.ts';
import { EarwitnessError, toProblem } from '../session/index.ts';
import type { InputFile, IntakeFailure } from './types.ts';

/** How messages name a file: `batch.zip#calls/a.wav`, with `:line:column` or ` item 3` behind it where known. */
export function placeOf(file: Pick<InputFile, 'path' | 'entry'>, suffix = ''): string {
  return (file.entry === null ? file.path : `${file.path}#${file.entry}`) + suffix;
}

/** `line 12` → `:12`, `item 3` → `#item 3`, as problems write places within a file. */
export function suffixOf(within: string | null): string {
  if (within === null) return '';
  return within.startsWith('line ') ? `:${within.slice(5)}` : `#${within}`;
}

export function failure(code: ErrorCode, path: string, message: string, hint: string | null = null): IntakeFailure {
  return { kind: 'failure', problem: { path, code, message, hint } };
}

export function notice(code: ErrorCode, path: string, message: string, hint: string | null = null): Problem {
  return { path, code, message, hint };
}

/** Anything thrown while `path` was read, as a failure of that path. Aborting is not a failure and passes through. */
export function failureFrom(error: unknown, path: string): IntakeFailure {
  if (error instanceof EarwitnessError && error.code === 'cancelled') throw error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT')
    return failure(
      'path-unreadable',
      path,
      'It was there when the folder was listed and is gone now.',
      'Run again when nothing moves these files.',
    );
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG' || code === 'EIO')
    return failure(
      'path-unreadable',
      path,
      `The system cannot read this (${code}).`,
      'Check the path and the disk it lies on.',
    );
  return { kind: 'failure', problem: toProblem(error, path) };
}

/** Every issue of a zod check in one line: `turns[2].startMs: expected int, received string; …`. */
export function listIssues(issues: readonly z.core.$ZodIssue[], limit = 20): string {
  const lines = issues.map((issue) => `${issuePath(issue.path)}: ${issue.message}`);
  const more = lines.length > limit ? `; and ${lines.length - limit} more` : '';
  return lines.slice(0, limit).join('; ') + more;
}

function issuePath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(top level)';
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : (i > 0 ? '.' : '') + String(step))).join('');
}

/** `1 turn`, `3 turns`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
