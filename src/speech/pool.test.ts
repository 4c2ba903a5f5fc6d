import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EarwitnessError } from '../session/index.ts';
import { createPool, type Pool } from './pool.ts';
import type { RecordingJob } from './protocol.ts';

// Children of plain JavaScript stand in for the inference child, to die and hang in every way that native code can.

let dir: string;
let pool: Pool | null;
let tmpBefore: string | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'earwitness-pool-'));
  pool = null;
  tmpBefore = process.env.TMPDIR;
  // Temporary folders of children are counted here.
  process.env.TMPDIR = dir;
});
afterEach(async () => {
  await pool?.close();
  if (tmpBefore === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = tmpBefore;
  rmSync(dir, { recursive: true });
});

const job = (path: string): RecordingJob => ({
  path,
  channelRoles: null,
  language: 'en',
  hotwords: [],
  recogniser: null,
});

/** A pool whose child runs `body` for each job; `job`, `reply`, `fs`, `spawn` and `state` (kept between jobs) are at hand. */
function poolOf(body: string, options: { size?: number; stallMs?: number } = {}): Pool {
  const entry = join(dir, 'child.mjs');
  writeFileSync(
    entry,
    `import fs from 'node:fs'; import { spawn } from 'node:child_process';
     const state = { jobs: 0 }; const reply = (message) => process.send(message);
     process.on('message', async ({ job }) => { state.jobs++; ${body} });`,
  );
  pool = createPool({ size: options.size ?? 1, stallMs: options.stallMs, entry });
  return pool;
}

const done = `reply({ type: 'done', outcome: { path: job.path, jobs: state.jobs, pid: process.pid } });`;
const problemOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EarwitnessError);
  return (error as EarwitnessError).problem;
};
const childFolders = () => readdirSync(dir).filter((name) => name.startsWith('earwitness-child-'));

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie still has a pid; on Linux its state tells.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

describe('inference pool', () => {
  it('keeps a child between jobs and passes progress on', async () => {
    poolOf(`reply({ type: 'progress', progress: { doneMs: 1, totalMs: 2 } }); ${done}`);
    const seen: unknown[] = [];
    const first = await pool!.run(job('a'), { onProgress: (step) => seen.push(step) });
    const second = await pool!.run(job('b'));
    expect([first, second]).toMatchObject([
      { path: 'a', jobs: 1 },
      { path: 'b', jobs: 2 },
    ]);
    expect(seen).toEqual([{ doneMs: 1, totalMs: 2 }]);
    expect(childFolders()).toHaveLength(1);
    await pool!.close();
    expect(childFolders()).toEqual([]);
  });

  it('turns a crash of native code into a failure of that recording alone', async () => {
    poolOf(`if (job.path === 'bad') { fs.writeSync(2, 'vad.cc:12 wrong window size\\n'); process.exit(255); } ${done}`);
    const [bad, good] = await Promise.all([problemOf(pool!.run(job('bad'))), pool!.run(job('good'))]);
    expect(bad).toEqual({
      code: 'recogniser-failed',
      path: 'bad',
      message:
        'The recogniser failed on this recording. Its process ended with exit status 255. Its last words: vad.cc:12 wrong window size',
      hint: 'The other recordings go on. Run this one again; if it repeats, try another one with --recogniser.',
    });
    expect(good).toMatchObject({ path: 'good', jobs: 1 });
  });

  it('names the signal that ended a child', async () => {
    poolOf(`process.kill(process.pid, 'SIGSEGV');`);
    expect((await problemOf(pool!.run(job('a')))).message).toContain('Its process ended with signal SIGSEGV.');
  });

  it('passes on what the child itself found wrong, and keeps the child', async () => {
    poolOf(
      `if (job.path === 'a') reply({ type: 'failed', problem: { path: 'a', code: 'audio-not-audio', message: 'No sound.', hint: null } }); else { ${done} }`,
    );
    expect(await problemOf(pool!.run(job('a')))).toEqual({
      path: 'a',
      code: 'audio-not-audio',
      message: 'No sound.',
      hint: null,
    });
    expect(await pool!.run(job('b'))).toMatchObject({ jobs: 2 });
  });

  it('does not take an empty answer after a failed inference for silence', async () => {
    poolOf(`fs.writeSync(2, 'Caught exception:\\n\\nbad allocation\\n'); setTimeout(() => { ${done} }, 100);`);
    expect((await problemOf(pool!.run(job('a')))).message).toContain('Caught exception: bad allocation');
  });

  it('ends a child that reports nothing any more', async () => {
    poolOf(`if (job.path === 'hang') return; ${done}`, { stallMs: 300 });
    expect(await problemOf(pool!.run(job('hang')))).toMatchObject({
      code: 'recogniser-failed',
      message: expect.stringContaining('It reported nothing for 0.3 s and was ended.') as string,
    });
    expect(childFolders()).toEqual([]);
  });

  it('kills the child, its own children and its temporary files on abort', async () => {
    const pidFile = join(dir, 'pids');
    poolOf(
      `fs.writeFileSync(process.env.TMPDIR + '/sound.raw', 'x');
       const helper = spawn('sleep', ['60'], { stdio: 'ignore' });
       fs.writeFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + helper.pid);
       reply({ type: 'progress', progress: { doneMs: 0, totalMs: 1 } });`,
    );
    const controller = new AbortController();
    const running = pool!.run(job('a'), { signal: controller.signal, onProgress: () => controller.abort() });
    expect(await problemOf(running)).toMatchObject({ code: 'cancelled' });
    const [child, helper] = readFileSync(pidFile, 'utf8').split(' ').map(Number);
    await until(() => !alive(child!) && !alive(helper!));
    expect(childFolders()).toEqual([]);
  });

  it('ends helpers that a crashed child leaves behind', async () => {
    const pidFile = join(dir, 'pid');
    poolOf(
      `const helper = spawn('sleep', ['60'], { stdio: 'inherit' });
       fs.writeFileSync(${JSON.stringify(pidFile)}, String(helper.pid));
       process.exit(255);`,
    );
    expect((await problemOf(pool!.run(job('a')))).code).toBe('recogniser-failed');
    await until(() => !alive(Number(readFileSync(pidFile, 'utf8'))));
  });

  it('gives up waiting for a place on abort, and lets the others go on', async () => {
    poolOf(`setTimeout(() => { ${done} }, job.path === 'long' ? 200 : 0);`);
    const controller = new AbortController();
    const long = pool!.run(job('long'));
    const waiting = pool!.run(job('waiting'), { signal: controller.signal });
    const next = pool!.run(job('next'));
    controller.abort();
    expect(await problemOf(waiting)).toMatchObject({ code: 'cancelled' });
    expect([await long, await next]).toMatchObject([{ path: 'long' }, { path: 'next' }]);
  });

  it('runs as many children at once as it may', async () => {
    const gate = join(dir, 'gate');
    poolOf(
      `fs.writeFileSync(${JSON.stringify(dir)} + '/at-' + job.path, '');
       const wait = () => fs.existsSync(${JSON.stringify(gate)}) ? (() => { ${done} })() : setTimeout(wait, 10); wait();`,
      { size: 2 },
    );
    const runs = ['1', '2', '3'].map((path) => pool!.run(job(path)));
    await until(() => existsSync(join(dir, 'at-1')) && existsSync(join(dir, 'at-2')));
    expect(existsSync(join(dir, 'at-3'))).toBe(false);
    writeFileSync(gate, '');
    expect((await Promise.all(runs)).map((outcome) => (outcome as unknown as { path: string }).path)).toEqual([
      '1',
      '2',
      '3',
    ]);
  });
});
