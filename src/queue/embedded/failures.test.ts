import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultQueueSettings } from '../index.ts';
import type { JobQueue } from '../index.ts';
import { gate, job, jobs, until } from '../testing/suite.ts';
import type { MachineClock } from './clock.ts';
import { hold } from './database.ts';
import { openEmbedded } from './queue.ts';

const quick = { ...defaultQueueSettings, attempts: 3, backoffMs: 20, backoffMaxMs: 200, leaseMs: 600 };

/** A machine whose wall clock may be set and which may be started anew. */
class Machine implements MachineClock {
  boot = 'first';
  #wallShift = 0;
  #monotonicStart = performance.now();

  wall = (): number => Date.now() + this.#wallShift;
  monotonic = (): number => Math.floor(performance.now() - this.#monotonicStart);

  setWall(by: number): void {
    this.#wallShift += by;
  }

  restart(downMs: number): void {
    this.boot = 'second';
    this.#monotonicStart = performance.now();
    this.#wallShift += downMs;
  }
}

function mayMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'earwitness-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true });
  }
}

describe('queue: embedded in trouble', () => {
  let folder: string;
  let path: string;
  let queues: JobQueue[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'earwitness-queue-'));
    path = join(folder, 'queue.sqlite');
    queues = [];
  });

  afterEach(async () => {
    await Promise.all(queues.map((queue) => queue.close()));
    rmSync(folder, { recursive: true });
  });

  function opened(machine?: MachineClock, settings = quick): JobQueue {
    const queue = openEmbedded(path, settings, machine);
    queues.push(queue);
    return queue;
  }

  it.each([1, -1])('runs nothing twice and delays nothing when the clock jumps by %i hours', async (hours) => {
    const machine = new Machine();
    const [one, two] = [opened(machine), opened(machine)];
    const held = gate();
    const seen: string[] = [];
    for (const queue of [one, two])
      queue.consume({ kinds: ['inspect'], concurrency: 1 }, async (next) => {
        seen.push(next.id);
        if (next.id === 'long') await held.opened;
      });
    await one.add([job('long'), job('soon', { delayMs: 300 }), job('tomorrow', { delayMs: 86_400_000 })]);
    await until(() => seen.length === 1);
    machine.setWall(hours * 3_600_000);
    await until(() => seen.length === 2);
    await sleep(2 * quick.leaseMs);
    expect(seen).toEqual(['long', 'soon']);
    expect(await one.counts()).toEqual({ waiting: 0, delayed: 1, running: 1, dead: 0 });
    held.open();
    await until(async () => (await one.counts()).running === 0);
  });

  it('carries its time on when the machine was off', async () => {
    const machine = new Machine();
    const before = opened(machine);
    await before.add([job('in an hour', { delayMs: 3_600_000 }), job('in two', { delayMs: 7_200_000 })]);
    await before.close();
    machine.restart(5_400_000);
    const queue = opened(machine);
    const seen: string[] = [];
    queue.consume({ kinds: ['inspect'], concurrency: 1 }, async (one) => void seen.push(one.id));
    await until(() => seen.length === 1);
    await sleep(300);
    expect(seen).toEqual(['in an hour']);
    expect(await queue.counts()).toMatchObject({ delayed: 1 });
  });

  it('says that it is held by another program, keeps what ended meanwhile, and goes on by itself', async () => {
    const queue = opened();
    const troubles: Error[] = [];
    queue.onTrouble((error) => troubles.push(error));
    const held = gate();
    const seen: string[] = [];
    queue.consume({ kinds: ['inspect'], concurrency: 1 }, async (one) => {
      seen.push(one.id);
      if (one.id === 'a:0') await held.opened;
    });
    await queue.add(jobs('a', 2));
    await until(() => seen.length === 1);
    const other = hold(new Database(path));
    other.exec('BEGIN IMMEDIATE');
    await expect(queue.add([job('refused')])).rejects.toMatchObject({ code: 'state-unusable' });
    held.open();
    await until(() => troubles.length > 0);
    expect(troubles[0]).toMatchObject({
      code: 'state-unusable',
      message: 'Another program holds the queue for too long.',
    });
    other.exec('ROLLBACK');
    other.close();
    await until(async () => seen.length === 2 && (await queue.counts()).running === 0);
    expect(seen).toEqual(['a:0', 'a:1']);
    expect(await queue.counts()).toEqual({ waiting: 0, delayed: 0, running: 0, dead: 0 });
  });

  // Skipped where this user may not mount: a disk cannot be filled otherwise without harming the machine.
  it.runIf(mayMount())('refuses jobs while the disk is full, loses none, and goes on by itself', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      path = join(disk, 'queue.sqlite');
      const queue = opened();
      await queue.add(jobs('kept', 20));
      const big = { payload: 'x'.repeat(20_000) };
      let added = 0;
      const fill = async (): Promise<void> => {
        for (;;) added += await queue.add([job(`more:${added}`, big)]);
      };
      await expect(fill()).rejects.toMatchObject({ code: 'disk-full' });
      execFileSync('mount', ['-o', 'remount,size=20m', disk]);
      const seen: string[] = [];
      queue.consume({ kinds: ['inspect'], concurrency: 4 }, async (one) => void seen.push(one.id));
      await until(async () => seen.length > 0 && (await queue.counts()).waiting + (await queue.counts()).running === 0);
      expect(seen.length).toBe(20 + added);
      await queue.close();
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('refuses a database of another program, one of a later version and what is no database', async () => {
    const other = hold(new Database(path));
    other.exec('CREATE TABLE customers (id)');
    other.close();
    expect(() => opened()).toThrowError(/database of another program/);
    rmSync(path);
    await opened().close();
    const later = hold(new Database(path));
    later.exec('PRAGMA user_version = 99');
    later.close();
    expect(() => opened()).toThrowError(/version 99, this program writes version 2/);
    rmSync(path);
    writeFileSync(path, 'no database at all, but a text that is long enough to be one'.repeat(100));
    expect(() => opened()).toThrowError(/cannot be used: file is not a database/);
  });

  it('goes on with a queue that was made before losses were counted', async () => {
    await opened().add(jobs('a', 2));
    const older = hold(new Database(path));
    older.exec('ALTER TABLE jobs DROP COLUMN lost; PRAGMA user_version = 1');
    older.close();
    const queue = opened();
    const seen: string[] = [];
    queue.consume({ kinds: ['inspect'], concurrency: 1 }, async (one) => void seen.push(one.id));
    await until(() => seen.length === 2);
    expect(seen).toEqual(['a:0', 'a:1']);
  });

  it('is for its owner alone', () => {
    opened();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('finds the next job as fast among many as among few', async () => {
    const queue = opened();
    await queue.add(jobs('huge', 20_000));
    const begun: number[] = [];
    const consumer = queue.consume(
      { kinds: ['inspect'], concurrency: 1 },
      async () => void begun.push(performance.now()),
    );
    await until(() => begun.length >= 400);
    await consumer.drain();
    // A scan of the group would take several milliseconds for each.
    expect((begun[399]! - begun[0]!) / 400).toBeLessThan(8);
  });

  it('refuses a job without id or with a priority out of range', async () => {
    const queue = opened();
    await expect(queue.add([job('')])).rejects.toThrow('A job needs an id.');
    await expect(queue.add([job('1', { priority: 10 })])).rejects.toThrow('Priority of job 1 is 10');
    expect(await queue.counts()).toMatchObject({ waiting: 0 });
  });
});
