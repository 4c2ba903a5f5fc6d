import type { FileHandle } from 'node:fs/promises';
import type { Block } from './types.ts';
import type { WavLayout } from './wav.ts';

const READ_BYTES = 256 * 1024;

/** Writes all samples of `bytes` (interleaved) as −1…1 into one array per channel. */
type Unpack = (bytes: Buffer, view: DataView, out: Block) => void;

/** True when this room reads the layout's codec without help: PCM 8–32 bit, float 32/64, µ-law, A-law. */
export function canReadWav(layout: WavLayout): boolean {
  return unpackerOf(layout) !== null;
}

/** Decodes a WAV file at its own rate, 256 KiB at a time. The layout must satisfy `canReadWav`. */
export async function* decodeWav(file: FileHandle, layout: WavLayout): AsyncGenerator<Block> {
  const unpack = unpackerOf(layout);
  if (!unpack) throw new Error(`no reader for ${layout.codec}`);
  const { blockAlign, channels } = layout;
  const step = Math.max(1, Math.floor(READ_BYTES / blockAlign)) * blockAlign;
  const buffer = Buffer.alloc(step);
  const end = layout.dataStart + layout.dataBytes;
  for (let at = layout.dataStart; at < end;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(step, end - at), at);
    const frames = Math.floor(bytesRead / blockAlign);
    if (frames === 0) return; // the file shrank while it was read
    const out = Array.from({ length: channels }, () => new Float32Array(frames));
    const bytes = buffer.subarray(0, frames * blockAlign);
    unpack(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), out);
    yield out;
    at += frames * blockAlign;
  }
}

function unpackerOf(layout: WavLayout): Unpack | null {
  switch (layout.codec) {
    case 'pcm_u8':
      return each(1, (bytes, _view, at) => (bytes[at]! - 128) / 128);
    case 'pcm_s16le':
      return each(2, (_bytes, view, at) => view.getInt16(at, true) / 0x8000);
    case 'pcm_s24le':
      return each(3, (bytes, view, at) => ((view.getInt16(at + 1, true) << 8) | bytes[at]!) / 0x80_0000);
    case 'pcm_s32le':
      return each(4, (_bytes, view, at) => view.getInt32(at, true) / 0x8000_0000);
    case 'pcm_f32le':
      return each(4, (_bytes, view, at) => view.getFloat32(at, true));
    case 'pcm_f64le':
      return each(8, (_bytes, view, at) => view.getFloat64(at, true));
    case 'pcm_mulaw':
      return layout.bitsPerSample === 8 ? each(1, (bytes, _view, at) => muLaw[bytes[at]!]!) : null;
    case 'pcm_alaw':
      return layout.bitsPerSample === 8 ? each(1, (bytes, _view, at) => aLaw[bytes[at]!]!) : null;
    default:
      return null;
  }
}

function each(width: number, sample: (bytes: Buffer, view: DataView, at: number) => number): Unpack {
  return (bytes, view, out) => {
    const frames = out[0]!.length;
    for (let frame = 0, at = 0; frame < frames; frame++) {
      for (const channel of out) {
        channel[frame] = sample(bytes, view, at);
        at += width;
      }
    }
  };
}

/** ITU-T G.711 µ-law: inverted bits, sign, 3-bit segment, 4-bit step, bias 33 (here ×4 for 16 bit). */
const muLaw = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80 ? -magnitude : magnitude) / 0x8000;
});

/** ITU-T G.711 A-law: even bits inverted, sign 1 is positive. */
const aLaw = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (bits & 0x80 ? magnitude : -magnitude) / 0x8000;
});
