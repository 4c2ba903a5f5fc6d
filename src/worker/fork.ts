import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EarwitnessError } from '../session/index.ts';

/** A forked program of this package, with a temporary folder of its own and everything that it starts in one group. */
export interface Forked {
  readonly process: ChildProcess;
  /** Its temporary folder, gone with it. */
  readonly dir: string;
  readonly alive: boolean;
  /** The last line on its error output; programs of this package write no words of sessions there. */
  lastWords(): string;
  /** How it ended: exit status or signal. Pending while it lives. */
  readonly ended: Promise<string>;
  /** Kills it with its group and waits until it and its temporary folder are gone. */
  end(): Promise<void>;
}

export interface ForkOptions {
  /** Name of the program in the bundle, without extension, and of its source beside `from`. */
  bundle: string;
  source: string;
  /** import.meta.url of the caller. */
  from: string;
  /** Another entry; for tests of what happens when it dies. */
  entry?: string | undefined;
  /** Limit of its JavaScript heap. */
  heapMb: number;
}

/** V8 by itself lets a heap grow to a multiple of what lives in it where the machine has room; a twentieth of the speed. */
const smallHeap = ['--max-semi-space-size=4', '--heap-growing-percent=30'];

/** Starts a program of this package, from the bundle or from the source tree. Binary data passes the channel as it is. */
export async function forkProgram(options: ForkOptions): Promise<Forked> {
  const entry = options.entry ?? entryOf(options);
  const dir = await mkdtemp(join(tmpdir(), `earwitness-${options.bundle}-`));
  const loader = entry.endsWith('.ts') ? ['--import', tsxLoader()] : [];
  const child = fork(entry, [], {
    // A group of its own: Ctrl-C reaches the parent alone, which lets running work end, and what the child starts dies with it.
    detached: true,
    env: { ...process.env, TMPDIR: dir },
    execArgv: [`--max-old-space-size=${options.heapMb}`, ...smallHeap, ...loader],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000);
  });
  let over = false;
  const kill = () => {
    over = true;
    killGroup(child);
  };
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit status ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  child.once('exit', kill);
  // A message that is under way when the child dies fails here; `ended` tells of the death.
  child.on('error', kill);
  return {
    process: child,
    dir,
    ended,
    get alive() {
      return !over && child.connected && child.exitCode === null && child.signalCode === null;
    },
    lastWords: () => lastLine(stderr),
    async end() {
      kill();
      await ended;
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Called in the child: ends it, with all that it started, when the parent is gone. */
export function endWithParent(): void {
  process.on('disconnect', () => {
    try {
      process.kill(-process.pid, 'SIGKILL');
    } finally {
      process.exit(1);
    }
  });
}

function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const fatal = lines.find((line) => line.startsWith('FATAL ERROR:'));
  return (fatal ?? lines.filter((line) => line !== '').at(-1) ?? '').slice(-300);
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

function entryOf({ bundle, source, from }: ForkOptions): string {
  const names = [`${bundle}.mjs`, `${bundle}.js`, source];
  const paths = names.map((name) => fileURLToPath(new URL(name, from)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined)
    throw new EarwitnessError('internal', paths[0]!, `The program ${bundle} is missing from this installation.`);
  return found;
}

/** TypeScript sources run through tsx, found from here and not from the working directory. */
function tsxLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
