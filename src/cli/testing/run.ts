import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** As built: the test run sees to it that it is up to date. */
export const program = fileURLToPath(new URL('../../../bin/earwitness.mjs', import.meta.url));

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** A command that starts the program in its stead, for another user for example. */
  through?: readonly string[];
  /** Called with everything written to standard output so far; `stop` sends Ctrl-C, once. */
  onStdout?: (soFar: string, stop: () => void) => void;
  /** The same for standard error. */
  onStderr?: (soFar: string, stop: () => void) => void;
}

/** Runs the command line in a process of its own, as a user's shell would. */
export function run(
  args: readonly string[],
  { cwd = root, env = {}, through = [], onStdout, onStderr }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const [first, ...rest] = [...through, process.execPath, program, ...args];
    const child = spawn(first!, rest, {
      cwd,
      env: { ...process.env, CI: 'true', NO_COLOR: '1', EARWITNESS_MODEL_HUB: 'http://127.0.0.1:9', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let stopped = false;
    const stop = () => {
      // A second Ctrl-C would end the program at once.
      if (!stopped) stopped = child.kill('SIGINT');
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      onStdout?.(stdout, stop);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      onStderr?.(stderr, stop);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
