import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EarwitnessError, errorCodes, toProblem } from './index.ts';

describe('error codes', () => {
  it('are documented one by one with their class', () => {
    const page = readFileSync(new URL('../../docs/reference/errors.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\w+) \|/gm)].map((row) => [row[1], row[2]]);
    expect(rows).toEqual(Object.entries(errorCodes));
  });
});

describe('toProblem', () => {
  it('keeps what a user can act on', () => {
    const error = new EarwitnessError('file-empty', 'a.wav', 'The file is empty.', 'Deliver it again.');
    expect(toProblem(error, 'elsewhere')).toEqual({
      path: 'a.wav',
      code: 'file-empty',
      message: 'The file is empty.',
      hint: 'Deliver it again.',
    });
  });

  it('names a full disk and missing permission, and calls the rest a defect', () => {
    const of = (code: string) => toProblem(Object.assign(new Error('boom'), { code }), 'x').code;
    expect([of('ENOSPC'), of('EACCES'), of('EPERM'), of('ESOMETHING'), toProblem('thrown text', 'x').code]).toEqual([
      'disk-full',
      'path-unreadable',
      'path-unreadable',
      'internal',
      'internal',
    ]);
  });
});
