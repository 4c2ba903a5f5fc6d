import type { FileHandle } from 'node:fs/promises';
import { EarwitnessError } from '../session/index.ts';

/** Where the samples of a WAV file lie and how they are written. */
export interface WavLayout {
  /** ffmpeg's codec name; `wav-0x….` for format tags this room has no name for. */
  codec: string;
  formatTag: number;
  sampleRate: number;
  channels: number;
  bitsPerSample: number;
  /** Bytes of one sample of all channels together. */
  blockAlign: number;
  bytesPerSecond: number;
  dataStart: number;
  /** Bytes of samples that are really in the file. */
  dataBytes: number;
  /** Bytes that the header promises beyond the end of the file; 0 for streaming writers that never knew the length. */
  missingBytes: number;
  /** The header bends the rules (no length, unpadded chunk): ffmpeg and others may read it differently. */
  irregular: boolean;
}

const codecsByTag: Record<number, string> = {
  0x02: 'adpcm_ms',
  0x06: 'pcm_alaw',
  0x07: 'pcm_mulaw',
  0x11: 'adpcm_ima_wav',
  0x31: 'gsm_ms',
  0x45: 'adpcm_g726',
  0x50: 'mp2',
  0x55: 'mp3',
  0xff: 'aac',
};
const MAX_CHUNKS = 4096;
/** Sizes from here on that reach beyond the file are a streaming writer's “unknown” (sox 0x7ffff000, others 0xffffffff). */
const UNKNOWN_SIZE = 0x7fff_0000;

interface Chunk {
  id: string;
  size: number;
  start: number;
}

/**
 * Reads the header of a RIFF/RF64 WAVE file chunk by chunk, however long it is, without loading any chunk but `fmt `.
 * Throws `audio-decode-failed` when there is no usable `fmt ` and `audio-no-samples` when there is no sample data.
 */
export async function readWavLayout(file: FileHandle, fileBytes: number, path: string): Promise<WavLayout> {
  const scan = await scanChunks(file, fileBytes);
  if (!scan.format) {
    throw new EarwitnessError(
      'audio-decode-failed',
      path,
      'This WAV file has no format chunk before its samples.',
      'Export the recording again; its header is damaged.',
    );
  }
  const noSamples = new EarwitnessError(
    'audio-no-samples',
    path,
    'This WAV file has a header but no sound in it.',
    'Check the recorder: the call may not have been connected, or the export broke off.',
  );
  if (!scan.data) throw noSamples;
  const format = parseFormat(scan.format, path);
  const length = dataLength(scan.data, scan, fileBytes);
  const dataBytes = length.bytes - (length.bytes % format.blockAlign);
  if (dataBytes === 0) throw noSamples;
  return {
    ...format,
    dataStart: scan.data.start,
    dataBytes,
    missingBytes: length.missing,
    irregular: scan.irregular || length.irregular,
  };
}

interface Scan {
  format: Buffer | null;
  data: Chunk | null;
  riffBytes: number;
  /** From an RF64 file's `ds64` chunk. */
  dataBytes64: number | null;
  irregular: boolean;
}

async function scanChunks(file: FileHandle, fileBytes: number): Promise<Scan> {
  const riff = await readAt(file, 0, 12);
  const scan: Scan = { format: null, data: null, riffBytes: riff.readUInt32LE(4), dataBytes64: null, irregular: false };
  let offset = 12;
  for (let count = 0; count < MAX_CHUNKS && offset + 8 <= fileBytes; count++) {
    const head = await readAt(file, offset, 8);
    const chunk = { id: head.toString('latin1', 0, 4), size: head.readUInt32LE(4), start: offset + 8 };
    if (chunk.id === 'fmt ') scan.format = await readAt(file, chunk.start, Math.min(chunk.size, 64));
    if (chunk.id === 'ds64') {
      const sizes = await readAt(file, chunk.start, Math.min(chunk.size, 24));
      if (sizes.length >= 16) scan.dataBytes64 = Number(sizes.readBigUInt64LE(8));
    }
    if (chunk.id === 'data') {
      scan.data = chunk;
      break;
    }
    const next = chunk.start + chunk.size;
    // Chunks are padded to an even length, but some recorders forget the padding.
    if (chunk.size % 2 === 1) {
      const unpadded = !(await isChunkId(file, next + 1)) && (await isChunkId(file, next));
      scan.irregular ||= unpadded;
      offset = unpadded ? next : next + 1;
    } else offset = next;
  }
  return scan;
}

async function isChunkId(file: FileHandle, offset: number): Promise<boolean> {
  const id = await readAt(file, offset, 4);
  return id.length === 4 && id.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** Up to `length` bytes from `offset`; shorter at the end of the file. */
async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

type Format = Omit<WavLayout, 'dataStart' | 'dataBytes' | 'missingBytes' | 'irregular'>;

function parseFormat(format: Buffer, path: string): Format {
  const damaged = (what: string) =>
    new EarwitnessError(
      'audio-decode-failed',
      path,
      `The WAV header is damaged: ${what}.`,
      'Export the recording again.',
    );
  if (format.length < 16) throw damaged('its format chunk is too short');
  let formatTag = format.readUInt16LE(0);
  // WAVE_FORMAT_EXTENSIBLE: the real tag opens the sub-format GUID.
  if (formatTag === 0xfffe && format.length >= 26) formatTag = format.readUInt16LE(24);
  const channels = format.readUInt16LE(2);
  const sampleRate = format.readUInt32LE(4);
  const bitsPerSample = format.readUInt16LE(14);
  const uncompressed = formatTag === 1 || formatTag === 3 || formatTag === 6 || formatTag === 7;
  const blockAlign = uncompressed ? channels * Math.ceil(bitsPerSample / 8) : Math.max(1, format.readUInt16LE(12));
  if (channels === 0 || channels > 64) throw damaged(`it names ${channels} channels`);
  if (sampleRate < 1000 || sampleRate > 768_000) throw damaged(`it names a sample rate of ${sampleRate} Hz`);
  if (blockAlign === 0) throw damaged(`it names ${bitsPerSample} bits per sample`);
  return {
    codec: codecName(formatTag, bitsPerSample),
    formatTag,
    sampleRate,
    channels,
    bitsPerSample,
    blockAlign,
    bytesPerSecond: uncompressed ? blockAlign * sampleRate : Math.max(1, format.readUInt32LE(8)),
  };
}

function codecName(tag: number, bits: number): string {
  if (tag === 1) return bits === 8 ? 'pcm_u8' : `pcm_s${Math.ceil(bits / 8) * 8}le`;
  if (tag === 3) return `pcm_f${bits}le`;
  return codecsByTag[tag] ?? `wav-0x${tag.toString(16)}`;
}

function dataLength(
  data: Chunk,
  scan: Scan,
  fileBytes: number,
): { bytes: number; missing: number; irregular: boolean } {
  const rest = Math.max(0, fileBytes - data.start);
  if (data.size === 0xffff_ffff && scan.dataBytes64 !== null && scan.dataBytes64 > 0) {
    return {
      bytes: Math.min(rest, scan.dataBytes64),
      missing: Math.max(0, scan.dataBytes64 - rest),
      irregular: scan.dataBytes64 > rest,
    };
  }
  if (data.size === 0) {
    // Either really empty (other chunks may follow inside the RIFF), or a streaming writer that never came back.
    const closed = rest > 0 && scan.riffBytes + 8 >= fileBytes && scan.riffBytes < UNKNOWN_SIZE;
    return { bytes: closed ? 0 : rest, missing: 0, irregular: true };
  }
  if (data.size <= rest) return { bytes: data.size, missing: 0, irregular: false };
  if (data.size >= UNKNOWN_SIZE) return { bytes: rest, missing: 0, irregular: true };
  return { bytes: rest, missing: data.size - rest, irregular: true };
}
