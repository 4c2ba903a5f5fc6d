import type { FileHandle } from 'node:fs/promises';
import { SNIFF_BYTES, id3Bytes, mpegFrame } from './sniff.ts';
import type { AudioProbe, Block } from './types.ts';

const READ_BYTES = 64 * 1024;

/** Walks the frames of an mp3 file for its length; null when it has none. Reads the file once, in small pieces. */
export async function probeMpeg(file: FileHandle): Promise<AudioProbe | null> {
  let probe: Omit<AudioProbe, 'durationMs'> | null = null;
  let samples = 0;
  let buffer = Buffer.alloc(0);
  let skip = -1;
  for await (const chunk of readChunks(file)) {
    buffer = Buffer.concat([buffer, chunk]);
    if (skip < 0) skip = id3Bytes(buffer.subarray(0, SNIFF_BYTES));
    let at = Math.min(skip, buffer.length);
    skip -= at;
    while (skip === 0 && at + 4 <= buffer.length) {
      const frame = mpegFrame(buffer, at);
      if (!frame || (probe && frame.sampleRate !== probe.sampleRate)) {
        at++;
        continue;
      }
      if (at + frame.bytes > buffer.length) break;
      if (probe) samples += frame.samples;
      else {
        probe = { container: 'mp3', codec: 'mp3', sampleRate: frame.sampleRate, channels: frame.channels };
        const tag = buffer.toString('latin1', at + frame.sideInfoEnd, at + frame.sideInfoEnd + 4);
        if (tag !== 'Xing' && tag !== 'Info') samples += frame.samples;
      }
      at += frame.bytes;
    }
    buffer = buffer.subarray(at);
  }
  return probe && { ...probe, durationMs: Math.round((samples / probe.sampleRate) * 1000) };
}

/**
 * What the first frame of an mp3 file says of itself and of the whole (Xing/Info header: flags, then the number of
 * frames); null when it states no length or lies beyond `head`.
 */
export function statedMpeg(head: Buffer): AudioProbe | null {
  const start = id3Bytes(head);
  for (let at = start; at < Math.min(head.length - 4, start + 4096); at++) {
    const frame = mpegFrame(head, at);
    if (!frame) continue;
    const tag = at + frame.sideInfoEnd;
    const name = head.toString('latin1', tag, tag + 4);
    if ((name !== 'Xing' && name !== 'Info') || tag + 12 > head.length || !(head.readUInt32BE(tag + 4) & 1))
      return null;
    const { sampleRate, channels } = frame;
    const durationMs = Math.round((head.readUInt32BE(tag + 8) * frame.samples * 1000) / sampleRate);
    return { container: 'mp3', codec: 'mp3', sampleRate, channels, durationMs };
  }
  return null;
}

/** Decodes an mp3 file at its own rate with the WebAssembly build of mpg123; `onBroken` hears of damaged frames. */
export async function* decodeMpeg(
  file: FileHandle,
  channels: number,
  onBroken: (reason: string) => void,
): AsyncGenerator<Block> {
  const { MPEGDecoder } = await import('mpg123-decoder');
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    let sounded = false;
    for await (const chunk of readChunks(file)) {
      const { channelData, samplesDecoded, errors } = decoder.decode(chunk);
      if (errors.length > 0 && sounded) onBroken(errors[0]!.message);
      if (samplesDecoded === 0) continue;
      sounded = true;
      // The decoder answers mono on two equal channels.
      yield Array.from({ length: channels }, (_, index) => channelData[Math.min(index, channelData.length - 1)]!);
    }
  } finally {
    decoder.free();
  }
}

/** The file's bytes from its start; each piece is the receiver's own. */
export async function* readChunks(file: FileHandle, bytes = READ_BYTES): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
