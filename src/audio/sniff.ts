/** Kinds of sound files this room knows, each with the name of ffmpeg's demuxer for it. */
export const demuxers = {
  wav: 'wav',
  w64: 'w64',
  mp3: 'mp3',
  flac: 'flac',
  ogg: 'ogg',
  mp4: 'mov',
  amr: 'amr',
  gsm: 'gsm',
  aac: 'aac',
  aiff: 'aiff',
  au: 'au',
  caf: 'caf',
  asf: 'asf',
  matroska: 'matroska',
} as const;

export type SoundKind = keyof typeof demuxers;

/** How many leading bytes `sniffSound` wants to see. */
export const SNIFF_BYTES = 64 * 1024;

const GSM_FRAME_BYTES = 33;
const GSM_MAGIC_NIBBLE = 0xd;

/**
 * Tells the kind of a sound file from its first bytes, or null when it is none. Naming the demuxer to ffmpeg, rather
 * than letting it guess, keeps hostile files (playlists, scripts) from ever reaching a parser that opens other files.
 */
export function sniffSound(head: Uint8Array): SoundKind | null {
  const at = (offset: number, length: number) => latin1(head, offset, length);
  const first = at(0, 4);
  if ((first === 'RIFF' || first === 'RF64' || first === 'BW64') && at(8, 4) === 'WAVE') return 'wav';
  if (first === 'riff' && at(24, 4) === 'wave') return 'w64';
  if (first === 'fLaC') return 'flac';
  if (first === 'OggS') return 'ogg';
  if (at(0, 5) === '#!AMR') return 'amr';
  if (first === 'FORM' && at(8, 3) === 'AIF') return 'aiff';
  if (first === '.snd') return 'au';
  if (first === 'caff') return 'caf';
  if (['ftyp', 'moov', 'mdat', 'free', 'wide', 'skip'].includes(at(4, 4))) return 'mp4';
  if (first === '\x30\x26\xb2\x75') return 'asf';
  if (first === '\x1a\x45\xdf\xa3') return 'matroska';
  if (at(0, 3) === 'ID3') return behindId3(head);
  return sniffFrames(head);
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

/** An ID3 tag may stand before mp3, aac or flac; one longer than what we see is nearly always mp3. */
function behindId3(head: Uint8Array): SoundKind {
  const end = id3Bytes(head);
  return end < head.length - 4 ? (sniffSound(head.subarray(end)) ?? 'mp3') : 'mp3';
}

/** Length of the ID3v2 tag at the start, 0 when there is none. Its size is written in 7-bit bytes (ID3v2.4 §6.2). */
export function id3Bytes(head: Uint8Array): number {
  if (head.length < 10 || latin1(head, 0, 3) !== 'ID3') return 0;
  const size = (head[6]! << 21) | (head[7]! << 14) | (head[8]! << 7) | head[9]!;
  return 10 + size + (head[5]! & 0x10 ? 10 : 0);
}

/** Kinds without a signature: told by several frames in a row that fit together. */
function sniffFrames(head: Uint8Array): SoundKind | null {
  if (isGsm(head)) return 'gsm';
  if (isAdts(head)) return 'aac';
  // Some recorders leave zeros or a broken frame before the first whole one.
  for (let offset = 0; offset < Math.min(head.length - 4, 4096); offset++) {
    if (head[offset] !== 0xff) continue;
    const frame = mpegFrame(head, offset);
    if (!frame) continue;
    const next = mpegFrame(head, offset + frame.bytes);
    if (next ? next.sampleRate === frame.sampleRate : offset === 0 && frame.bytes === head.length) return 'mp3';
  }
  return null;
}

function isGsm(head: Uint8Array): boolean {
  const frames = Math.min(Math.floor(head.length / GSM_FRAME_BYTES), 50);
  if (frames < 4) return false;
  for (let frame = 0; frame < frames; frame++) {
    if (head[frame * GSM_FRAME_BYTES]! >> 4 !== GSM_MAGIC_NIBBLE) return false;
  }
  // Text in which every 33rd byte is 0xD… exists (repeated Cyrillic lines): GSM frames are not valid UTF-8.
  return !isText(head.subarray(0, frames * GSM_FRAME_BYTES));
}

function isText(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes);
  return !text.slice(0, -1).includes('\ufffd');
}

function isAdts(head: Uint8Array): boolean {
  let offset = 0;
  for (let frame = 0; frame < 3; frame++) {
    if (offset === head.length && frame > 0) return true;
    if (head.length < offset + 7 || head[offset] !== 0xff || (head[offset + 1]! & 0xf6) !== 0xf0) return false;
    const bytes = ((head[offset + 3]! & 3) << 11) | (head[offset + 4]! << 3) | (head[offset + 5]! >> 5);
    if (bytes < 7) return false;
    offset += bytes;
  }
  return true;
}

const bitratesV1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const bitratesV2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const mpegRates = [44_100, 48_000, 32_000];

export interface MpegFrame {
  bytes: number;
  sampleRate: number;
  channels: number;
  /** Per channel. */
  samples: number;
  /** Where a Xing/Info header would stand, counted from the frame's start. */
  sideInfoEnd: number;
}

/** The MPEG layer III frame header at `offset` (ISO 11172-3 §2.4.1.3, ISO 13818-3), or null when none is there. */
export function mpegFrame(bytes: Uint8Array, offset: number): MpegFrame | null {
  if (offset + 4 > bytes.length || bytes[offset] !== 0xff) return null;
  const second = bytes[offset + 1]!;
  const third = bytes[offset + 2]!;
  const version = (second >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  if ((second & 0xe0) !== 0xe0 || version === 1 || ((second >> 1) & 3) !== 1) return null;
  const rate = mpegRates[(third >> 2) & 3];
  const bitrate = (version === 3 ? bitratesV1 : bitratesV2)[third >> 4];
  if (!rate || !bitrate) return null;
  const sampleRate = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  const samples = version === 3 ? 1152 : 576;
  const channels = bytes[offset + 3]! >> 6 === 3 ? 1 : 2;
  const sideInfo = version === 3 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const length = Math.floor((samples * bitrate * 125) / sampleRate) + ((third >> 1) & 1);
  return { bytes: length, sampleRate, channels, samples, sideInfoEnd: 4 + sideInfo };
}
