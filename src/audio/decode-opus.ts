import type { FileHandle } from 'node:fs/promises';
import { readChunks } from './decode-mpeg.ts';
import type { AudioProbe, Block } from './types.ts';

/** Opus in Ogg always counts time at 48 kHz (RFC 7845 §4). */
const OPUS_RATE = 48_000;
const PAGE_BYTES = 65_307;

/** Channels and length of an Ogg/Opus file; null when the Ogg file carries another codec. */
export async function probeOpus(file: FileHandle, fileBytes: number): Promise<AudioProbe | null> {
  const head = Buffer.alloc(Math.min(512, fileBytes));
  await file.read(head, 0, head.length, 0);
  const at = head.indexOf('OpusHead', 0, 'latin1');
  if (at < 0 || at + 12 > head.length || head[at + 9] === 0) return null;
  const tail = Buffer.alloc(Math.min(PAGE_BYTES, fileBytes));
  await file.read(tail, 0, tail.length, fileBytes - tail.length);
  const lastPage = tail.lastIndexOf('OggS', undefined, 'latin1');
  const granule = lastPage >= 0 && lastPage + 14 <= tail.length ? Number(tail.readBigInt64LE(lastPage + 6)) : 0;
  const samples = Math.max(0, granule - head.readUInt16LE(at + 10));
  return {
    container: 'ogg',
    codec: 'opus',
    sampleRate: OPUS_RATE,
    channels: head[at + 9]!,
    durationMs: Math.round((samples / OPUS_RATE) * 1000),
  };
}

/** Decodes Ogg/Opus at 48 kHz with the WebAssembly build of libopus; `onBroken` hears of damaged packets. */
export async function* decodeOpus(file: FileHandle, onBroken: (reason: string) => void): AsyncGenerator<Block> {
  const { OggOpusDecoder } = await import('ogg-opus-decoder');
  const decoder = new OggOpusDecoder();
  await decoder.ready;
  try {
    for await (const chunk of readChunks(file, 16 * 1024)) {
      // Declared as synchronous, but a promise comes back.
      const decoded = await Promise.resolve(decoder.decode(chunk));
      if (decoded.errors.length > 0) onBroken(decoded.errors[0]!.message);
      if (decoded.samplesDecoded > 0) yield decoded.channelData;
    }
    const rest = await decoder.flush();
    if (rest.samplesDecoded > 0) yield rest.channelData;
  } finally {
    decoder.free();
  }
}
