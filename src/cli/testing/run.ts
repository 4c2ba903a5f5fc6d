import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  cwd?: string;
  /** Called with everything written to standard error so far; `stop` sends Ctrl-C. */
  onStderr?: (soFar: string, stop: () => void) => void;
}

/** Runs the command line from source in a process of its own, as a user's shell would. */
export function run(args: readonly string[], { cwd = root, onStderr }: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
      cwd,
      env: { ...process.env, CI: 'true', NO_COLOR: '1', EARWITNESS_MODEL_HUB: 'http://127.0.0.1:9' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      onStderr?.(stderr, () => child.kill('SIGINT'));
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(out).toString('utf8'), stderr }));
  });
}

/** A mono or stereo 16-bit WAV of tones: [Hz or 0 for silence, ms] per channel. */
export function toneWav(channels: [number, number][][], rate = 16_000): Buffer {
  const frames = Math.max(...channels.map((parts) => parts.reduce((sum, [, ms]) => sum + (ms * rate) / 1000, 0)));
  const header = Buffer.alloc(44);
  const bytes = frames * channels.length * 2;
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels.length, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels.length * 2, 28);
  header.writeUInt16LE(channels.length * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  const data = Buffer.alloc(bytes);
  for (const [channel, parts] of channels.entries()) {
    let frame = 0;
    for (const [hz, ms] of parts)
      for (let i = 0; i < (ms * rate) / 1000; i++, frame++)
        data.writeInt16LE(
          Math.round(9000 * Math.sin((2 * Math.PI * hz * i) / rate)),
          (frame * channels.length + channel) * 2,
        );
  }
  return Buffer.concat([header, data]);
}
