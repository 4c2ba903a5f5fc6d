import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Where the programs of PostgreSQL lie; null where there are none. Debian keeps them off the path. */
export function postgresPrograms(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))) ?? null;
}

/** A PostgreSQL of the test's own, to be stopped and started again. */
export class OwnPostgres {
  readonly url: string;
  readonly #programs: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #user: { uid?: number; gid?: number };
  #process: ChildProcess | null = null;

  private constructor(programs: string, folder: string, port: number, user: { uid?: number; gid?: number }) {
    this.#programs = programs;
    this.#folder = folder;
    this.#port = port;
    this.#user = user;
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  }

  static async start(programs: string): Promise<OwnPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'earwitness-postgres-'));
    // PostgreSQL refuses to run as root.
    const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
    const initdb = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    execFileSync(join(programs, 'initdb'), initdb, { ...user, cwd: folder, stdio: 'ignore' });
    const own = new OwnPostgres(programs, folder, await freePort(), user);
    await own.run();
    return own;
  }

  /** Starts it, again with the data that it had, and waits until it answers. */
  async run(): Promise<void> {
    const place = ['-D', join(this.#folder, 'data'), '-p', String(this.#port), '-k', this.#folder];
    const options = { ...this.#user, cwd: this.#folder, stdio: 'ignore' } as const;
    this.#process = spawn(join(this.#programs, 'postgres'), [...place, '-h', '127.0.0.1'], options);
    while (!(await this.#answers())) await sleep(50);
  }

  /** As `pg_ctl stop -m immediate`: every connection is cut, what was not committed is gone, the log is replayed at the next start. */
  async stopImmediately(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGQUIT');
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.stopImmediately();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    if (this.#process?.exitCode !== null) throw new Error('PostgreSQL did not start.');
    const client = new pg.Client(this.url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
