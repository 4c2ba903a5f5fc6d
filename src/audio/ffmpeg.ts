import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { EarwitnessError } from '../session/index.ts';
import type { SoundKind } from './sniff.ts';
import { demuxers } from './sniff.ts';
import { type Block, SAMPLE_RATE } from './types.ts';

/** The two programs of one ffmpeg installation. */
export interface Ffmpeg {
  ffmpeg: string;
  ffprobe: string;
}

/** No output for so long while we wait for some: the decoder hangs. */
const STALL_MS = 60_000;
const QUEUE_BYTES = 1024 * 1024;
const STDERR_CHARACTERS = 4096;
const PROBE_BYTES = 1024 * 1024;

/**
 * Finds ffmpeg and ffprobe: where EARWITNESS_FFMPEG points, else on the PATH; null when there are none or the variable
 * says `none`. Throws `ffmpeg-missing` when the variable names something that cannot be run.
 */
export function findFfmpeg(path: string): Ffmpeg | null {
  const wish = process.env.EARWITNESS_FFMPEG?.trim() ?? '';
  if (wish === 'none') return null;
  if (wish !== '') {
    const found = isRunnable(wish) ? pair(dirname(resolve(wish)), wish) : null;
    if (found) return found;
    throw new EarwitnessError(
      'ffmpeg-missing',
      path,
      'EARWITNESS_FFMPEG does not name an ffmpeg that can be run with an ffprobe beside it.',
      'Set it to the full path of ffmpeg, to "none", or remove it to search the PATH.',
    );
  }
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const found = folder === '' ? null : pair(folder);
    if (found) return found;
  }
  return null;
}

const suffix = process.platform === 'win32' ? '.exe' : '';

function pair(folder: string, ffmpeg = join(folder, `ffmpeg${suffix}`)): Ffmpeg | null {
  const ffprobe = join(folder, `ffprobe${suffix}`);
  return isRunnable(ffmpeg) && isRunnable(ffprobe) ? { ffmpeg, ffprobe } : null;
}

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Only local bytes of the one file, read by the demuxer that its content calls for. */
function inputArguments(path: string, kind: SoundKind): string[] {
  const rate = kind === 'gsm' ? ['-sample_rate', '8000'] : [];
  return ['-protocol_whitelist', 'file,pipe', '-f', demuxers[kind], ...rate, '-i', `file:${resolve(path)}`];
}

export interface FfprobeResult {
  codec: string;
  sampleRate: number;
  channels: number;
  /** Null where the container states none. */
  durationMs: number | null;
}

/** Asks ffprobe for the first audio stream; null when the file holds none. Throws `audio-decode-failed`. */
export async function ffprobe(
  tools: Ffmpeg,
  path: string,
  kind: SoundKind,
  signal?: AbortSignal,
): Promise<FfprobeResult | null> {
  const child = new Child(
    tools.ffprobe,
    [
      ...['-v', 'error', '-hide_banner', '-select_streams', 'a:0', '-of', 'json'],
      ...['-show_entries', 'stream=codec_name,sample_rate,channels,duration:format=duration'],
      ...inputArguments(path, kind),
    ],
    path,
    signal,
  );
  let json = '';
  for await (const chunk of child.output()) {
    json += chunk.toString('utf8');
    if (json.length > PROBE_BYTES) break;
  }
  const failure = await child.end();
  if (failure !== null) throw decodeFailed(path, failure);
  const answer = JSON.parse(json) as {
    streams?: { codec_name?: string; sample_rate?: string; channels?: number; duration?: string }[];
    format?: { duration?: string };
  };
  const stream = answer.streams?.[0];
  if (!stream) return null;
  const seconds = Number(stream.duration ?? answer.format?.duration ?? Number.NaN);
  return {
    codec: stream.codec_name ?? 'unknown',
    sampleRate: Number(stream.sample_rate ?? 0),
    channels: stream.channels ?? 0,
    durationMs: Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : null,
  };
}

/**
 * Decodes the first audio stream at 16 kHz with its channels kept apart. The consumer's pace holds ffmpeg back through
 * the pipe. When ffmpeg fails after giving some sound, that sound stands and `onBroken` hears why.
 */
export async function* decodeWithFfmpeg(
  tools: Ffmpeg,
  input: { path: string; kind: SoundKind; channels: number; signal?: AbortSignal | undefined },
  onBroken: (reason: string) => void,
): AsyncGenerator<Block> {
  const child = new Child(
    tools.ffmpeg,
    [
      ...['-nostdin', '-hide_banner', '-v', 'error', ...inputArguments(input.path, input.kind)],
      ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-ac', String(input.channels), '-ar', String(SAMPLE_RATE)],
      ...['-f', 's16le', 'pipe:1'],
    ],
    input.path,
    input.signal,
  );
  let sounded = false;
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of child.output()) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const frames = Math.floor(bytes.length / (2 * input.channels));
      rest = bytes.subarray(frames * 2 * input.channels);
      if (frames === 0) continue;
      sounded = true;
      yield deinterleave(bytes, frames, input.channels);
    }
    const failure = await child.end();
    if (failure === null) return;
    if (!sounded) throw decodeFailed(input.path, failure);
    onBroken(failure);
  } finally {
    await child.kill();
  }
}

function deinterleave(bytes: Buffer, frames: number, channels: number): Block {
  const block = Array.from({ length: channels }, () => new Float32Array(frames));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let channel = 0; channel < channels; channel++) {
    const out = block[channel]!;
    for (let frame = 0, at = channel * 2; frame < frames; frame++, at += channels * 2) {
      out[frame] = view.getInt16(at, true) / 0x8000;
    }
  }
  return block;
}

function decodeFailed(path: string, reason: string): EarwitnessError {
  return new EarwitnessError(
    'audio-decode-failed',
    path,
    `ffmpeg could not decode this recording: ${reason}`,
    'Play the file to see whether it is damaged, then export it again.',
  );
}

/** A child process that is always ended: by itself, on abort, on a stall, or when the reader walks away. */
class Child {
  readonly #process: ChildProcess;
  readonly #path: string;
  readonly #signal: AbortSignal | undefined;
  readonly #closed: Promise<number | null>;
  #stderr = '';
  #stalled = false;
  #startError: Error | null = null;

  constructor(program: string, args: string[], path: string, signal: AbortSignal | undefined) {
    this.#path = path;
    this.#signal = signal;
    signal?.throwIfAborted();
    this.#process = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_CHARACTERS);
    });
    this.#closed = new Promise((done) => {
      this.#process.once('error', (error) => {
        this.#startError = error;
        done(null);
      });
      this.#process.once('close', (code) => done(code));
    });
    signal?.addEventListener('abort', this.#stop);
  }

  readonly #stop = (): void => {
    this.#process.kill('SIGKILL');
  };

  /** What the child writes; ends early when it stalls. The pipe is paused while more than `QUEUE_BYTES` wait here. */
  async *output(): AsyncGenerator<Buffer> {
    const stdout = this.#process.stdout as Readable;
    const queue: Buffer[] = [];
    let waiting = 0;
    let ended = false;
    let wake = () => {};
    stdout.on('data', (chunk: Buffer) => {
      queue.push(chunk);
      waiting += chunk.length;
      if (waiting > QUEUE_BYTES) stdout.pause();
      wake();
    });
    void this.#closed.then(() => {
      ended = true;
      wake();
    });
    for (;;) {
      this.#signal?.throwIfAborted();
      const chunk = queue.shift();
      if (chunk) {
        waiting -= chunk.length;
        if (waiting <= QUEUE_BYTES / 2) stdout.resume();
        yield chunk;
      } else if (ended) return;
      else await this.#wakened((resolve) => (wake = resolve));
    }
  }

  /** Waits for something to happen, and ends the child when nothing does. */
  async #wakened(onWake: (resolve: () => void) => void): Promise<void> {
    const timer = setTimeout(() => {
      this.#stalled = true;
      this.#stop();
    }, STALL_MS);
    await new Promise<void>(onWake).finally(() => clearTimeout(timer));
  }

  /** Waits for the end; null when all went well, else the last thing the child said. Throws the abort reason. */
  async end(): Promise<string | null> {
    const code = await this.#closed;
    this.#signal?.removeEventListener('abort', this.#stop);
    this.#signal?.throwIfAborted();
    if (this.#startError) return this.#startError.message;
    if (this.#stalled) return `no output for ${STALL_MS / 1000} seconds`;
    return code === 0 ? null : this.#lastWords();
  }

  async kill(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#stop();
    // A paused pipe would never be seen to close.
    this.#process.stdout?.destroy();
    await this.#closed;
  }

  /** The last line of stderr, without ffmpeg's memory addresses and without the path (the problem carries it). */
  #lastWords(): string {
    const line = this.#stderr.trim().split('\n').at(-1) ?? '';
    const words = line.replace(/\[[^\]]* @ 0x[0-9a-f]+\] */g, '').replaceAll(`file:${resolve(this.#path)}: `, '');
    return words === '' ? 'it gave no reason' : words;
  }
}
