import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EarwitnessError } from '../session/index.ts';
import type { FromChild, JobProgress, RecordingJob, RecordingOutcome } from './protocol.ts';

export interface RunOptions {
  onProgress?: ((progress: JobProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface PoolOptions {
  /** Children at work at the same time. */
  size: number;
  /** A child that reports nothing for so long is taken to hang and is ended. */
  stallMs?: number | undefined;
  /** Entry of the child; for tests of what happens when it dies. */
  entry?: string | undefined;
}

export interface Pool {
  /**
   * Runs one recording in a child; waits for a free one.
   * @throws EarwitnessError `recogniser-failed` when the child dies or hangs, `cancelled` on abort, or what the child told
   */
  run(job: RecordingJob, options?: RunOptions): Promise<RecordingOutcome>;
  /** Starts a child for a recording that is on its way, if there is a place for one: starting takes half a second. */
  warm(): void;
  /** Ends all children and waits until they and their temporary files are gone. */
  close(): Promise<void>;
}

/** A pool of inference children. A child that died is replaced when the next recording needs it. */
export function createPool(options: PoolOptions): Pool {
  const idle: Child[] = [];
  const all = new Set<Child>();
  const waiting: (() => void)[] = [];
  /** Started ahead. One that failed to start is left to the run that takes it to report. */
  const ahead: Promise<Child>[] = [];
  let busy = 0;
  let closed = false;

  const free = async (signal: AbortSignal | undefined) => {
    while (busy >= options.size)
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        waiting.push(wake);
        signal?.addEventListener('abort', wake, { once: true });
        if (signal?.aborted) wake();
      }).then(() => throwIfCancelled(signal));
    throwIfCancelled(signal);
    busy++;
  };

  return {
    async run(job, runOptions = {}) {
      const { signal } = runOptions;
      await free(signal);
      let child: Child | undefined;
      try {
        if (closed) throw cancelled(job.path);
        do child = idle.pop();
        while (child && !child.alive);
        child ??= await (ahead.shift() ?? startChild(options.entry));
        all.add(child);
        const outcome = await child.run(job, options.stallMs ?? 600_000, runOptions);
        return outcome;
      } finally {
        busy--;
        if (child?.alive && !closed) idle.push(child);
        else if (child) {
          all.delete(child);
          await child.end();
        }
        // All are woken: one that was given up meanwhile must not swallow the place.
        for (const wake of waiting.splice(0)) wake();
      }
    },
    warm() {
      if (closed || busy + idle.length + ahead.length >= options.size) return;
      const started = startChild(options.entry);
      started.catch(() => undefined);
      ahead.push(started);
    },
    async close() {
      closed = true;
      for (const started of await Promise.allSettled(ahead.splice(0)))
        if (started.status === 'fulfilled') all.add(started.value);
      await Promise.all([...all].map((child) => child.end()));
      all.clear();
      idle.length = 0;
    },
  };
}

interface Child {
  readonly alive: boolean;
  run(job: RecordingJob, stallMs: number, options: RunOptions): Promise<RecordingOutcome>;
  end(): Promise<void>;
}

async function startChild(entry = childEntry()): Promise<Child> {
  // Its own temporary folder: whatever kills the child, the sound that lay there goes with it.
  const dir = await mkdtemp(join(tmpdir(), 'earwitness-child-'));
  const process_ = fork(entry, [], {
    // A group of its own, so that ffmpeg and recogniser programs die with it.
    detached: true,
    env: { ...process.env, TMPDIR: dir, EARWITNESS_CHILD_DIR: dir },
    execArgv: entry.endsWith('.ts') ? ['--import', tsxLoader()] : [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  process_.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000);
  });
  const exited = new Promise<void>((resolve) => {
    process_.once('close', () => resolve());
    process_.once('error', () => resolve());
  });
  // Told apart from the process' own state, which lags behind a kill.
  let ended = false;
  const kill = () => {
    ended = true;
    killGroup(process_);
  };
  // A crash leaves its helpers behind (ffmpeg, recogniser programs); they belong to the same group.
  process_.once('exit', kill);
  return {
    get alive() {
      return !ended && process_.connected && process_.exitCode === null && process_.signalCode === null;
    },
    async run(job, stallMs, options) {
      stderr = '';
      const outcome = await talk(process_, job, stallMs, options, kill, () => stderr);
      const fault = silentFault(stderr);
      if (fault !== null) throw failed(job.path, `The recogniser could not compute a part of it: ${fault}`);
      return outcome;
    },
    async end() {
      kill();
      await exited;
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** One job's conversation with a child. */
function talk(
  child: ChildProcess,
  job: RecordingJob,
  stallMs: number,
  { onProgress, signal }: RunOptions,
  kill: () => void,
  lastWords: () => string,
): Promise<RecordingOutcome> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('close', onClose).off('error', onError);
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    const give = (error: EarwitnessError) => {
      kill();
      settle(() => reject(error));
    };
    const onStall = () => give(failed(job.path, `It reported nothing for ${stallMs / 1000} s and was ended.`));
    const onAbort = () => give(cancelled(job.path));
    const onError = (error: Error) => give(failed(job.path, `Its process could not be started: ${error.message}.`));
    const onClose = (code: number | null, killer: NodeJS.Signals | null) =>
      settle(() => reject(failed(job.path, `Its process ended with ${ending(code, killer)}.${quoted(lastWords())}`)));
    const onMessage = (message: FromChild) => {
      clearTimeout(timer);
      timer = setTimeout(onStall, stallMs);
      if (message.type === 'progress') onProgress?.(message.progress);
      else if (message.type === 'done') settle(() => resolve(message.outcome));
      else if (message.type === 'failed') {
        const { code, path, message: text, hint } = message.problem;
        settle(() => reject(new EarwitnessError(code, path, text, hint)));
      }
    };
    let timer = setTimeout(onStall, stallMs);
    child.on('message', onMessage).once('close', onClose).once('error', onError);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    else child.send({ type: 'job', job }, (error) => error && onError(error));
  });
}

const failed = (path: string, what: string) =>
  new EarwitnessError(
    'recogniser-failed',
    path,
    `The recogniser failed on this recording. ${what}`,
    'The other recordings go on. Run this one again; if it repeats, try another one with --recogniser.',
  );

const cancelled = (path: string) => new EarwitnessError('cancelled', path, 'The run was cancelled.');

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled('');
}

const ending = (code: number | null, signal: NodeJS.Signals | null) =>
  signal ? `signal ${signal}` : `exit status ${code}`;

/** The last line that native code left on its error output; never transcript text, which it does not print. */
function quoted(stderr: string): string {
  const line = stderr
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .at(-1);
  return line ? ` Its last words: ${line.slice(-300)}` : '';
}

/** sherpa-onnx answers a failed inference with an empty text and a line on its error output; silence is no answer. */
function silentFault(stderr: string): string | null {
  const at = stderr.indexOf('Caught exception');
  return at < 0 ? null : stderr.slice(at, at + 300).replace(/\s+/g, ' ');
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No such group: it has ended already, or the system has no process groups.
    child.kill('SIGKILL');
  }
}

/** In the bundle the child stands beside the program; in the source tree it is this folder's child.ts. */
function childEntry(): string {
  const names = ['inference-child.js', 'inference-child.mjs', 'child.ts'];
  const paths = names.map((name) => fileURLToPath(new URL(name, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined)
    throw new EarwitnessError('internal', paths[0]!, 'The inference child is missing from this installation.');
  return found;
}

/** TypeScript sources run through tsx, found from here and not from the working directory. */
function tsxLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
