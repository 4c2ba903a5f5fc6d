import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TOOL = 'ffmpeg';

/** The system's ffmpeg with the flite voices: the generator of compressed files and of speech with known words. */
export const haveFfmpeg = (() => {
  try {
    return execFileSync(TOOL, ['-hide_banner', '-filters'], { encoding: 'utf8' }).includes(' flite ');
  } catch {
    return false;
  }
})();

/** A temporary folder with a way to write into it; the caller removes it after its tests. */
export function soundFolder(): { path: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'earwitness-audio-'));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function ffmpeg(...args: string[]): void {
  execFileSync(TOOL, ['-nostdin', '-hide_banner', '-v', 'error', '-y', ...args]);
}

/** Speech of a synthetic voice, 16 kHz mono. */
export function speech(text: string, voice: 'slt' | 'kal' = 'slt'): Float32Array {
  const raw = execFileSync(TOOL, [
    ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', `flite=text='${text.replace(/[':,\\]/g, ' ')}':voice=${voice}`],
    ...['-ar', '16000', '-f', 'f32le', '-'],
  ]);
  return new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
}

export function tone(hertz: number, seconds: number, amplitude = 0.5, rate = 16_000): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, at) => amplitude * Math.sin((2 * Math.PI * hertz * at) / rate),
  );
}

export function silence(seconds: number, rate = 16_000): Float32Array {
  return new Float32Array(Math.round(seconds * rate));
}

/** White noise from a small generator with a fixed seed. */
export function noise(seconds: number, amplitude: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: Math.round(seconds * 16_000) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return amplitude * (state / 2 ** 31 - 1);
  });
}

export function scaled(samples: Float32Array, gain: number): Float32Array {
  return samples.map((sample) => sample * gain);
}

export function joined(...parts: Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Sums signals of any length. */
export function mixed(...parts: Float32Array[]): Float32Array {
  const out = new Float32Array(Math.max(...parts.map((part) => part.length)));
  for (const part of parts) for (let at = 0; at < part.length; at++) out[at]! += part[at]!;
  return out;
}

/** 16-bit PCM samples of equally long channels, interleaved. */
export function pcm16(...channels: Float32Array[]): Buffer {
  const frames = Math.max(...channels.map((channel) => channel.length));
  const buffer = Buffer.alloc(frames * channels.length * 2);
  for (let frame = 0, at = 0; frame < frames; frame++) {
    for (const channel of channels) {
      const sample = Math.max(-1, Math.min(1, channel[frame] ?? 0));
      at = buffer.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), at);
    }
  }
  return buffer;
}

export function chunk(id: string, body: Buffer, size = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body]);
}

export function format(
  fields: { tag?: number; channels?: number; rate?: number; bits?: number },
  extra = Buffer.alloc(0),
): Buffer {
  const { tag = 1, channels = 1, rate = 16_000, bits = 16 } = fields;
  const body = Buffer.alloc(16);
  body.writeUInt16LE(tag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rate, 4);
  body.writeUInt32LE((rate * channels * bits) / 8, 8);
  body.writeUInt16LE((channels * bits) / 8, 12);
  body.writeUInt16LE(bits, 14);
  return chunk('fmt ', Buffer.concat([body, extra]));
}

/** A RIFF file of these chunks; `size` overrides the length that its header states. */
export function riff(chunks: Buffer[], size?: number): Buffer {
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  return chunk('RIFF', body, size ?? body.length);
}

/** Writes a 16-bit WAV file with one channel per array. */
export function writeWav(path: string, channels: Float32Array[], rate = 16_000): string {
  writeFileSync(path, riff([format({ channels: channels.length, rate }), chunk('data', pcm16(...channels))]));
  return path;
}

export function readBytes(path: string): Buffer {
  return readFileSync(path);
}

/** Energy of the difference relative to `reference`, in dB; the lengths may differ by a few samples. */
export function differenceDb(reference: Float32Array, other: Float32Array): number {
  let energy = 0;
  let difference = 0;
  for (let at = 0; at < Math.min(reference.length, other.length); at++) {
    energy += reference[at]! ** 2;
    difference += (reference[at]! - other[at]!) ** 2;
  }
  return 10 * Math.log10(difference / energy);
}
