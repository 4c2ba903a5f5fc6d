import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTempFolder } from './temp-folder.ts';

describe('temporary folder', () => {
  let dir: string;
  let before: string | undefined;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'earwitness-temp-'));
    before = process.env['TMPDIR'];
    process.env['TMPDIR'] = dir;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(dir, { recursive: true, force: true });
  });

  it('is its owner’s alone and goes when asked', () => {
    const temp = makeTempFolder();
    expect(statSync(temp.path).mode & 0o777).toBe(0o700);
    temp.remove();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('clears away what a killed run left, and nothing of a living one or of another machine', () => {
    const living = makeTempFolder();
    const name = basename(living.path);
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const killed = name.replace(`-${process.pid}-`, `-${dead}-`);
    const elsewhere = killed.replace(/^earwitness-\w{8}/, 'earwitness-00000000');
    for (const other of [killed, elsewhere, 'earwitness-mine']) mkdirSync(join(dir, other));
    const next = makeTempFolder();
    expect(readdirSync(dir).sort()).toEqual([name, basename(next.path), elsewhere, 'earwitness-mine'].sort());
    living.remove();
    next.remove();
  });

  it('says what to do where it cannot be made', () => {
    process.env['TMPDIR'] = join(dir, 'absent');
    expect(() => makeTempFolder()).toThrowError(
      expect.objectContaining({ code: 'output-unwritable', message: 'The temporary folder cannot be written to.' }),
    );
    expect(existsSync(join(dir, 'absent'))).toBe(false);
  });
});
