import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How the command line is started: as built, or from source. */
export function earwitness(built: boolean): string[] {
  return built
    ? [process.execPath, join(root, 'bin', 'earwitness.mjs')]
    : [process.execPath, '--import', import.meta.resolve('tsx'), join(root, 'src', 'cli', 'main.ts')];
}

export interface Started {
  process: ChildProcess;
  /** Everything on its standard output, and the end of its error output. */
  output(): string;
  ended: Promise<void>;
}

/** Starts a program and waits until its output shows `ready`. */
export async function start(
  command: readonly string[],
  { env = {}, ready, limitMs = 60_000 }: { env?: NodeJS.ProcessEnv; ready: RegExp; limitMs?: number },
): Promise<Started> {
  const [program, ...args] = command;
  const child = spawn(program!, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const note = (text: string) => {
    output = (output + text).slice(-100_000);
  };
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = performance.now() + limitMs;
  while (!ready.test(output)) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > end) {
      child.kill('SIGKILL');
      throw new Error(`${args.at(-1)} did not start:\n${output.slice(-2_000)}`);
    }
    await sleep(20);
  }
  return { process: child, output: () => output, ended };
}

export async function kill({ process, ended }: Started, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  process.kill(signal);
  await ended;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** A Redis server of one's own, whose data lie in `dir`. */
export async function startRedis(port: number, dir: string, ...more: string[]): Promise<Started> {
  const command = ['redis-server', '--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const started = await start([...command, '--appendonly', 'yes', '--appendfsync', 'everysec', ...more], {
    ready: /Ready to accept connections/,
  });
  return started;
}

export interface Proc {
  pid: number;
  parent: number;
  command: string;
  rssBytes: number;
}

/** Every process below `pid`, nearest first. */
export function below(pid: number): Proc[] {
  const all = processes();
  const found: Proc[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return found;
}

/** Memory of a process with all below it. */
export function treeRss(pid: number): number {
  const own = processes().find((one) => one.pid === pid)?.rssBytes ?? 0;
  return below(pid).reduce((sum, { rssBytes }) => sum + rssBytes, own);
}

/**
 * Memory of a process with all below it, what several share divided among them (Linux: proportional set size). Null where the
 * system does not tell.
 */
export function treePss(pid: number): number | null {
  let sum = 0;
  for (const one of [pid, ...below(pid).map((child) => child.pid)])
    try {
      const kb = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1];
      sum += Number(kb ?? 0) * 1024;
    } catch {
      // It ended while the list was read, or there is no such file.
    }
  return sum > 0 ? sum : null;
}

function processes(): Proc[] {
  if (!existsSync('/proc/self/stat')) return fromPs();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(fields[1]), command, rssBytes: Number(fields[21]) * 4096 }];
      } catch {
        // It ended while the list was read.
        return [];
      }
    });
}

function fromPs(): Proc[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,rss=,command='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, rss, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid ? [{ pid: Number(pid), parent: Number(parent), command: command!, rssBytes: Number(rss) * 1024 }] : [];
  });
}
