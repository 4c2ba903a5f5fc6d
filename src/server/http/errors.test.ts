import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { httpCodes } from './codes.ts';

describe('docs/reference/http-errors.md', () => {
  it('has one row for each code', () => {
    const page = readFileSync(new URL('../../../docs/reference/http-errors.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| [45]\d\d(?:, [45]\d\d)* \|/gm)].map((row) => row[1]);
    expect(rows).toEqual(Object.keys(httpCodes));
  });
});
