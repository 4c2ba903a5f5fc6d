import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { GiveUp, openQueue, RetryLater } from '../index.ts';
import type { DeadJob, JobHandler, JobQueue, NewJob, QueuedJob, QueuePlace, QueueSettings } from '../index.ts';

/** What a backend needs to be held to the suite. */
export interface Backend {
  /** A place that nothing else uses. */
  place(): Promise<QueuePlace> | QueuePlace;
  /** Removes what was left in a place. */
  remove(place: QueuePlace): Promise<void> | void;
  skip?: boolean;
  /** Jobs that three processes share out; default 300. */
  shared?: number;
}

const quick: Partial<QueueSettings> = { attempts: 3, backoffMs: 20, backoffMaxMs: 200, leaseMs: 1_500 };

export function job(id: string, more: Partial<NewJob> = {}): NewJob {
  return { id, kind: 'inspect', group: 'a', priority: 5, lane: null, payload: { of: id }, ...more };
}

/** Jobs `GROUP:0` … of one group. */
export function jobs(group: string, count: number, more: Partial<NewJob> = {}): NewJob[] {
  return Array.from({ length: count }, (_, at) => job(`${group}:${at}`, { group, ...more }));
}

/** Waits for a fact, not for a time; the test's own limit ends it. */
export async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await fact())) await sleep(10);
}

/** The promise's side of what somebody else decides. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** The page that every backend is held to. */
export function describeQueue(name: string, backend: Backend): void {
  describe.skipIf(backend.skip)(`queue: ${name}`, () => {
    let place: QueuePlace;
    let queues: JobQueue[] = [];
    let children: ChildProcess[] = [];
    let folders: string[] = [];

    async function opened(settings: Partial<QueueSettings> = {}): Promise<JobQueue> {
      if (queues.length === 0) place = await backend.place();
      const queue = await openQueue(place, { ...quick, ...settings });
      queues.push(queue);
      return queue;
    }

    async function reopened(queue: JobQueue, settings: Partial<QueueSettings> = {}): Promise<JobQueue> {
      await queue.close();
      return opened(settings);
    }

    afterEach(async () => {
      for (const child of children)
        if (child.exitCode === null && child.signalCode === null) {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
      await Promise.all(queues.map((queue) => queue.close()));
      if (queues.length) await backend.remove(place);
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      [queues, children, folders] = [[], [], []];
    });

    /** Takes one job after another and notes their ids. */
    function consumeAll(queue: JobQueue, concurrency = 1, work: JobHandler = async () => undefined) {
      const seen: string[] = [];
      const consumer = queue.consume({ kinds: ['inspect'], concurrency }, async (one, context) => {
        seen.push(one.id);
        await work(one, context);
      });
      return { seen, consumer };
    }

    async function forked(workMs: number, concurrency = 1) {
      const folder = mkdtempSync(join(tmpdir(), 'earwitness-queue-'));
      folders.push(folder);
      const log = join(folder, 'log');
      const order = { place, settings: quick, log, concurrency, workMs };
      const path = fileURLToPath(new URL('consumer-process.ts', import.meta.url));
      const child = fork(path, [JSON.stringify(order)], { execArgv: ['--import', 'tsx'] });
      children.push(child);
      await once(child, 'message');
      const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []);
      return { child, lines };
    }

    const settled = async (queue: JobQueue) => {
      const { waiting, delayed, running } = await queue.counts();
      return waiting + delayed + running === 0;
    };

    it('hands a job over as it was added and forgets it when it is done', async () => {
      const queue = await opened();
      const added = job('ingest:1/ä', {
        kind: 'ingest',
        group: 'batch 1',
        priority: 3,
        lane: 'x',
        payload: { n: [1, null, 'ö'] },
      });
      expect(await queue.add([added])).toBe(1);
      expect(await queue.counts()).toEqual({ waiting: 1, delayed: 0, running: 0, dead: 0 });
      expect(await queue.counts('ingest')).toMatchObject({ waiting: 1 });
      expect(await queue.counts('webhook')).toMatchObject({ waiting: 0 });
      const got: QueuedJob[] = [];
      queue.consume({ kinds: ['inspect'], concurrency: 1 }, () => Promise.reject(new Error('of another kind')));
      queue.consume({ kinds: ['ingest', 'webhook'], concurrency: 1 }, async (one) => void got.push(one));
      await until(() => settled(queue));
      expect(got).toEqual([{ ...added, attempt: 1 }]);
      expect(await queue.counts()).toEqual({ waiting: 0, delayed: 0, running: 0, dead: 0 });
      await queue.health();
    });

    it('adds an id once while it waits, runs or is dead, and again after it is done', async () => {
      const queue = await opened();
      const running = gate();
      expect(await queue.add([job('1'), job('1'), job('2')])).toBe(2);
      expect(await queue.add([job('2'), job('3', { delayMs: 60_000 })])).toBe(1);
      expect(await queue.add([job('3')])).toBe(0);
      const { seen, consumer } = consumeAll(queue, 1, async (one) => {
        if (one.id === '1') await running.opened;
        else throw new GiveUp('no use');
      });
      await until(() => seen.length === 1);
      expect(await queue.add([job('1')])).toBe(0);
      running.open();
      await until(async () => (await queue.counts()).dead === 1);
      expect(await queue.add([job('2')])).toBe(0);
      await consumer.drain();
      expect(await queue.add([job('1')])).toBe(1);
      expect(seen).toEqual(['1', '2']);
    });

    it('tries again with growing waits, then buries the job with its reason and tells so once', async () => {
      const queue = await opened();
      const dead: DeadJob[] = [];
      queue.onDead((one) => dead.push(one));
      const tries: { attempt: number; at: number }[] = [];
      const { seen } = consumeAll(queue, 2, async (one) => {
        if (one.id !== 'bad') return;
        tries.push({ attempt: one.attempt, at: performance.now() });
        throw new Error(`no luck ${one.attempt}`);
      });
      await queue.add([job('bad'), job('good')]);
      await until(() => dead.length > 0);
      expect(tries.map((one) => one.attempt)).toEqual([1, 2, 3]);
      expect(tries[1]!.at - tries[0]!.at).toBeGreaterThanOrEqual(19);
      expect(tries[2]!.at - tries[1]!.at).toBeGreaterThanOrEqual(39);
      const expected = {
        ...job('bad'),
        attempt: 3,
        reason: 'no luck 3',
        diedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      };
      expect(dead).toEqual([expected]);
      expect(await queue.dead({ limit: 10 })).toEqual([expected]);
      expect(seen).toContain('good');
    });

    it('lists dead jobs by group and page by page, and puts them back with fresh attempts', async () => {
      const queue = await opened();
      let fail = true;
      const attempts: number[] = [];
      const { consumer } = consumeAll(queue, 3, async (one) => {
        attempts.push(one.attempt);
        if (fail) throw new GiveUp(`${one.id} is hopeless`);
      });
      await queue.add([...jobs('a', 3), ...jobs('b', 2)]);
      await until(async () => (await queue.counts()).dead === 5);
      await consumer.drain();
      const ids = async (options: { group?: string; limit: number; after?: string }) =>
        (await queue.dead(options)).map((one) => one.id);
      expect(await ids({ limit: 2 })).toEqual(['a:0', 'a:1']);
      expect(await ids({ limit: 2, after: 'a:1' })).toEqual(['a:2', 'b:0']);
      expect(await ids({ limit: 9, after: 'b:1' })).toEqual([]);
      expect(await ids({ group: 'b', limit: 9 })).toEqual(['b:0', 'b:1']);
      expect((await queue.dead({ limit: 1 }))[0]).toMatchObject({ reason: 'a:0 is hopeless', attempt: 1 });
      fail = false;
      expect(await queue.redrive({ ids: ['a:0', 'nobody'] })).toBe(1);
      expect(await queue.redrive({ group: 'b' })).toBe(2);
      expect(await queue.redrive({ group: 'b' })).toBe(0);
      expect(await queue.counts()).toEqual({ waiting: 3, delayed: 0, running: 0, dead: 2 });
      consumeAll(queue, 3, async (one) => void attempts.push(one.attempt));
      await until(() => settled(queue));
      expect(attempts).toEqual(Array(8).fill(1));
      expect(await ids({ limit: 9 })).toEqual(['a:1', 'a:2']);
    });

    it('comes back later without counting the try', async () => {
      const queue = await opened({ attempts: 1 });
      const attempts: number[] = [];
      consumeAll(queue, 1, async (one) => {
        attempts.push(one.attempt);
        if (attempts.length < 4) throw new RetryLater(30, 'the provider is busy');
      });
      await queue.add([job('1')]);
      await until(async () => attempts.length === 4 && (await settled(queue)));
      expect(attempts).toEqual([1, 1, 1, 1]);
      expect(await queue.counts()).toMatchObject({ dead: 0 });
    });

    it('starts a delayed job when its time has come', async () => {
      const queue = await opened();
      const { seen } = consumeAll(queue);
      const added = performance.now();
      await queue.add([job('later', { delayMs: 300 }), job('now')]);
      await until(() => seen.length === 1);
      expect(await queue.counts()).toMatchObject({ delayed: 1 });
      await until(() => seen.length === 2);
      expect(performance.now() - added).toBeGreaterThanOrEqual(299);
      expect(seen).toEqual(['now', 'later']);
    });

    it('serves by priority first', async () => {
      const queue = await opened();
      await queue.add([
        job('9', { priority: 9 }),
        job('5'),
        job('0', { priority: 0, group: 'b' }),
        job('4', { priority: 4 }),
      ]);
      const { seen } = consumeAll(queue);
      await until(() => settled(queue));
      expect(seen).toEqual(['0', '4', '5', '9']);
    });

    it('serves groups in rotation: a huge one starves none', async () => {
      const queue = await opened();
      await queue.add(jobs('huge', 5_000));
      const held = gate();
      const { seen, consumer } = consumeAll(queue, 2, async () => (seen.length === 20 ? held.opened : undefined));
      await until(() => seen.length >= 20);
      await queue.add([job('single', { group: 'single' }), ...jobs('few', 3)]);
      const before = seen.length;
      held.open();
      await until(() => seen.length >= before + 20);
      await consumer.drain();
      expect(seen.indexOf('single')).toBeGreaterThanOrEqual(before);
      expect(seen.indexOf('single')).toBeLessThan(before + 8);
      expect(seen.indexOf('few:2')).toBeLessThan(before + 16);
    });

    it('does not let a flow of small groups starve the huge one', async () => {
      const queue = await opened();
      let next = 0;
      const { seen, consumer } = consumeAll(queue, 1, async (one) => {
        if (one.group !== 'huge') await queue.add([job(`s${next}`, { group: `s${next++}` })]);
      });
      await queue.add([job('s', { group: 's' }), ...jobs('huge', 50)]);
      await until(() => seen.length >= 40);
      await consumer.drain();
      expect(seen.slice(0, 40).filter((id) => id.startsWith('huge')).length).toBeGreaterThanOrEqual(10);
    });

    it('cancels what waits and aborts what runs', async () => {
      const queue = await opened();
      const ended: string[] = [];
      const { seen } = consumeAll(queue, 2, async (one, { signal }) => {
        if (one.group === 'b') return;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended.push(one.id);
        throw new Error('aborted');
      });
      await queue.add([...jobs('a', 10), job('a:later', { delayMs: 60_000 })]);
      await until(() => seen.length === 2);
      // Whoever cancels need not be who consumes.
      expect(await (await opened()).cancel('a')).toBe(11);
      await until(() => ended.length === 2);
      await queue.add(jobs('b', 3));
      await until(() => seen.length === 5);
      await until(() => settled(queue));
      expect(seen.slice(2).toSorted()).toEqual(['b:0', 'b:1', 'b:2']);
      expect(await queue.counts()).toEqual({ waiting: 0, delayed: 0, running: 0, dead: 0 });
      expect(await queue.cancel('a')).toBe(0);
    });

    it('takes a cancelled id anew', async () => {
      const queue = await opened();
      await queue.add(jobs('a', 2));
      expect(await queue.cancel('a')).toBe(2);
      expect(await queue.add(jobs('a', 2))).toBe(2);
      const { seen } = consumeAll(queue);
      await until(() => settled(queue));
      expect(seen).toEqual(['a:0', 'a:1']);
    });

    it('holds a group over a restart; what is added to it waits as well', async () => {
      const first = await opened();
      await first.add(jobs('a', 2));
      await first.pause('a');
      const queue = await reopened(first);
      await queue.add([job('a:2'), ...jobs('b', 2)]);
      const { seen } = consumeAll(queue);
      await until(() => seen.length === 2);
      expect(seen).toEqual(['b:0', 'b:1']);
      expect(await queue.counts()).toMatchObject({ waiting: 3 });
      await queue.resume('a');
      await until(() => settled(queue));
      expect(seen.slice(2)).toEqual(['a:0', 'a:1', 'a:2']);
    });

    it('holds everything over a restart', async () => {
      const first = await opened();
      await first.pause();
      const queue = await reopened(first);
      const { seen } = consumeAll(queue);
      await queue.add(jobs('a', 2));
      await sleep(300);
      expect(seen).toEqual([]);
      await queue.resume();
      await until(() => settled(queue));
      expect(seen).toEqual(['a:0', 'a:1']);
    });

    it('lets running jobs go on while held, and holds their next try', async () => {
      const queue = await opened();
      const held = gate();
      const { seen } = consumeAll(queue, 1, async (one) => {
        if (one.attempt > 1) return;
        await held.opened;
        throw new Error('once more');
      });
      await queue.add([job('1')]);
      await until(() => seen.length === 1);
      await queue.pause('a');
      held.open();
      await sleep(400);
      expect(seen).toEqual(['1']);
      await queue.resume('a');
      await until(() => settled(queue));
      expect(seen).toEqual(['1', '1']);
    });

    it('keeps the progress of a running job', async () => {
      const queue = await opened();
      const held = gate();
      await queue.add([job('1'), job('2')]);
      const { seen } = consumeAll(queue, 1, async (_, context) => {
        context.progress(0.1);
        context.progress(0.4);
        await held.opened;
      });
      const reader = await opened();
      await until(async () => seen.length === 1 && ((await reader.progressOf('1')) ?? 0) >= 0.1);
      await until(async () => (await reader.progressOf('1')) === 0.4);
      expect(await reader.progressOf('2')).toBeNull();
      held.open();
      await until(() => settled(queue));
      expect(await reader.progressOf('1')).toBeNull();
    });

    it('starts no more jobs of a lane than its rate allows, and holds up no other lane', async () => {
      // Ten each second, ten saved up.
      const queue = await opened({ rates: { 'recogniser:x': 600 } });
      await queue.add([
        ...jobs('a', 18, { lane: 'recogniser:x' }),
        ...jobs('b', 50, { lane: 'recogniser:free' }),
        ...jobs('c', 50),
      ]);
      const begun = performance.now();
      const limited: number[] = [];
      const others: number[] = [];
      consumeAll(queue, 4, async (one) => {
        (one.lane === 'recogniser:x' ? limited : others).push(performance.now() - begun);
      });
      await until(() => settled(queue));
      expect([limited.length, others.length]).toEqual([18, 100]);
      expect(limited[17]).toBeGreaterThan(700);
      // The lane's savings are gone after ten; others start while it waits.
      expect(others.some((at) => at > limited[9]! && at < limited[17]!)).toBe(true);
    });

    it('shares a rate among all consumers', async () => {
      const rates = { rates: { 'recogniser:x': 600 } };
      const [one, two] = [await opened(rates), await opened(rates)];
      await one.add(jobs('a', 18, { lane: 'recogniser:x' }));
      const begun = performance.now();
      const seen = [consumeAll(one, 4).seen, consumeAll(two, 4).seen];
      await until(() => settled(one));
      expect(seen.flat().length).toBe(18);
      expect(performance.now() - begun).toBeGreaterThan(700);
    });

    it('drains: takes no more, ends what runs', async () => {
      const queue = await opened();
      const held = gate();
      await queue.add(jobs('a', 5));
      const { seen, consumer } = consumeAll(queue, 2, () => held.opened);
      await until(() => seen.length === 2);
      let drained = false;
      const draining = consumer.drain().then(() => (drained = true));
      await sleep(50);
      expect(drained).toBe(false);
      held.open();
      await draining;
      expect(seen.toSorted()).toEqual(['a:0', 'a:1']);
      expect(await queue.counts()).toEqual({ waiting: 3, delayed: 0, running: 0, dead: 0 });
    });

    it('stops: aborts what runs and gives it back at once, at no cost', async () => {
      const queue = await opened({ leaseMs: 60_000, attempts: 1 });
      const aborted: string[] = [];
      await queue.add(jobs('a', 3));
      const first = consumeAll(queue, 2, (one, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(one.id));
        return new Promise(() => undefined);
      });
      await until(() => first.seen.length === 2);
      await first.consumer.stop();
      expect(aborted.toSorted()).toEqual(['a:0', 'a:1']);
      expect(await queue.counts()).toEqual({ waiting: 3, delayed: 0, running: 0, dead: 0 });
      const attempts: number[] = [];
      const second = consumeAll(queue, 2, async (one) => void attempts.push(one.attempt));
      await until(() => settled(queue));
      expect(second.seen.toSorted()).toEqual(['a:0', 'a:1', 'a:2']);
      expect(attempts).toEqual([1, 1, 1]);
    });

    it('runs a job once while its handler is busy for longer than the lease', async () => {
      const [one, two] = [await opened({ leaseMs: 600 }), await opened({ leaseMs: 600 })];
      await one.add([job('1')]);
      const seen = [one, two].map((queue) => consumeAll(queue, 1, () => sleep(2_000)).seen);
      await until(() => settled(one));
      expect(seen.flat()).toEqual(['1']);
    });

    it('keeps what was added over a restart', async () => {
      const first = await opened();
      await first.add([...jobs('a', 3), job('later', { delayMs: 200 })]);
      const queue = await reopened(first);
      expect(await queue.add(jobs('a', 3))).toBe(0);
      const { seen } = consumeAll(queue);
      await until(() => settled(queue));
      expect(seen).toEqual(['a:0', 'a:1', 'a:2', 'later']);
    });

    it('runs the job of a killed process elsewhere, and does not count the try', async () => {
      const queue = await opened({ attempts: 1 });
      await queue.add([job('1')]);
      const { child, lines } = await forked(-1);
      await until(() => lines().length === 1);
      const attempts: number[] = [];
      consumeAll(queue, 1, async (one) => void attempts.push(one.attempt));
      child.kill('SIGKILL');
      await until(() => settled(queue));
      expect(lines()).toEqual(['start 1 1']);
      expect(attempts).toEqual([1]);
    });

    it('buries a job under which too many processes have died', async () => {
      const queue = await opened({ losses: 2 });
      await queue.add([job('1')]);
      const first = await forked(-1);
      await until(() => first.lines().length === 1);
      const second = await forked(-1);
      first.child.kill('SIGKILL');
      await until(() => second.lines().length === 1);
      expect(second.lines()).toEqual(['start 1 1']);
      const dead: DeadJob[] = [];
      queue.onDead((one) => dead.push(one));
      const { seen } = consumeAll(queue);
      second.child.kill('SIGKILL');
      await until(() => dead.length === 1);
      expect(seen).toEqual([]);
      expect(await queue.dead({ limit: 9 })).toEqual([
        {
          ...job('1'),
          attempt: 1,
          diedAt: expect.any(String) as string,
          reason: expect.stringContaining('disappeared 2 times') as string,
        },
      ]);
    });

    it('shares the work of several processes, each job once', async () => {
      const shared = backend.shared ?? 300;
      const queue = await opened();
      const others = await Promise.all([forked(10, 4), forked(10, 4)]);
      // Slow enough that the others, who look every quarter of a second, come to their share.
      const { seen } = consumeAll(queue, 4, () => sleep(10));
      await queue.add([...jobs('a', shared / 2), ...jobs('b', shared / 2)]);
      await until(() => settled(queue));
      const elsewhere = others.map(({ lines }) =>
        lines()
          .filter((line) => line.startsWith('end'))
          .map((line) => line.slice(4)),
      );
      const all = [...seen, ...elsewhere.flat()];
      expect(all.length).toBe(shared);
      expect(new Set(all).size).toBe(shared);
      expect(Math.min(seen.length, ...elsewhere.map((ids) => ids.length))).toBeGreaterThan(0);
    });
  });
}
