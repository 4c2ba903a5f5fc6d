import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exitStatus, failOnLevels, isFinding, statusOf, statusOfTests } from './exit-status.ts';

const session = (band: 'low' | 'medium' | 'high' | 'critical', passed: boolean | null) => ({
  passed,
  risk: { probability: 0.5, band, reasons: [], model: { id: 'm', version: '1', calibrated: false } },
});

describe('exit status', () => {
  it('counts a session as a finding from its level upwards', () => {
    const table = failOnLevels.map((level) => [
      level,
      ...(['low', 'medium', 'high', 'critical'] as const).map((band) =>
        isFinding(session(band, band !== 'high'), level),
      ),
    ]);
    expect(table).toEqual([
      ['critical', false, false, false, true],
      ['high', false, false, true, true],
      ['medium', false, true, true, true],
      ['not-passed', false, false, true, false],
      ['never', false, false, false, false],
    ]);
  });

  it('lets an input that failed outweigh findings, and calls an empty batch a failure', () => {
    expect([
      statusOf([session('low', true)], 0, 'high'),
      statusOf([session('critical', false)], 0, 'high'),
      statusOf([session('critical', false)], 1, 'high'),
      statusOf([session('critical', false)], 0, 'never'),
      statusOf([], 0, 'never'),
    ]).toEqual([0, 1, 2, 0, 2]);
  });

  it('of a test run follows the page: what could not run outweighs what failed', () => {
    const page = readFileSync(new URL('../../docs/reference/exit-status.md', import.meta.url), 'utf8');
    const rows = page.slice(page.indexOf('| `earwitness test` |')).matchAll(/^\| [^|]+ \| (\d) +\|$/gm);
    const run = (status: 'passed' | 'failed' | 'could-not-run' | 'skipped', lowCoverage = false) =>
      statusOfTests(
        { files: [{ path: 'a', problems: [], cases: [{ status }, { status: 'passed' }] as never[] }], problems: [] },
        lowCoverage,
      );
    expect([...rows].map((row) => Number(row[1]))).toEqual([run('passed'), run('failed'), run('could-not-run')]);
    expect([run('skipped'), run('passed', true), statusOfTests({ files: [], problems: [] }, false)]).toEqual([0, 1, 2]);
  });

  it('is documented: every status and every level', () => {
    const page = readFileSync(new URL('../../docs/reference/exit-status.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\d+)` \|/gm)].map((row) => Number(row[1]));
    expect(rows).toEqual(Object.values(exitStatus));
    for (const level of failOnLevels) expect(page).toContain(`\`${level}\``);
  });
});
